import type { ProcessSpec } from './process-spec.ts'
import type { Clock } from './clock.ts'
import type { Print } from './console.ts'

/** The parts of a process that `process` gives access to. */
export interface ProcessParts {
  readonly clock: Clock
  readonly print: Print
  /** Resident memory in bytes. */
  readonly memory: () => number
  readonly exit: (code: number) => never
}

/** The part of Node's `process` that an application in the page can use. */
export function processObject(spec: ProcessSpec, { clock, print, memory, exit }: ProcessParts): object {
  const born = clock.now
  const process = {
    pid: spec.pid,
    ppid: spec.ppid,
    env: { ...spec.env },
    argv: [...spec.argv],
    argv0: spec.argv[0] ?? '',
    title: spec.argv[0] ?? '',
    platform: 'linux',
    arch: 'x64',
    version: 'v26.0.0',
    versions: {},
    exitCode: undefined as number | undefined,
    cwd: () => spec.cwd,
    exit: (code?: unknown) => exit(exitCode(code ?? process.exitCode ?? 0)),
    uptime: () => (clock.read() - born) / 1000,
    hrtime: Object.assign(hrtime, { bigint: () => BigInt(Math.round(clock.read() * 1000)) * 1000n }),
    memoryUsage: Object.assign(() => ({ rss: memory() }), { rss: memory }),
    nextTick: (callback: (...values: unknown[]) => void, ...values: unknown[]) => {
      queueMicrotask(() => {
        callback(...values)
      })
    },
    stdout: { write: (text: unknown) => write('stdout', text) },
    stderr: { write: (text: unknown) => write('stderr', text) },
    // The server handles signals, so a listener of the application would never be called.
    on: () => process,
    once: () => process,
    off: () => process,
  }

  function hrtime(since?: readonly [number, number]): [number, number] {
    const us = Math.round(clock.read() * 1000) - (since ? since[0] * 1e6 + since[1] / 1e3 : 0)
    return [Math.floor(us / 1e6), Math.round((us % 1e6) * 1e3)]
  }
  function write(stream: 'stdout' | 'stderr', text: unknown): true {
    print(stream, String(text))
    return true
  }
  return process
}

/** The exit code as one byte, as the system keeps it. */
function exitCode(code: unknown): number {
  const number = Number(code)
  if (Number.isInteger(number)) return number & 0xff
  throw new TypeError(`process.exit(code) needs a whole number, but it got ${String(code)}`)
}
