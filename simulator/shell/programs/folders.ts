import type { ProgramContext, ShellProgram } from '../program.ts'
import { matches } from '../../machine/glob.ts'
import { modeOf, setMode } from '../run/modes.ts'
import { entries, fileKey, isFolder, makeFolder, resolve } from '../run/paths.ts'
import { lookUp } from '../../manager/look-up.ts'
import { fillIn } from '../words.ts'

function words(call: ProgramContext): string[] {
  return call.args.filter((arg) => !arg.startsWith('-') || arg === '-')
}

function missing(call: ProgramContext, text: string): number {
  call.err(`${call.name}: ${text}\nTry '${call.name} --help' for more information.\n`)
  return 1
}

/** GNU's mkdir, with `-p`. */
export const mkdir: ShellProgram = {
  name: 'mkdir',
  run(call) {
    const deep = call.args.some((arg) => /^-\w*p/.test(arg) || arg === '--parents')
    const paths = words(call)
    if (paths.length === 0) return missing(call, 'missing operand')
    let code = 0
    for (const path of paths) {
      const full = resolve(call.cwd, path)
      const exists =
        isFolder(call.system, full) || call.system.readFile(fileKey(call.cwd, path)) !== undefined
      const above = isFolder(call.system, full.slice(0, full.lastIndexOf('/')) || '/')
      if (deep && isFolder(call.system, full)) continue
      if (exists || (!above && !deep)) {
        call.err(
          `mkdir: cannot create directory ‘${path}’: ${exists ? 'File exists' : 'No such file or directory'}\n`,
        )
        code = 1
      } else {
        makeFolder(call.system, full)
      }
    }
    return code
  },
}

/** GNU's chmod: `+x`, `u+x`, `-w`, `755`. */
export const chmod: ShellProgram = {
  name: 'chmod',
  run(call) {
    const [mode, ...paths] = call.args.filter((arg) => !/^-[Rvcf]+$/.test(arg))
    if (mode === undefined) return missing(call, 'missing operand')
    if (paths.length === 0) return missing(call, `missing operand after ‘${mode}’`)
    let code = 0
    for (const path of paths) {
      const key = fileKey(call.cwd, path)
      if (call.system.readFile(key) === undefined) {
        if (isFolder(call.system, resolve(call.cwd, path))) continue
        call.err(`chmod: cannot access '${path}': No such file or directory\n`)
        code = 1
        continue
      }
      const changed = changedMode(modeOf(call.system, key), mode)
      if (changed === undefined) return missing(call, `invalid mode: ‘${mode}’`)
      setMode(call.system, key, changed)
    }
    return code
  },
}

function changedMode(mode: number, change: string): number | undefined {
  if (/^[0-7]{1,4}$/.test(change)) return parseInt(change, 8)
  let result = mode
  for (const part of change.split(',')) {
    const [, who = '', sign = '', what] = /^([ugoa]*)([-+=])([rwx]*)$/.exec(part) ?? []
    if (what === undefined) return undefined
    const bits = [...what].reduce((sum, letter) => sum | (lookUp({ r: 4, w: 2, x: 1 }, letter) ?? 0), 0)
    for (const [letter, shift] of [
      ['u', 6],
      ['g', 3],
      ['o', 0],
    ] as const) {
      if (who !== '' && !who.includes(letter) && !who.includes('a')) continue
      // Without a name for whom, the umask of 022 holds back what others may write.
      const kept = who === '' && letter !== 'u' ? bits & ~2 : bits
      if (sign === '=') result &= ~(7 << shift)
      result = sign === '-' ? result & ~(bits << shift) : result | (kept << shift)
    }
  }
  return result
}

/** GNU's basename, with the ending that it takes away. */
export const basename: ShellProgram = {
  name: 'basename',
  run(call) {
    const [path, ending = '', extra] = words(call)
    if (path === undefined) return missing(call, 'missing operand')
    if (extra !== undefined) return missing(call, `extra operand ‘${extra}’`)
    const name = /([^/]*)\/*$/.exec(path)?.[1] ?? ''
    const last = name === '' && path !== '' ? '/' : name
    call.out(
      `${last !== ending && last.endsWith(ending) ? last.slice(0, last.length - ending.length) : last}\n`,
    )
    return 0
  },
}

/** GNU's dirname. */
export const dirname: ShellProgram = {
  name: 'dirname',
  run(call) {
    const paths = words(call)
    if (paths.length === 0) return missing(call, 'missing operand')
    for (const path of paths) {
      const above = path.replace(/\/+$/, '').replace(/[^/]*$/, '')
      const folder = above.replace(/\/+$/, '')
      call.out(`${folder !== '' ? folder : path.startsWith('/') ? '/' : '.'}\n`)
    }
    return 0
  },
}

/** GNU's find by `-name`, `-iname`, `-type`, `-maxdepth`. */
export const find: ShellProgram = {
  name: 'find',
  run(call) {
    const args = [...call.args]
    const starts: string[] = []
    while (args[0] !== undefined && !args[0].startsWith('-')) starts.push(args.shift() ?? '')
    let deepest = Infinity
    const tests: ((name: string, folder: boolean) => boolean)[] = []
    for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
      const value = arg === '-print' ? '' : args.shift()
      if (value === undefined) {
        call.err(`find: missing argument to \`${arg}'\n`)
        return 1
      }
      if (arg === '-maxdepth') deepest = Number(value)
      else if (arg === '-type') tests.push((_, folder) => (value === 'd' ? folder : value === 'f' && !folder))
      else if (arg === '-name' || arg === '-iname') {
        const [cased, pattern] = arg === '-iname' ? [lower, lower(value)] : [same, value]
        const characters = [...pattern].map((text) => ({ text, literal: false }))
        tests.push((name) => matches(characters, [...cased(name)]))
      } else if (arg !== '-print') {
        call.note(fillIn(call.words.optionNotHere, { program: 'find', option: arg }))
        return 1
      }
    }
    let code = 0
    const visit = (path: string, name: string, depth: number): void => {
      const full = resolve(call.cwd, path)
      const folder = isFolder(call.system, full)
      if (tests.every((passes) => passes(name, folder))) call.out(`${path}\n`)
      if (!folder || depth >= deepest) return
      for (const each of entries(call.system, full))
        visit(`${path.replace(/\/$/, '')}/${each.name}`, each.name, depth + 1)
    }
    for (const start of starts.length === 0 ? ['.'] : starts) {
      const there =
        isFolder(call.system, resolve(call.cwd, start)) ||
        call.system.readFile(fileKey(call.cwd, start)) !== undefined
      if (there) visit(start, start.split('/').at(-1) ?? start, 0)
      else {
        call.err(`find: ‘${start}’: No such file or directory\n`)
        code = 1
      }
    }
    return code
  },
}

function lower(text: string): string {
  return text.toLowerCase()
}

function same(text: string): string {
  return text
}
