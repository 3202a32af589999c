import { isatty } from 'node:tty'

/** How long a question waits for its answer: rich-toolkit 0.20.3 `get_terminal_color`. */
const PATIENCE_MS = 1000

/** What a terminal answers: OSC 10 or 11 with a colour, ended by ST or BEL. */
const ANSWER = /\u001b\]1[01];[^\u0007\u001b]*(?:\u0007|\u001b\\)/

interface Question {
  /** The process that asks. */
  readonly pid: number
  readonly print: () => void
  readonly answered: () => void
}

/**
 * The questions of this process and of its workers to the terminal, one after the other. Only here the terminal is read, so that a
 * worker that is killed in the middle of its question leaves nothing behind.
 */
export class TerminalQuestions {
  /** The first has been put, the others wait. */
  readonly #waiting: Question[] = []
  #heard = ''
  #reads = false
  #patience: NodeJS.Timeout | undefined

  /** Whether there is a terminal to ask; else every question is answered at once, without being put. */
  readonly possible = isatty(0) && isatty(1)

  /** Has `print` put a question on behalf of `pid` when it is its turn, and says when it is answered or has waited for a second. */
  ask(pid: number, print: () => void, answered: () => void): void {
    if (!this.possible) return answered()
    this.#waiting.push({ pid, print, answered })
    if (this.#waiting.length === 1) this.#put()
  }

  /** A process has ended: nothing is asked for it any more. */
  forget(pid: number): void {
    const [first] = this.#waiting
    const others = this.#waiting.filter((question) => question.pid !== pid)
    this.#waiting.splice(0, Infinity, ...others)
    if (first?.pid === pid) this.#next()
  }

  /** Gives the terminal back as it was. */
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
    // Only now: what is asked upon the answer waits behind the others.
    this.#waiting.shift()
    this.#next()
  }

  #put(): void {
    this.#heard = ''
    if (!this.#reads) {
      this.#reads = true
      // What is typed is neither shown nor does it interrupt, as long as an answer may come.
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
    // Nobody asked: to look at stdin is to load it.
    if (!this.#reads) return
    this.#reads = false
    process.stdin.off('data', this.#read)
    process.stdin.pause()
    process.stdin.setRawMode(false)
  }
}
