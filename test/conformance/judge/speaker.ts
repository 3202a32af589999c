import type { Edition } from '../recording/load.ts'
import type { NamedLine, Template } from './template.ts'

/** Which process may have printed a recorded line, as far as its text tells. */
export type Speaker =
  | { readonly by: 'terminal' }
  | { readonly by: 'parent' }
  /** The worker that the line names as its process. */
  | { readonly by: 'worker'; readonly name: string }
  /** One of the workers. */
  | { readonly by: 'some worker' }
  /** The process of the line before: both came in one write. */
  | { readonly by: 'same as before' }
  | { readonly by: 'anyone' }

/** The kind of a line in the life of a worker. */
export type Kind =
  | 'asks background'
  | 'asks foreground'
  | 'started'
  | 'waiting for startup'
  | 'startup complete'
  | 'error message'
  | 'startup failed'
  | 'load error'
  | 'process'
  | 'traceback'
  | 'error'
  | 'access'
  | 'limit reached'
  | 'shutting down'
  | 'waiting for connections'
  | 'waiting for shutdown'
  | 'shutdown complete'
  | 'finished'
  | 'exiting'
  | 'other'

/** A recorded line, with what its text tells about its process. */
export interface Said extends NamedLine {
  readonly speaker: Speaker
  readonly kind: Kind
}

/** Lines of uvicorn's supervisor, in every version, and inside fastapi-cli. */
const SUPERVISOR =
  /^(Uvicorn running on|Started parent process|Stopping parent process|Started reloader|Received SIG|Terminated child process|Waiting for child process|Child process|New child process|Already reached one process|\[Errno|Will watch for|"workers" flag)/

const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/^Started server process/, 'started'],
  [/^Waiting for application startup/, 'waiting for startup'],
  [/^Application startup complete/, 'startup complete'],
  [/^Application startup failed/, 'startup failed'],
  [/^(Error loading ASGI app|Failed to find attribute)/, 'load error'],
  [/^Process SpawnProcess-<pid1>:$/, 'process'],
  [/^Traceback \(most recent call last\):$/, 'traceback'],
  [/^(\S+ - )?"[A-Z]+ \S+ HTTP\/1\.1"/, 'access'],
  [/^127\.0\.0\.1:/, 'access'],
  [/^Maximum request limit of /, 'limit reached'],
  [/^Worker exiting /, 'exiting'],
  [/^Shutting down$/, 'shutting down'],
  [/^Waiting for connections to close/, 'waiting for connections'],
  [/^Waiting for application shutdown/, 'waiting for shutdown'],
  [/^Application shutdown complete/, 'shutdown complete'],
  [/^Finished server process/, 'finished'],
]

/** The last line of a traceback: `RuntimeError: text`, `asyncio.exceptions.CancelledError`. */
const LAST_OF_TRACEBACK = /^(?!(?:DEBUG|INFO|WARNING|ERROR|CRITICAL|TRACE):)[A-Za-z_][\w.]*(?:: .*)?$/

/** The format of a program's log lines. */
type Look = 'uvicorn' | 'gunicorn' | 'tags' | 'bullets'

function lookOf({ program, version }: Edition): Look {
  if (program !== 'fastapi') return program
  return version === '0.0.7' ? 'tags' : 'bullets'
}

/** Finds what a recorded line tells about its process. @param alone whether there are no workers: then the parent prints everything */
export function said(line: NamedLine, edition: Edition, alone: boolean): Said {
  const look = lookOf(edition)
  const { level, message } = messageOf(line.template, look)
  const kind = kindOf(level, message)
  return { ...line, kind, speaker: alone ? { by: 'parent' } : speakerOf(line, look, level, message, kind) }
}

function kindOf(level: string | undefined, message: string): Kind {
  const kind = KINDS.find(([pattern]) => pattern.test(message))?.[1]
  // fastapi logs a traceback as one record, with a level: an error message like others.
  if (kind !== undefined && !(kind === 'traceback' && level !== undefined)) return kind
  if (level === 'ERROR') return 'error message'
  return level === undefined && LAST_OF_TRACEBACK.test(message) ? 'error' : 'other'
}

function speakerOf(
  { names, template }: NamedLine,
  look: Look,
  level: string | undefined,
  message: string,
  kind: Kind,
): Speaker {
  const [author] = names
  if (look === 'gunicorn' && template.plain.startsWith('[<ts>] [<pid1>]'))
    return author === undefined || author === 'parent' ? { by: 'parent' } : { by: 'worker', name: author }
  // Only the master ends with two exceptions.
  if (look === 'gunicorn' && /^(During handling of .*)?$/.test(template.plain)) return { by: 'parent' }
  // A record is one write: its further lines follow at once.
  if (look === 'gunicorn' && (kind === 'traceback' || kind === 'error')) return { by: 'same as before' }
  if (INDENT[look]?.test(template.plain) && level === undefined) return { by: 'same as before' }
  if ((look === 'tags' || look === 'bullets') && level === undefined && kind === 'other') {
    // The banner is the parent's. 0.0.32 prints an empty line before `Shutting down`, whichever process prints that.
    return template.plain === '' && look === 'bullets' ? { by: 'anyone' } : { by: 'parent' }
  }
  switch (kind) {
    case 'started':
    case 'finished':
      return author === undefined || author === 'parent' ? { by: 'parent' } : { by: 'worker', name: author }
    case 'traceback':
    case 'error':
      return { by: 'anyone' }
    case 'other':
    case 'error message':
      if (look !== 'gunicorn' && SUPERVISOR.test(message)) return { by: 'parent' }
      return kind === 'other' ? { by: 'anyone' } : { by: 'some worker' }
    default:
      return { by: 'some worker' }
  }
}

/** The indentation of wrapped log lines. */
const INDENT: Readonly<Partial<Record<Look, RegExp>>> = { tags: /^ {13}\S/, bullets: /^ {4}\S/ }

const FORMS: Readonly<Record<Look, readonly RegExp[]>> = {
  gunicorn: [/^\[<ts>\] \[<pid1>\] \[(\w+)\] (.*)$/],
  uvicorn: [/^(DEBUG|INFO|WARNING|ERROR|CRITICAL): +(.*)$/],
  tags: [/^ +(DEBUG|INFO|WARNING|ERROR|CRITICAL) {2,}(.*)$/],
  // Without a terminal it logs as uvicorn does.
  bullets: [/^ (▕) {2}(.*)$/, /^(DEBUG|INFO|WARNING|ERROR|CRITICAL): +(.*)$/],
}

function messageOf({ plain, key }: Template, look: Look): { level?: string; message: string } {
  for (const form of FORMS[look]) {
    const [, level, message] = form.exec(plain) ?? []
    if (level === undefined || message === undefined) continue
    // A bullet's level is its colour.
    return { level: level !== '▕' ? level : key.startsWith(' \\e[31m') ? 'ERROR' : 'INFO', message }
  }
  return { message: plain.trimStart() }
}
