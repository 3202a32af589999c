import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { now } from '../system/now.ts'
import { startProcess } from '../system/start-process.ts'

/** A tiny shell program beside this file in the bundle: it costs 8 ms and hardly any memory. */
export const SENTINEL = fileURLToPath(new URL('./sentinel.sh', import.meta.url))

/** A sentinel that ended sooner than this, in ms, is not restarted at once: the next one might end as soon. */
const SOON_MS = 1000

/**
 * Makes sure that no child outlives this process, even when it is killed with SIGKILL. A child's own code cannot do that: in a busy loop it
 * would not notice. See `sentinel.sh`. When the sentinel itself is killed, another one replaces it.
 */
export class Sentinel {
  readonly #watched = new Set<number>()
  readonly #folders: string[] = []
  #shell: ChildProcess | undefined
  #again: NodeJS.Timeout | undefined

  /** Starts the sentinel, unless it is running. It exits by itself when this process ends. */
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
    // What the system refuses now (too many processes, no memory) it may allow later.
    const shell = this.#start(lost)
    this.#shell = shell
    shell?.once('exit', lost)
    for (const folder of this.#folders) this.#say(`remove ${folder}`)
  }

  watch(pid: number): void {
    this.#watched.add(pid)
    this.#say(`watch ${pid}`)
  }

  /** Stops watching a PID: once reaped, it may soon be another process's. */
  forget(pid: number): void {
    this.#watched.delete(pid)
    this.#say(`forget ${pid}`)
  }

  /** Registers a folder of ours that is removed when this process ends. */
  remove(folder: string): void {
    this.#folders.push(folder)
    this.#say(`remove ${folder}`)
  }

  /** Ends the sentinel, and with it every process that is still watched. */
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
    // It does not keep this process alive.
    shell?.unref()
    ;(shell?.stdin as { unref(): void } | null | undefined)?.unref()
    return shell
  }
}
