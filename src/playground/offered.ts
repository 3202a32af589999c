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

/** Commands that write, move or remove files. */
const CHANGING =
  /(?<![\w.-])(cp|mv|rm|touch|tee)(?![\w-])|>|\bcurl\b.*\s(-\w*[oO]|--output|--remote-name|--[or])/
/** Syntax by which a line can do more than its text shows. */
const HIDING = /[$`*?~]|\^[A-Z[]|(?<![\w-])(xargs|eval|source)(?![\w-])/

/** Whether a line may change files. When in doubt: yes. */
export function mayChangeFiles(line: string): boolean {
  // Quotes and backslashes do not hide a command.
  const bare = line.replaceAll(/['"\\]/g, '')
  return CHANGING.test(bare) || (HIDING.test(bare) && !/^\^[A-Z]$/.test(bare))
}

/** A text in pieces that are each quick to lay out. */
export function textPieces(text: string): readonly string[] {
  return text.match(/[^]{1,8000}(?:\n|$)|[^]{1,8000}/g) ?? []
}
