import type { CommandFiles } from '../../command/api.ts'
import type { System } from '../../machine/system.ts'

/** The folder that the application is in; files there are known by their names alone. */
export const PROJECT = '/home/user/code/awesomeapp'
export const HOME = '/home/user'

/** Folders that exist without a file of the machine in them. */
const FOLDERS = [
  '/',
  '/dev',
  '/etc',
  '/etc/systemd',
  '/etc/systemd/system',
  '/home',
  HOME,
  '/home/user/code',
  PROJECT,
  '/opt',
  '/proc',
  '/root',
  '/run',
  '/srv',
  '/tmp',
  '/usr',
  '/usr/local/bin',
  '/var',
  '/var/log',
]

/** An absolute path, without `.`, `..` and doubled slashes. */
export function resolve(cwd: string, path: string): string {
  const parts: string[] = []
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

/** The name under which the machine knows the file at a path. */
export function fileKey(cwd: string, path: string): string {
  const full = resolve(cwd, path)
  return full.startsWith(`${PROJECT}/`) ? full.slice(PROJECT.length + 1) : full
}

/** Where a file of the machine is. */
function fullPath(key: string): string {
  return key.startsWith('/') ? key : `${PROJECT}/${key}`
}

/** Folders that were made in a shell: absolute paths. */
const made = new WeakMap<object, Set<string>>()

/** Makes a folder, and those above it. */
export function makeFolder(system: object, path: string): void {
  const own = made.get(system) ?? new Set<string>()
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) own.add(path.slice(0, end))
  made.set(system, own)
}

/** Forgets a folder that was made, and what is in it. */
export function forgetFolder(system: object, path: string): void {
  const own = made.get(system)
  for (const each of own ?? []) if (each === path || each.startsWith(`${path}/`)) own?.delete(each)
}

export function isFolder(system: Pick<System, 'listFiles'>, path: string): boolean {
  if (FOLDERS.includes(path) || made.get(system)?.has(path) === true) return true
  return system.listFiles().some((key) => fullPath(key).startsWith(`${path}/`))
}

/** What is in a folder: names, and whether each is a folder itself. */
export function entries(
  system: Pick<System, 'listFiles'>,
  folder: string,
): { name: string; folder: boolean }[] {
  const inside = folder === '/' ? '/' : `${folder}/`
  const found = new Map<string, boolean>()
  for (const path of [
    ...system.listFiles().map(fullPath),
    ...[...FOLDERS, ...(made.get(system) ?? [])].map((each) => `${each}/`),
  ]) {
    if (!path.startsWith(inside) || path.length === inside.length) continue
    const [name = '', ...rest] = path.slice(inside.length).split('/')
    if (name !== '') found.set(name, (found.get(name) ?? false) || rest.length > 0)
  }
  return [...found]
    .map(([name, isFolder]) => ({ name, folder: isFolder }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** The names that a pattern is matched with: what is in the folder, and one level below it. */
export function namesFrom(system: Pick<System, 'listFiles'>, cwd: string): string[] {
  const here = entries(system, cwd)
  const project = `${PROJECT}/`
  const files = system.listFiles().map(fullPath)
  const below = files.filter((path) => path.startsWith(`${cwd}/`)).map((path) => path.slice(cwd.length + 1))
  const absolute = files.filter((path) => !path.startsWith(project) || cwd !== PROJECT)
  return [...new Set([...here.map(({ name }) => name), ...below, ...absolute])]
}

/** The files as a command line sees them that is typed in this folder. */
export function filesFrom(system: Pick<System, 'listFiles' | 'readFile'>, cwd: string): CommandFiles {
  const read = (path: string): string | undefined => system.readFile(fileKey(cwd, path))
  const folder = (path: string): boolean => isFolder(system, resolve(cwd, path))
  return {
    exists: (path) => read(path) !== undefined || folder(path),
    read(path) {
      const text = read(path)
      return text === undefined ? { code: folder(path) ? 'EISDIR' : 'ENOENT' } : { text }
    },
  }
}
