import { isatty } from 'node:tty'

/** How long a query waits for its answer: rich-toolkit 0.20.3 `get_terminal_color`. */
const PATIENCE_MS = 1000

/** A terminal's answer: OSC 10 or 11 with a colour, ended by ST or BEL. */
const ANSWER = /\u001b\]1[01];[^\u0007\u001b]*(?:\u0007|\u001b\\)/

interface Question {
  /** The process that sends the query. */
  readonly pid: number
  readonly print: () => void
  readonly answered: () => void
}

/**
 * The queries of this process and of its workers to the terminal, one after the other. Only this process reads the terminal, so a worker
 * that is killed during its query leaves nothing behind.
 */
export class TerminalQuestions {
  /** The first one has been sent, the others wait. */
  readonly #waiting: Question[] = []
  #heard = ''
  #reads = false
  #patience: NodeJS.Timeout | undefined

  /** Whether there is a terminal to query; otherwise every query is answered at once, without being sent. */
  readonly possible = isatty(0) && isatty(1)

  /** Calls `print` to send a query for `pid` when it is its turn, and `answered` when the answer came, or a second has passed. */
  ask(pid: number, print: () => void, answered: () => void): void {
    if (!this.possible) return answered()
    this.#waiting.push({ pid, print, answered })
    if (this.#waiting.length === 1) this.#put()
  }

  /** A process has ended: its queries are dropped. */
  forget(pid: number): void {
    const [first] = this.#waiting
    const others = this.#waiting.filter((question) => question.pid !== pid)
    this.#waiting.splice(0, Infinity, ...others)
    if (first?.pid === pid) this.#next()
  }

  /** Restores the terminal's mode. */
  close(): void {
    this.#waiting.length = 0
    this.#next()
  }

  readonly #read = (text: Buffer): void => {
    this.#heard += text.toString('latin1')
    if (ANSWER.test(this.#heard)) this.#answered()
  }

  #answered(): void {
    this.#waiting[0]?.answered()
    // Only now: a query that follows from the answer waits behind the others.
    this.#waiting.shift()
    this.#next()
  }

  #put(): void {
    this.#heard = ''
    if (!this.#reads) {
      this.#reads = true
      // As long as an answer may come, typed keys are not echoed and do not interrupt.
      process.stdin.setRawMode(true)
      process.stdin.on('data', this.#read)
      process.stdin.resume()
    }
    this.#waiting[0]?.print()
    clearTimeout(this.#patience)
    this.#patience = setTimeout(() => this.#answered(), PATIENCE_MS)
  }

  #next(): void {
    clearTimeout(this.#patience)
    if (this.#waiting.length > 0) return this.#put()
    // Nothing was queried: reading `process.stdin` would load it.
    if (!this.#reads) return
    this.#reads = false
    process.stdin.off('data', this.#read)
    process.stdin.pause()
    process.stdin.setRawMode(false)
  }
}
