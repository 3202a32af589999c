import { lookUp } from '../../manager/look-up.ts'
import type { ProgramName as ServerName } from '../../manager/settings.ts'
import { isProgram, PROGRAMS as SERVERS } from '../../manager/traits.ts'
import type { Command } from '../language/tree.ts'
import type { ShellProgram } from '../program.ts'
import { jsonTool, PROGRAMS } from '../programs/index.ts'
import { FLOW_BUILTINS, type FlowBuiltin } from './builtins.ts'
import type { ExecutionContext, ShellContext } from './context.ts'
import { isExecutable, modeOf } from './modes.ts'
import { fileKey } from './paths.ts'

/** A script to run. */
export interface ScriptFile {
  readonly name: string
  readonly text: string
  readonly args: readonly string[]
}

/** What the first word of a command refers to. */
export type Resolved =
  /** A builtin that waits, or that changes the control flow of the shell. */
  | { readonly kind: 'flow'; readonly builtin: FlowBuiltin; readonly args: readonly string[] }
  | { readonly kind: 'function'; readonly body: Command; readonly args: readonly string[] }
  | { readonly kind: 'server'; readonly program: ServerName; readonly args: readonly string[] }
  | { readonly kind: 'program'; readonly program: ShellProgram; readonly args: readonly string[] }
  | { readonly kind: 'script'; readonly script: ScriptFile }
  /** `sh FILE` with a file that does not exist. */
  | { readonly kind: 'no-script'; readonly path: string }
  /** Python itself, which this machine lacks. */
  | { readonly kind: 'python'; readonly args: readonly string[] }
  /** A program of the machine (`python migrate.py`), or no program. */
  | { readonly kind: 'machine' }

/** Resolves command names. */
export class NameResolver {
  readonly #shell: ShellContext

  constructor(shell: ShellContext) {
    this.#shell = shell
  }

  /** Whether a server program of that name is installed. */
  isServer(name: string): name is ServerName {
    return isProgram(name) && this.#shell.installed(name) !== undefined
  }

  /** Resolves a command. `external`: it must not be a builtin (`env echo`, `nohup jobs`). */
  resolve(words: readonly string[], external: boolean, context: ExecutionContext): Resolved {
    const [name = '', ...args] = words
    const body = external ? undefined : context.scope.functions.get(name)
    if (body !== undefined) return { kind: 'function', body, args }
    const builtin = external ? undefined : lookUp(FLOW_BUILTINS, name)
    if (builtin !== undefined) return { kind: 'flow', builtin, args }
    const server = serverWords(words)
    if (server !== undefined && this.isServer(server.program)) return { kind: 'server', ...server }
    const program = findProgram(name, external)
    if (program !== undefined) return { kind: 'program', program, args }
    if (isPython(name) && args[0] === '-m' && args[1] === 'json.tool')
      return { kind: 'program', program: jsonTool, args: args.slice(2) }
    const script = this.#scriptOf(words, context)
    if (script !== undefined) return { kind: 'script', script }
    if (isShell(name)) return { kind: 'no-script', path: args.find((arg) => !arg.startsWith('-')) ?? '' }
    if (isPython(name) && !args.some((arg) => /(^|\/)migrate\.py$/.test(arg))) return { kind: 'python', args }
    return { kind: 'machine' }
  }

  /** Whether a command is one program that runs as a process. */
  isProcess(words: readonly string[], external: boolean, context: ExecutionContext): boolean {
    const [name = '', argument = ''] = words
    const resolved = this.resolve(words, external, context)
    switch (resolved.kind) {
      case 'flow':
      case 'function':
        return false
      case 'program':
        return resolved.program.builtin !== true
      case 'server':
      case 'script':
        return true
      case 'no-script':
        return false
      default:
        return isPython(name) && argument.endsWith('.py')
    }
  }

  /** `bash FILE`, `sh -c '…'`, `./FILE`. */
  #scriptOf(words: readonly string[], { scope }: ExecutionContext): ScriptFile | undefined {
    const [name = '', ...args] = words
    const { system } = this.#shell
    const shell = isShell(name)
    if (shell && args.length === 0) return { name, text: '', args }
    if (shell && args[0] === '-c')
      return {
        name: args[2] ?? (name.endsWith('bash') ? 'bash' : 'sh'),
        text: args[1] ?? '',
        args: args.slice(3),
      }
    const path = shell ? args.find((arg) => !arg.startsWith('-')) : name.includes('/') ? name : undefined
    const text = path === undefined ? undefined : system.readFile(fileKey(scope.cwd, path))
    if (path === undefined || text === undefined) return undefined
    if (!shell && (!text.startsWith('#!') || !isExecutable(modeOf(system, fileKey(scope.cwd, path)))))
      return undefined
    return { name: path, text, args: shell ? args.slice(args.indexOf(path) + 1) : args }
  }

  /** The names of commands that can be typed. */
  get commands(): readonly string[] {
    const servers = SERVERS.filter((name) => this.isServer(name))
    return [
      ...new Set([...PROGRAMS.map(({ name }) => name), ...Object.keys(FLOW_BUILTINS), ...WORDS, ...servers]),
    ].toSorted()
  }
}

/** Words other than programs that a command may begin with. */
const WORDS = ['for', 'while', 'if', 'time', 'nohup', 'sudo', 'env', 'bash', 'python']

/** Whether a word is the name of a shell. */
export function isShell(name: string): boolean {
  return /^(?:\/(?:usr\/)?bin\/)?(?:ba)?sh$/.test(name)
}

/** The shell's program of this name; `external`: not a builtin. */
export function findProgram(name: string, external: boolean): ShellProgram | undefined {
  const base = name.replace(/^\/(?:usr\/)?(?:local\/)?s?bin\//, '')
  return PROGRAMS.find(
    (each) => each.name === base && !(external && each.builtin === true && each.name !== 'echo'),
  )
}

/** `uvicorn …`, `python -m uvicorn …`, with or without the path of the program. */
function serverWords(
  words: readonly string[],
): { readonly program: ServerName; readonly args: readonly string[] } | undefined {
  const [first = '', ...args] = words
  const name = first.replace(/^.*\/bin\//, '')
  if (isProgram(name)) return { program: name, args }
  const [flag, module = '', ...rest] = args
  if (isPython(name) && flag === '-m' && isProgram(module)) return { program: module, args: rest }
  return undefined
}

function isPython(name: string): boolean {
  return /^(?:\/(?:usr\/)?(?:local\/)?bin\/)?python3?$/.test(name)
}
