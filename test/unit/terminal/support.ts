import type { LogRecord } from '../../../simulator/manager/log.ts'
import type { Medium, WallClock } from '../../../simulator/terminal/index.ts'

/** Noon of 1 May 2024, UTC. */
export const now: WallClock = { epochMs: Date.UTC(2024, 4, 1, 12, 0, 0), offsetMinutes: 0 }

export const TERMINAL: Medium = { terminal: true, columns: 80, colors: 'truecolor' }
export const PIPE: Medium = { terminal: false, columns: 80, colors: 'none' }

/** Text in which an escape reads `\e`, as in the recordings. */
export function escaped(text: string): string {
  return text.replaceAll('\u001b', '\\e')
}

/** A GET request of 127.0.0.1:54321. */
export function access(target: string, status: number): Extract<LogRecord, { readonly kind: 'access' }> {
  const client = { host: '127.0.0.1', port: 54321 }
  return { kind: 'access', pid: 101, client, method: 'GET', target, httpVersion: '1.1', status }
}
