import { asBytes, imitate } from './imitate.ts'
import { expectedClients } from '../judge/facts.ts'
import type { Observed, ObservedAlive, ObservedClient, ObservedLine } from '../recording/observed.ts'
import type { Ending, Recorded, Result, WebSocketAct } from '../recording/scenario.ts'
import { timingOf } from '../recording/timing.ts'
import type { Begun, Driver, Launch, Request } from './world.ts'

/**
 * A driver that plays a recording back: after each action it prints the recorded lines up to the next action. It tests `replay` without a
 * server of ours. Its clock only advances in `sleep`.
 */
export class Tape implements Driver {
  /** The actions so far. */
  readonly done: string[] = []
  readonly #run: Observed & { attributed: true }
  readonly #recorded: Recorded
  readonly #asBytes: boolean
  readonly #share: (lines: number) => number
  #now = 0
  #printed = 0
  #lastOutput = 0
  #step = -1
  #alive = 0
  #ended: Ending | undefined
  #due: { at: number; what: () => void }[] = []

  constructor(recorded: Recorded, options: { readonly bytes: boolean }) {
    this.#recorded = recorded
    this.#run = imitate(recorded)
    this.#asBytes = options.bytes
    const { lines } = timingOf(recorded)
    this.#share = (n) =>
      n >= lines ? this.#run.lines.length : Math.floor((n / lines) * this.#run.lines.length)
  }

  start(launch: Launch): Promise<void> {
    this.done.push(launch.command)
    this.#goOn()
    return Promise.resolve()
  }

  now(): number {
    return this.#now
  }

  sleep(seconds: number): Promise<void> {
    this.#now += seconds
    const due = this.#due.filter(({ at }) => at <= this.#now)
    this.#due = this.#due.filter(({ at }) => at > this.#now)
    for (const { what } of due) what()
    return Promise.resolve()
  }

  output(): readonly string[] {
    return this.#seen()
      .filter(({ pid }) => pid !== 0)
      .map(({ text }) => text)
  }

  lastOutput(): number {
    return this.#lastOutput
  }

  ended(): Ending | undefined {
    return this.#ended
  }

  kill(target: 'parent' | number, signal: string): Promise<void> {
    this.#did(`kill -${signal} ${target}`)
    return Promise.resolve()
  }

  pressCtrlC(): Promise<void> {
    this.#did('Ctrl+C')
    return Promise.resolve()
  }

  request(path: string, by: number | undefined): Request {
    const nth = this.done.filter((what) => what.startsWith('GET')).length
    this.#did(`GET ${path}${by === undefined ? '' : ` (worker ${by})`}`)
    const expected = expectedClients(this.#recorded)[nth]
    const request: { ended: ObservedClient | undefined } = { ended: undefined }
    const seconds = expected?.seconds ?? 0.01
    this.#later(seconds, () => {
      request.ended = { path, result: (expected?.result ?? 'timed out') as Result, seconds }
      if (expected?.seconds !== undefined) this.#did(`${path} ended`)
    })
    return request
  }

  resize(columns: number, rows: number): Promise<void> {
    this.#did(`resize ${columns}x${rows}`)
    return Promise.resolve()
  }

  newMaster(): Promise<boolean> {
    this.#did('new master')
    return Promise.resolve(true)
  }

  socketFile(): Promise<boolean> {
    this.#did('socket file')
    return Promise.resolve(this.#run.checks?.includes('socket file still there') === true)
  }

  webSocket(act: WebSocketAct): Begun {
    return this.#noted(`websocket ${act}`)
  }

  pipeline(paths: readonly string[]): Begun {
    this.#did(`pipeline ${paths.join(' ')}`)
    const said = this.#recorded.steps.flatMap((step) => (step.do === 'pipelined' ? [step.result] : []))
    const begun: { result: string | undefined } = { result: undefined }
    this.#later(2, () => {
      begun.result = said[0]
      this.#did('pipelined')
    })
    return begun
  }

  breakCode(): Promise<void> {
    this.#did('edit')
    return Promise.resolve()
  }

  slowDown(): Promise<void> {
    this.#did('slow down')
    return Promise.resolve()
  }

  alive(): Promise<ObservedAlive> {
    this.#did('alive')
    return Promise.resolve(this.#run.alive[this.#alive++] ?? { master: 'gone', workers: [] })
  }

  observe(): Promise<Observed> {
    const run = { ...this.#run, lines: this.#seen(), master: this.#ended ?? ({ kind: 'running' } as const) }
    return Promise.resolve(this.#asBytes ? asBytes(run, this.#recorded.medium.kind === 'pipes') : run)
  }

  stop(): Promise<void> {
    this.done.push('stop')
    return Promise.resolve()
  }

  #seen(): readonly ObservedLine[] {
    return this.#run.lines.slice(0, this.#printed)
  }

  /** What the recording's next check of a WebSocket says. */
  #noted(what: string): Begun {
    const nth = this.done.filter((one) => one.startsWith('websocket')).length
    this.#did(what)
    const said = this.#recorded.steps.flatMap((step) => (step.do === 'websocket' ? [step.result] : []))
    return { result: said[nth] }
  }

  #did(what: string): void {
    this.done.push(what)
    this.#goOn()
  }

  /** Prints up to the next step, and lets the master end when it had ended by then. */
  #goOn(): void {
    const { steps, exit, lines } = timingOf(this.#recorded)
    this.#step++
    // A pause is none of our doing.
    while (this.#recorded.steps[this.#step]?.do === 'wait') this.#step++
    const next = steps[this.#step]
    this.#later(0.1, () => {
      const count = this.#share(next?.lines ?? lines)
      if (count > this.#printed) {
        this.#printed = count
        this.#lastOutput = this.#now
      }
      if (exit !== null && exit <= (next?.at ?? Infinity)) this.#ended = this.#recorded.exit
    })
  }

  #later(seconds: number, what: () => void): void {
    this.#due.push({ at: this.#now + seconds, what })
  }
}
