import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { until } from '../../node/real/processes.ts'
import type { LoadMessage, LoadOrder, LoadReport } from './report.ts'

/** Load on a server of this machine, from a separate process. */
export class Load {
  /** Answers so far; a little behind. */
  answered = 0
  readonly #client: ChildProcess
  readonly #report: Promise<LoadReport>

  /** It begins at once, and ends after `seconds` unless it is ended earlier. */
  constructor(order: Omit<LoadOrder, 'path'> & { readonly path?: string }) {
    this.#client = fork(join(import.meta.dirname, 'client.ts'), [JSON.stringify({ path: '/', ...order })])
    this.#report = new Promise((resolve, reject) => {
      this.#client.on('message', (message: LoadMessage) => {
        if ('report' in message) resolve(message.report)
        else this.answered = message.answered
      })
      this.#client.once('exit', (code) => reject(new Error(`the load client ended with ${String(code)}`)))
    })
    // `report` rejects with it.
    this.#report.catch(() => undefined)
  }

  /** Waits until it has ended by itself. */
  report(): Promise<LoadReport> {
    return this.#report
  }

  /** Whether it has so many answers within `seconds`. */
  reaches(answers: number, seconds: number): Promise<boolean> {
    return until(() => this.answered >= answers, seconds, 'requests were answered').then(
      () => true,
      () => false,
    )
  }

  /** Sends no more requests, and waits for those in progress. */
  end(): Promise<LoadReport> {
    if (this.#client.connected) this.#client.send('end')
    return this.#report
  }
}
