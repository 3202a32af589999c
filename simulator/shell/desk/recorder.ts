import type { SessionInput, TimedInput } from '../../scenario/session/index.ts'
import { encodeKey, type Key } from '../editor/keys.ts'
import type { Desk } from './desk.ts'

/** Lets something be done to the machine at its next whole millisecond, after everything that happens before it. */
export type ScheduleAction = (run: (at: number) => void) => void

/** Keys that do something at a prompt; the others only change the line that is being typed. */
const ACTING: ReadonlySet<Key['key']> = new Set(['enter', 'interrupt', 'end-of-file', 'suspend', 'clear'])

/** Writes down what a person does at a desk while it is done, so that it can be played again. */
export class Recorder {
  readonly inputs: TimedInput[] = []
  readonly #desk: Desk
  readonly #act: ScheduleAction
  /** Keys that wait for their turn, by terminal: those typed after them must not overtake. */
  readonly #waiting = new Map<string, number>()

  /** `inputs` have been played already. */
  constructor(desk: Desk, act: ScheduleAction, inputs: readonly TimedInput[] = []) {
    this.#desk = desk
    this.#act = act
    this.inputs.push(...inputs)
  }

  /** Does something to the machine, soon. */
  do(input: SessionInput): void {
    this.#act((at) => this.#now(at, input))
  }

  /** Takes keys for a terminal. What only changes the line at a prompt is done at once and not written down. */
  keys(terminal: string, keys: readonly Key[]): void {
    for (const key of keys) {
      const waiting = this.#waiting.get(terminal) ?? 0
      const session = this.#desk.terminals.get(terminal)
      if (waiting === 0 && session?.foreground === 'none' && !ACTING.has(key.key)) {
        session.key(key)
        continue
      }
      this.#waiting.set(terminal, waiting + 1)
      this.#act((at) => {
        this.#waiting.set(terminal, (this.#waiting.get(terminal) ?? 1) - 1)
        this.#key(at, terminal, key)
      })
    }
  }

  #key(at: number, terminal: string, key: Key): void {
    const session = this.#desk.terminals.get(terminal)
    if (session === undefined) return
    if (session.foreground !== 'none') return this.#now(at, { type: 'keys', terminal, data: encodeKey(key) })
    if (!ACTING.has(key.key)) return session.key(key)
    const { text } = session.line
    if (key.key === 'enter') return this.#now(at, { type: 'line', terminal, text })
    this.#now(at, { type: 'keys', terminal, line: text, data: encodeKey(key) })
  }

  #now(at: number, input: SessionInput): void {
    this.inputs.push({ at, ...input })
    this.#desk.apply(input)
  }
}
