import type { ProgramContext, ShellProgram } from '../program.ts'
import { writeToDisk } from '../run/disk.ts'
import { modeOf } from '../run/modes.ts'
import { entries, fileKey, forgetFolder, isFolder, resolve } from '../run/paths.ts'
import { fillIn } from '../words.ts'
import { readArguments } from './options.ts'
import { fileText, linesOf } from './text/input.ts'
import { clock } from './time.ts'

const LS_FLAGS = ['-1', '-l', '-a', '-A', '-h', '-F', '-t', '-r', '-R', '-d', '--all', '--color']

/** GNU's ls: names in a row, or in lines with `-1` and `-l`. */
export const ls: ShellProgram = {
  name: 'ls',
  run(call) {
    const flags = new Set<string>()
    const paths: string[] = []
    for (const argument of readArguments(call.args, () => false)) {
      if ('word' in argument) paths.push(argument.word)
      else if ('option' in argument) flags.add(argument.option)
    }
    const unknown = [...flags].find((flag) => !LS_FLAGS.includes(flag))
    if (unknown !== undefined) {
      call.note(fillIn(call.words.optionNotHere, { program: 'ls', option: unknown }))
      return 2
    }
    const wanted = paths.length === 0 ? ['.'] : paths
    const isFile = (path: string): boolean => call.system.readFile(fileKey(call.cwd, path)) !== undefined
    const isDirectory = (path: string): boolean => isFolder(call.system, resolve(call.cwd, path))
    let code = 0
    for (const path of wanted) {
      if (isFile(path) || isDirectory(path)) continue
      call.err(`ls: cannot access '${path}': No such file or directory\n`)
      code = 2
    }
    const listed = (path: string): boolean => isDirectory(path) && !flags.has('-d')
    const files = wanted.filter((path) => (isFile(path) || isDirectory(path)) && !listed(path))
    list(call, flags, files, '')
    const folders = wanted.filter((path) => listed(path))
    for (const [index, folder] of folders.entries()) {
      if (wanted.length > 1) call.out(`${files.length + index > 0 ? '\n' : ''}${folder}:\n`)
      const inside = entries(call.system, resolve(call.cwd, folder))
      const dots = flags.has('-a') || flags.has('--all') ? ['.', '..'] : []
      const hidden = dots.length > 0 || flags.has('-A')
      const names = inside.map(({ name }) => name).filter((name) => hidden || !name.startsWith('.'))
      list(call, flags, [...dots, ...names], `${folder}/`, true)
    }
    return code
  },
}

function list(
  call: ProgramContext,
  flags: ReadonlySet<string>,
  names: readonly string[],
  prefix: string,
  total = false,
): void {
  const shown = flags.has('-r') ? names.toReversed() : names
  if (flags.has('-l')) {
    if (total) call.out(`total ${shown.length * 4}\n`)
    const sizes = shown.map((name) => String(sizeOf(call, prefix + name)))
    const width = Math.max(0, ...sizes.map((size) => size.length))
    for (const [index, name] of shown.entries())
      call.out(longLine(call, prefix + name, name, (sizes[index] ?? '').padStart(width)))
    return
  }
  if (shown.length === 0) return
  const oneEach = flags.has('-1') || !call.tty
  call.out(oneEach ? `${shown.join('\n')}\n` : `${inColumns(shown, call.columns)}\n`)
}

function sizeOf(call: ProgramContext, path: string): number {
  return call.system.readFile(fileKey(call.cwd, path))?.length ?? 4096
}

/** Down the columns first, as few rows as fit. */
export function inColumns(names: readonly string[], columns: number): string {
  for (let rows = 1; rows < names.length; rows++) {
    const widths: number[] = []
    for (let at = 0; at < names.length; at += rows)
      widths.push(Math.max(...names.slice(at, at + rows).map((name) => name.length)))
    if (widths.reduce((sum, width) => sum + width + 2, -2) > columns) continue
    return Array.from({ length: rows }, (_, row) =>
      widths
        .map((width, column) => (names[column * rows + row] ?? '').padEnd(width))
        .join('  ')
        .trimEnd(),
    ).join('\n')
  }
  return names.join('\n')
}

function longLine(call: ProgramContext, path: string, name: string, size: string): string {
  const folder = call.system.readFile(fileKey(call.cwd, path)) === undefined
  const { month, day, hours, minutes } = clock(call.system.epoch)
  const mode = folder ? 'drwxr-xr-x 2' : `${letters(modeOf(call.system, fileKey(call.cwd, path)))} 1`
  return `${mode} user user ${size} ${month} ${day.padStart(2)} ${hours}:${minutes} ${name}\n`
}

/** `-rwxr-xr-x` */
function letters(mode: number): string {
  return `-${[6, 3, 0].map((shift) => [...'rwx'].map((letter, at) => ((mode >> shift) & (4 >> at) ? letter : '-')).join('')).join('')}`
}

