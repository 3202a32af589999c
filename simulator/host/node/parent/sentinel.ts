import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { now } from '../system/now.ts'
import { startProcess } from '../system/start-process.ts'

/** A tiny shell program beside this file in the bundle: it costs 8 ms and no memory worth speaking of. */
export const SENTINEL = fileURLToPath(new URL('./sentinel.sh', import.meta.url))

/** One that ended sooner than this, in ms, is not started again at once: nothing keeps it from ending so soon again. */
const SOON_MS = 1000

/**
 * Sees to it that no child outlives this process, even when it is killed with SIGKILL. A child's own code cannot do
 * that: in a busy loop it notices nothing. See `sentinel.sh`. When it is killed itself, another one takes its place.
 */
export class Sentinel {
  readonly #watched = new Set<number>()
  readonly #folders: string[] = []
  #shell: ChildProcess | undefined
  #again: NodeJS.Timeout | undefined

  /** Starts the shell, if it does not run already. It leaves by itself when this process ends. */
  start(): void {
    if (this.#shell !== undefined || this.#again !== undefined) return
    const since = now()
    const lost = () => {
      if (this.#shell !== shell || this.#again !== undefined) return
      this.#shell = undefined
      const again = () => {
        this.#again = undefined
        this.start()
      }
      if (now() - since > SOON_MS) return again()
      this.#again = setTimeout(again, SOON_MS).unref()
    }
    // What the system refuses just now (too many processes, no memory) it may give later.
    const shell = this.#start(lost)
    this.#shell = shell
    shell?.once('exit', lost)
    for (const folder of this.#folders) this.#say(`remove ${folder}`)
  }

  watch(pid: number): void {
    this.#watched.add(pid)
    this.#say(`watch ${pid}`)
  }

  /** A PID that was reaped may soon be somebody else's. */
  forget(pid: number): void {
    this.#watched.delete(pid)
    this.#say(`forget ${pid}`)
  }

  /** A folder of ours that goes with this process. */
  remove(folder: string): void {
    this.#folders.push(folder)
    this.#say(`remove ${folder}`)
  }

  /** Ends the shell, and with it every process that is still watched. */
  end(): void {
    clearTimeout(this.#again)
    this.#again = undefined
    const shell = this.#shell
    this.#shell = undefined
    shell?.stdin?.end()
  }

  #say(line: string): void {
    this.#shell?.stdin?.write(`${line}\n`)
  }

  #start(failed: () => void): ChildProcess | undefined {
    // In a session of its own: Ctrl+C and a closed terminal do not reach it.
    const shell = startProcess(
      '/bin/sh',
      [SENTINEL, ...[...this.#watched].map(String)],
      {
        detached: true,
        stdio: ['pipe', 'ignore', 'ignore'],
        // It needs none.
        env: {},
      },
      failed,
    )
    shell?.stdin?.on('error', () => undefined)
    // It is no reason for this process to go on.
    shell?.unref()
    ;(shell?.stdin as { unref(): void } | null | undefined)?.unref()
    return shell
  }
}
