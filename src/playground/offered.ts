import type { SessionData } from '../../simulator/scenario/session/index.ts'

/** Everything that a session would run, to be reviewed before it does. */
export interface SessionReview {
  /** The initial files, and each that is saved later. */
  readonly files: readonly { readonly file: string; readonly text: string }[]
  /** The typed lines in order, and the commands that supervisors run. Keys that are not text are named. */
  readonly commands: readonly string[]
  /** Those of them that may change files: the application that finally runs may differ from the files above. */
  readonly changing: readonly string[]
}

/** Lists all that a session runs. */
export function sessionReview({ files, inputs }: SessionData): SessionReview {
  const saved = inputs.flatMap((input) =>
    input.type === 'write' ? [{ file: input.file, text: input.text }] : [],
  )
  const commands = commandsOf(inputs)
  return {
    files: [...Object.entries(files).map(([file, text]) => ({ file, text })), ...saved],
    commands,
    changing: commands.filter(mayChangeFiles),
  }
}

function commandsOf(inputs: SessionData['inputs']): string[] {
  const lines: string[] = []
  /** The text in the line of each terminal. */
  const open = new Map<string, string>()
  const flush = (terminal: string): void => {
    const line = open.get(terminal)
    open.delete(terminal)
    if (line !== undefined && line !== '') lines.push(named(line))
  }
  for (const input of inputs) {
    if (input.type === 'line') {
      flush(input.terminal)
      lines.push(named(input.text))
    } else if (input.type === 'keys') {
      if (input.line !== undefined) flush(input.terminal)
      open.set(input.terminal, `${input.line ?? open.get(input.terminal) ?? ''}${input.data}`)
      if (/[\r\n]/.test(input.data)) flush(input.terminal)
    } else if (input.type === 'keep') lines.push(named(input.command))
  }
  for (const terminal of [...open.keys()]) flush(terminal)
  return lines
}

/** Keys that are not text, in caret notation: `^C`. */
function named(text: string): string {
  return text
    .replaceAll(/[\r\n]+$/g, '')
    .replaceAll(/[\x00-\x09\x0b-\x1f]/g, (key) => `^${String.fromCharCode(key.charCodeAt(0) + 64)}`)
    .replaceAll(/[\x7f-\x9f\p{Cf}]/gu, '�')
}

/** Programs that change no file, whatever follows them but what `WRITING` finds. */
const HARMLESS: ReadonlySet<string> = new Set([
  ...['uvicorn', 'gunicorn', 'fastapi', 'kill', 'pkill', 'killall', 'curl', 'hey', 'dig', 'ping'],
  ...['ls', 'cat', 'head', 'tail', 'grep', 'wc', 'pwd', 'cd', 'echo', 'date', 'id', 'whoami', 'hostname'],
  ...['ps', 'pgrep', 'pstree', 'top', 'free', 'nproc', 'uptime', 'ss', 'lsof', 'netstat', 'pidof'],
  ...['jobs', 'fg', 'bg', 'wait', 'sleep', 'clear', 'exit', 'help', 'man', 'which', 'type', 'true', 'false'],
  ...['journalctl', 'dmesg'],
])

/** Options by which a program of `HARMLESS` writes a file, or reads one that says so. */
const WRITING: ReadonlyMap<string, RegExp> = new Map([
  ['curl', /^-\w*[oODcK]|^--(?:o|re|dump|cookie-j|config|tr|stderr|libc|hsts|alt-svc|etag-s)/],
  ['gunicorn', /^-[pc]|^--(?:pid|config|log|\w+-log)|unix:/],
  ['uvicorn', /^--(?:uds|fd|log-c)/],
  ['fastapi', /^--(?:uds|fd)/],
])

/** Syntax by which a line can do more than its first words show. */
const HIDING = /[<>$`*?~{}()[\]!#\\\u0080-\uffff]|\^[A-Z[]/

/** Whether a line may change files. When in doubt: yes. It takes time in proportion to the line's length, whatever the line contains. */
export function mayChangeFiles(line: string): boolean {
  if (/^\^[A-Z]$/.test(line)) return false
  return HIDING.test(line) || line.split(/[;|&\n]/).some(writes)
}

/** Whether one command of a line may write: its program is not known to be harmless, or an option says so. */
function writes(command: string): boolean {
  const [program, ...rest] = command.trim().split(/\s+/)
  if (program === undefined || program === '') return false
  if (!HARMLESS.has(program)) return true
  const option = WRITING.get(program)
  return option !== undefined && rest.some((word) => option.test(word.replaceAll(/['"]/g, '')))
}

/** A text in pieces that are each quick to lay out. */
export function textPieces(text: string): readonly string[] {
  return text.match(/[^]{1,8000}(?:\n|$)|[^]{1,8000}/g) ?? []
}
