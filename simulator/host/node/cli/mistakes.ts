import { existsSync, fstatSync } from 'node:fs'
import { join } from 'node:path'
import type { Bind, Settings } from '../../../manager/settings.ts'
import { Failure } from '../output/failure.ts'
import { fill, words } from '../output/language.ts'
import { isConnected } from '../parent/passed-sockets.ts'
import { commandAsTyped } from './command-as-typed.ts'
import { MODULE_ENDINGS } from '../child/find-module.ts'

/** Refuses settings that cannot work, before anything is started. @throws Failure that says what to do instead. */
export function refuseMistakes(settings: Settings): void {
  refusePython(settings)
  const option = settings.gunicorn === undefined ? '--fd' : '--bind'
  for (const bind of settings.binds) refuseBadDescriptor(bind, option)
}

/** Refuses a Python application: the first thing that a Python developer tries. */
function refusePython({ speaks, app, appDir = '.', fastapi }: Settings): void {
  const file = fastapi === undefined ? pythonModule(app.module, appDir) : pythonFile(fastapi)
  if (file === undefined) return
  throw new Failure(fill(words().python, { file, program: speaks.program, command: commandAsTyped() }))
}

function pythonModule(module: string, folder: string): string | undefined {
  const path = module.replaceAll('.', '/')
  if (path === '' || MODULE_ENDINGS.some((ending) => existsSync(join(folder, path + ending))))
    return undefined
  return existsSync(join(folder, `${path}.py`)) ? `${path}.py` : undefined
}

/** fastapi-cli's default files, in its order. */
const DEFAULTS = ['main', 'app', 'api', 'app/main', 'app/app', 'app/api']

function pythonFile({ path, entrypoint }: NonNullable<Settings['fastapi']>): string | undefined {
  if (entrypoint !== undefined) return pythonModule(entrypoint.split(':')[0] ?? '', '.')
  if (path !== undefined) return path.endsWith('.py') && existsSync(path) ? path : undefined
  if (DEFAULTS.some((name) => MODULE_ENDINGS.some((ending) => existsSync(name + ending)))) return undefined
  return DEFAULTS.map((name) => `${name}.py`).find((name) => existsSync(name))
}

/** Refuses a descriptor that is not a socket: whoever starts this process must pass it. */
function refuseBadDescriptor(bind: Bind, option: string): void {
  if (bind.kind !== 'fd') return
  const { fd } = bind
  let isSocket: boolean
  try {
    isSocket = fstatSync(fd).isSocket()
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    throw new Failure(fill(words().badDescriptor, { option, fd, code }))
  }
  if (!isSocket) throw new Failure(fill(words().noSocket, { option, fd }))
  if (isConnected(fd)) throw new Failure(fill(words().connectedSocket, { option, fd }))
}
