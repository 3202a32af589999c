import { asksTerminal } from './fastapi/rules.ts'
import type { LogLevel, LogRecord, MessagePart, ExceptionInfo } from './log.ts'
import type { BindError, ManagerEffect } from './machine.ts'
import type { Bind, Settings, Speaker } from './settings.ts'
import { traitsOf } from './traits.ts'

/** A log message of process `pid`. */
export function message(
  pid: number,
  level: LogLevel,
  parts: readonly MessagePart[],
  raised?: ExceptionInfo,
): LogRecord {
  return raised === undefined
    ? { kind: 'message', pid, level, parts }
    : { kind: 'message', pid, level, parts, raised }
}

/** Logs a message of the manager itself. */
export function say(
  { pid }: { readonly pid: number },
  effects: ManagerEffect[],
  level: LogLevel,
  ...parts: readonly MessagePart[]
): void {
  effects.push({ type: 'log', record: message(pid, level, parts) })
}

/** The address as uvicorn shows it in `Uvicorn running on …`. */
export function bindUrl(bind: Bind, secure: boolean): string {
  const scheme = secure ? 'https' : 'http'
  switch (bind.kind) {
    case 'tcp':
      return `${scheme}://${bind.host.includes(':') ? `[${bind.host}]` : bind.host}:${bind.port}`
    case 'unix':
      return bind.path
    case 'fd':
      return `fd://${bind.fd}`
  }
}

/** An address as Python writes it: a tuple for TCP, a plain string for a unix socket. */
export function pythonAddress(bind: Bind): string {
  switch (bind.kind) {
    case 'tcp':
      return `('${bind.host}', ${bind.port})`
    case 'unix':
      return bind.path
    case 'fd':
      return String(bind.fd)
  }
}

/** Whether a server listens on a socket that it was started with (`--fd`). */
export function isPassedSocket({ binds }: Settings): boolean {
  return binds.some(({ kind }) => kind === 'fd')
}

/** The operating system's text for a failed bind, as Python prints it (`str(OSError)`). */
export function osError(error: BindError): string {
  switch (error) {
    case 'in-use':
      return '[Errno 98] Address already in use'
    case 'not-available':
      return '[Errno 99] Cannot assign requested address'
    case 'no-such-host':
      return '[Errno -3] Temporary failure in name resolution'
    case 'not-permitted':
      return '[Errno 13] Permission denied'
    case 'bad-port':
      return 'bind(): port must be 0-65535.'
    case 'no-such-folder':
    case 'no-keyfile':
    case 'no-certfile':
      return '[Errno 2] No such file or directory'
  }
}

/** What Python prints between an exception and the one that was being handled, or that it was raised from. */
export const DURING_HANDLING = 'During handling of the above exception, another exception occurred:'
export const DIRECT_CAUSE = 'The above exception was the direct cause of the following exception:'

/** An exception as Python formats it: a headline, the frames indented by two blanks, the class with its message. */
export function tracebackText(raised: ExceptionInfo): string {
  const { cause, during } = raised
  const earlier = cause ?? during
  const before =
    earlier === undefined
      ? ''
      : `${tracebackText(earlier)}\n${cause === undefined ? DURING_HANDLING : DIRECT_CAUSE}\n\n`
  const frames = raised.frames.flatMap((frame) => frame.split('\n')).map((line) => `  ${line}`)
  const lines = ['Traceback (most recent call last):', ...frames, lastLine(raised)]
  return before + lines.map((line) => `${line}\n`).join('')
}

/** The last line of a traceback: `Name: message`, or the name alone. */
export function lastLine({ name, message }: ExceptionInfo): string {
  return message === '' ? name : `${name}: ${message}`
}

/** The empty line with which fastapi-cli 0.0.7 ends, whatever the exit code; a process that a signal ends does not print it. */
export function closingLine(pid: number): LogRecord {
  return { kind: 'bare', pid, stream: 'stdout', text: '' }
}

/** The records of an uncaught exception: Python prints a traceback, typer (fastapi-cli) a box. */
export function uncaught(speaks: Speaker, pid: number, raised: ExceptionInfo): readonly LogRecord[] {
  if (!traitsOf(speaks).printsByRich) return [{ kind: 'traceback', pid, raised }]
  return [closingLine(pid), { kind: 'banner', pid, banner: { show: 'exception', raised } }]
}

/** The exception of Python's `socket.bind` for a port outside 0 to 65535. */
export function badPort(): ExceptionInfo {
  return { name: 'OverflowError', message: osError('bad-port'), frames: [] }
}

/** The queries that fastapi-cli 0.0.32 sends to the terminal once: a style needs the background and the text colour. */
export function styleQuestions(speaks: Speaker, pid: number): readonly LogRecord[] {
  if (!asksTerminal(speaks)) return []
  return [
    { kind: 'question', pid, asks: 'background' },
    { kind: 'question', pid, asks: 'foreground' },
  ]
}

/** The queries that every logging process sends: one style for the log, one for the access log. */
export function logQuestions(speaks: Speaker, pid: number): readonly LogRecord[] {
  return [...styleQuestions(speaks, pid), ...styleQuestions(speaks, pid)]
}
