import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A tiny shell program beside this file in the bundle: it costs 8 ms and no memory worth speaking of. */
const SCRIPT = fileURLToPath(new URL('./sentinel.sh', import.meta.url))

/**
 * Sees to it that no child outlives this process, even when it is killed with SIGKILL. A child's own code cannot do
 * that: in a busy loop it notices nothing. See `sentinel.sh`.
 */
export class Sentinel {
  #shell: ChildProcess | undefined

  /** Starts the shell, if it does not run already. It leaves by itself when this process ends. */
  start(): void {
    if (this.#shell !== undefined) return
    // In a session of its own: Ctrl+C and a closed terminal do not reach it.
    const shell = spawn('/bin/sh', [SCRIPT], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      // It needs none.
      env: {},
    })
    this.#shell = shell
    shell.on('error', () => undefined)
    shell.stdin.on('error', () => undefined)
    // It is no reason for this process to go on.
    shell.unref()
    ;(shell.stdin as unknown as { unref(): void }).unref()
  }

  watch(pid: number): void {
    this.#shell?.stdin?.write(`watch ${pid}\n`)
  }

  /** A PID that was reaped may soon be somebody else's. */
  forget(pid: number): void {
    this.#shell?.stdin?.write(`forget ${pid}\n`)
  }

  /** Ends the shell, and with it every process that is still watched. */
  end(): void {
    this.#shell?.stdin?.end()
    this.#shell = undefined
  }
}
