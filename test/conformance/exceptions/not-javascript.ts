import { plain, type Line } from '../judge/text.ts'
import type { Recorded } from '../recording/scenario.ts'

/** A part of the recordings that cannot be true of JavaScript, and is left out of comparisons. */
export interface NotJavascript {
  readonly id: string
  readonly reason: string
  readonly applies: (recorded: Recorded) => boolean
  /** Removes it from the recorded lines. */
  readonly fromRecorded: (lines: readonly Line[], recorded: Recorded) => readonly Line[]
  /** Removes its counterpart from our lines: of one process, or of all when it is not known which process printed them. */
  readonly fromOurs: (lines: readonly Line[]) => readonly Line[]
}

/** The table. It is short on purpose: every entry is something that our output does not show. */
export const NOT_JAVASCRIPT: readonly NotJavascript[] = [
  {
    id: 'frames of a traceback',
    reason:
      'Between `Traceback (most recent call last):` and its last line stand files, lines and code of Python.',
    applies: () => true,
    fromRecorded: withoutFrames,
    fromOurs: withoutFrames,
  },
  {
    id: 'frames of a logged traceback',
    reason: 'fastapi-cli logs a traceback as one record, its frames wrapped at the width of the terminal.',
    applies: ({ program }) => program === 'fastapi',
    fromRecorded: withoutLoggedFrames,
    fromOurs: withoutLoggedFrames,
  },
  {
    id: 'frames of a boxed traceback',
    reason: 'fastapi-cli draws a box around the frames and the code of an error at import.',
    applies: ({ program }) => program === 'fastapi',
    fromRecorded: withoutBoxedFrames,
    fromOurs: withoutBoxedFrames,
  },
  {
    id: 'logging inside a signal handler',
    reason:
      'gunicorn 20.1.0 logs in its handler of SIGCHLD; when a second child dies meanwhile, Python prints `--- Logging error ---` ' +
      "instead of that child's line and forgets the child, so that the master waits out the graceful timeout (30 s) and sees the second Ctrl+C.",
    applies: ({ program, version, name }) =>
      program === 'gunicorn' && version === '20.1.0' && name === 'inflight-ctrl-c-twice',
    fromRecorded: withoutLoggingError,
    // A host may echo a key that no program reads any more.
    fromOurs: (lines) => lines.filter((line, i) => !line.echo || lines.findIndex(({ echo }) => echo) === i),
  },
  {
    id: 'tracebacks of wrong arguments',
    reason:
      'Some wrong arguments the originals only notice when something fails deep inside: of the traceback, only the last line tells the user ' +
      'something.',
    applies: ({ name }) => name === 'bad-arguments',
    fromRecorded: withoutTracebackHeads,
    fromOurs: withoutTracebackHeads,
  },
]

/** Recordings that are not replayed at all: they show an accident inside Python. */
export const ACCIDENTS: readonly Pick<NotJavascript, 'id' | 'reason' | 'applies'>[] = [
  {
    id: 'a logging error in a signal handler decides the outcome',
    reason:
      'gunicorn 20.1.0 logs in its handler of SIGCHLD. When that interrupts its own logging, Python raises `reentrant call inside ' +
      '<_io.BufferedWriter>`: a child is forgotten and waited for (30 s, or for ever), or the master crashes with code 255.',
    applies: ({ program, version, name }) =>
      program === 'gunicorn' && version === '20.1.0' && name.includes('-race'),
  },
]

const HEAD = /(^|\[)Traceback \(most recent call last\):$/
const LEVEL = /^ *(DEBUG|INFO|WARNING|ERROR|CRITICAL)\b/

/** Frames of Python, and what JavaScript prints in their place, while a traceback is open. */
function withoutFrames(lines: readonly Line[]): readonly Line[] {
  let open = 0
  return lines.filter(({ text }) => {
    if (HEAD.test(text)) {
      open++
      return true
    }
    if (open === 0) return true
    if (/^ {2}/.test(text)) return LEVEL.test(plain(text))
    if (/^[A-Za-z_][\w.]*(: .*)?$/.test(text) && !LEVEL.test(text)) open--
    return true
  })
}

/** The first line of a traceback as fastapi-cli 0.0.7 and 0.0.32 print it. */
const LOGGED_TRACEBACK = /^(?: +ERROR {2,}| ▕ {2})Traceback \(most recent call last\):$/

/** How far fastapi-cli indents wrapped lines: after its tags, or after its bullets. */
function indentOf(lines: readonly Line[]): string {
  return ' '.repeat(lines.some(({ text }) => plain(text).startsWith(' ▕')) ? 4 : 13)
}

/** Keeps the record's first line and the last of its continuation lines, which names the error. */
function withoutLoggedFrames(lines: readonly Line[]): readonly Line[] {
  const indent = indentOf(lines)
  const continues = (line: Line | undefined) => line?.text.startsWith(indent) === true
  let inside = false
  return lines.filter((line, i) => {
    const text = plain(line.text)
    if (LOGGED_TRACEBACK.test(text)) inside = true
    else if (!continues(line)) inside = false
    else if (inside) return !continues(lines[i + 1])
    return true
  })
}

function withoutBoxedFrames(lines: readonly Line[]): readonly Line[] {
  let inside = false
  return lines.filter((line) => {
    const text = plain(line.text)
    if (text.startsWith('╰')) inside = false
    if (inside) return false
    if (/^╭─+ Traceback /.test(text)) inside = true
    return true
  })
}

/** Removes tracebacks except for their last line; a logged one is removed whole. */
function withoutTracebackHeads(lines: readonly Line[]): readonly Line[] {
  let logged = false
  let boxed = false
  const indent = indentOf(lines)
  const goesOn = (line: Line | undefined) => line?.text.startsWith(indent) === true
  return lines.filter((line, i) => {
    const text = plain(line.text)
    const opensBox = (shown: string | undefined) => /^╭─+ Traceback /.test(plain(shown ?? ''))
    // Without a frame there is no box, only its last line.
    const announces = (shown: string | undefined) => opensBox(shown) || /^\\e\[1;91m\w+: /.test(shown ?? '')
    if (LOGGED_TRACEBACK.test(text)) logged = true
    else if (!goesOn(line) && !(line.text === '' && goesOn(lines[i + 1]))) logged = false
    if (opensBox(line.text)) boxed = true
    const box = boxed
    if (text.startsWith('╰')) boxed = false
    return !logged && !box && !HEAD.test(text) && !(text === '' && announces(lines[i + 1]?.text))
  })
}

/** Restores the line that was lost where the error is, and removes the echo of the second Ctrl+C. */
function withoutLoggingError(lines: readonly Line[], recorded: Recorded): readonly Line[] {
  const from = lines.findIndex(({ text }) => text === '--- Logging error ---')
  const to = lines.findIndex(({ text }, i) => i > from && text.startsWith('Arguments: ('))
  if (from < 0 || to < 0) return lines
  const ended =
    /^(\[<ts>\] \[<parent>\] \[WARNING\] Worker with pid )<(w\d+)>( was terminated due to signal \d+)$/
  const told = lines.flatMap(({ text }) => ended.exec(text)?.[2] ?? [])
  const lost = recorded.spawnOrder.find((name) => !told.includes(name))
  const pattern = lines.flatMap(({ text }) => ended.exec(text) ?? [])
  const [, head, , tail] = pattern
  if (lost === undefined || head === undefined || tail === undefined) return lines
  const rest = lines.slice(to + 1)
  const echo = rest.findIndex((line) => line.echo)
  return [...lines.slice(0, from), { text: `${head}<${lost}>${tail}` }, ...rest.filter((_, i) => i !== echo)]
}
