import type { SessionInput, TimedInput } from '../../scenario/session/index.ts'
import { encodeKey, type Key } from '../editor/keys.ts'
import type { Desk } from './desk.ts'

/** Calls `run` at the machine's next whole millisecond, after all other events until then. */
export type ScheduleAction = (run: (at: number) => void) => void

/** Keys that act on the machine at a prompt; other keys only change the line that is being typed. */
const MACHINE_KEYS: ReadonlySet<Key['key']> = new Set([
  'enter',
  'interrupt',
  'end-of-file',
  'suspend',
  'clear',
])

/** Records what a person does at a desk, so that it can be replayed. */
export class Recorder {
  readonly inputs: TimedInput[] = []
  readonly #desk: Desk
  readonly #atNextMillisecond: ScheduleAction
  /** The number of keys that wait for their millisecond, by terminal: later keys must not overtake them. */
  readonly #waiting = new Map<string, number>()

  /** @param inputs inputs that have already been played */
  constructor(desk: Desk, atNextMillisecond: ScheduleAction, inputs: readonly TimedInput[] = []) {
    this.#desk = desk
    this.#atNextMillisecond = atNextMillisecond
    this.inputs.push(...inputs)
  }

  /** Applies an input to the machine at its next millisecond, and records it. */
  do(input: SessionInput): void {
    this.#atNextMillisecond((at) => this.#now(at, input))
  }

  /** Takes keys for a terminal. Keys that only change the line at a prompt take effect at once and are not recorded. */
  keys(terminal: string, keys: readonly Key[]): void {
    for (const key of keys) {
      const waiting = this.#waiting.get(terminal) ?? 0
      const session = this.#desk.terminals.get(terminal)
      if (waiting === 0 && session?.foreground === 'none' && !MACHINE_KEYS.has(key.key)) {
        session.key(key)
        continue
      }
      this.#waiting.set(terminal, waiting + 1)
      this.#atNextMillisecond((at) => {
        this.#waiting.set(terminal, (this.#waiting.get(terminal) ?? 1) - 1)
        this.#key(at, terminal, key)
      })
    }
  }

  #key(at: number, terminal: string, key: Key): void {
    const session = this.#desk.terminals.get(terminal)
    if (session === undefined) return
    if (session.foreground !== 'none') return this.#now(at, { type: 'keys', terminal, data: encodeKey(key) })
    if (!MACHINE_KEYS.has(key.key)) return session.key(key)
    const { text } = session.line
    if (key.key === 'enter') return this.#now(at, { type: 'line', terminal, text })
    this.#now(at, { type: 'keys', terminal, line: text, data: encodeKey(key) })
  }

  #now(at: number, input: SessionInput): void {
    this.inputs.push({ at, ...input })
    this.#desk.apply(input)
  }
}