/** GNU's cat, with `-n`. */
export const cat: ShellProgram = {
  name: 'cat',
  run(call) {
    const numbered = call.args.includes('-n')
    const paths = call.args.filter((arg) => !/^-.+/.test(arg))
    const unknown = call.args.find((arg) => /^-./.test(arg) && !/^-[nu]+$/.test(arg))
    if (unknown !== undefined) {
      const strange = /[^-AbeEnstTuv]/.exec(unknown)?.[0]
      if (unknown.startsWith('--') || strange === undefined) {
        call.note(fillIn(call.words.optionNotHere, { program: 'cat', option: unknown }))
      } else {
        call.err(`cat: invalid option -- '${strange}'\nTry 'cat --help' for more information.\n`)
      }
      return 1
    }
    const show = (text: string): void => {
      if (!numbered) return call.out(text)
      for (const line of linesOf(text)) call.out(`${String(++count).padStart(6)}\t${line}\n`)
    }
    let count = 0
    if (paths.length === 0 || paths.includes('-')) {
      call.stdin.read({ text: show, end: () => call.exit(0) })
      return undefined
    }
    let code = 0
    for (const path of paths) {
      const file = fileText(call, path)
      if ('problem' in file) {
        call.err(`cat: ${path}: ${file.problem}\n`)
        code = 1
      } else {
        show(file.text)
      }
    }
    return code
  },
}

/** less shows a file as cat does: the terminal keeps what has scrolled away. */
export const less: ShellProgram = {
  name: 'less',
  run(call) {
    const args = call.args.filter((arg) => !/^[-+]./.test(arg))
    return cat.run(Object.create(call, { args: { value: args } }) as ProgramContext)
  },
}

/** GNU's touch: a file is there. */
export const touch: ShellProgram = {
  name: 'touch',
  run(call) {
    for (const path of words(call)) {
      const key = fileKey(call.cwd, path)
      if (call.system.readFile(key) === undefined) call.system.writeFile(key, '')
    }
    return 0
  },
}

/** GNU's rm, of files. */
export const rm: ShellProgram = {
  name: 'rm',
  run(call) {
    const force = call.args.some((arg) => /^-\w*f/.test(arg))
    const deep = call.args.some((arg) => /^-\w*[rR]/.test(arg))
    let code = 0
    const paths = words(call)
    if (paths.length === 0 && !force) {
      call.err("rm: missing operand\nTry 'rm --help' for more information.\n")
      return 1
    }
    for (const path of paths) {
      const key = fileKey(call.cwd, path)
      const inside = call.system.listFiles().filter((each) => each.startsWith(`${key}/`))
      if (call.system.readFile(key) !== undefined) call.system.removeFile(key)
      else if (deep && isFolder(call.system, resolve(call.cwd, path))) {
        for (const each of inside) call.system.removeFile(each)
        forgetFolder(call.system, resolve(call.cwd, path))
      } else if (!force || isFolder(call.system, resolve(call.cwd, path))) {
        const why = isFolder(call.system, resolve(call.cwd, path))
          ? 'Is a directory'
          : 'No such file or directory'
        call.err(`rm: cannot remove '${path}': ${why}\n`)
        code = 1
      }
    }
    return code
  },
}

/** GNU's cp and mv, of files. */
export const cp: ShellProgram = { name: 'cp', run: (call) => transfer(call, false) }
export const mv: ShellProgram = { name: 'mv', run: (call) => transfer(call, true) }

function transfer(call: ProgramContext, moves: boolean): number {
  const paths = words(call)
  const to = paths.at(-1)
  if (to === undefined || paths.length < 2) {
    call.err(
      `${call.name}: missing ${to === undefined ? '' : 'destination '}file operand${to === undefined ? '' : ` after '${to}'`}\nTry '${call.name} --help' for more information.\n`,
    )
    return 1
  }
  const intoFolder = isFolder(call.system, resolve(call.cwd, to))
  if (paths.length > 2 && !intoFolder) {
    const there = call.system.readFile(fileKey(call.cwd, to)) !== undefined
    call.err(`${call.name}: target '${to}': ${there ? 'Not a directory' : 'No such file or directory'}\n`)
    return 1
  }
  let code = 0
  for (const from of paths.slice(0, -1)) {
    const text = call.system.readFile(fileKey(call.cwd, from))
    if (text === undefined) {
      call.err(`${call.name}: cannot stat '${from}': No such file or directory\n`)
      code = 1
      continue
    }
    const target = fileKey(call.cwd, intoFolder ? `${to}/${from.split('/').at(-1) ?? from}` : to)
    // A file that moves takes no room.
    if (moves) call.system.writeFile(target, text)
    else if (!writeToDisk(call.system, target, text)) {
      call.err(`cp: error writing '${to}': No space left on device\n`)
      code = 1
    }
    if (moves && target !== fileKey(call.cwd, from)) call.system.removeFile(fileKey(call.cwd, from))
  }
  return code
}

function words(call: ProgramContext): string[] {
  return call.args.filter((arg) => !arg.startsWith('-') || arg === '-')
}
