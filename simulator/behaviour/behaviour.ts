import { parseCommand } from '../command/index.ts'
import { Kernel } from '../host/virtual/kernel.ts'
import { scripted } from '../host/virtual/scripted.ts'
import type { RequestEnd, TraceEvent } from '../machine/trace.ts'
import type { ExitStatus } from '../manager/machine.ts'
import { stripAnsi } from '../terminal/index.ts'
import { commandOf, type Edition } from './editions.ts'
import type { EventAction, EventId, ServerEvent } from './events.ts'

/** What an event leads to. */
export type EventOutcome =
  /** No process ends and none starts. */
  | 'nothing'
  /** At the start: all workers serve. */
  | 'serves'
  /** At the start: the manager waits, and no worker ever serves. */
  | 'none-serves'
  /** One worker, or every worker, was replaced by a new one. */
  | 'one-replaced'
  | 'all-replaced'
  | 'one-more'
  | 'newest-goes'
  | 'oldest-goes'
  /** A worker ended and was not replaced. */
  | 'one-missing'
  | 'none-left'
  /** Workers start and die without end. */
  | 'loops'
  /** A second manager with workers of its own. */
  | 'second-manager'
  | 'suspended'
  | 'stops'
  /** The manager is killed, and its workers notice and exit. */
  | 'workers-follow'
  /** The manager is killed, and its workers go on serving. */
  | 'orphans'

/** What a program does at an event, observed on the simulated machine. */
export interface Behaviour {
  readonly edition: string
  readonly event: EventId
  readonly effect: EventOutcome
  readonly said: readonly ProcessOutput[]
  /** How the manager ended, if it did. */
  readonly ended: ExitStatus | undefined
  /** Exit codes of the other runs, where they differ. */
  readonly otherCodes: readonly number[]
  /** How many workers were alive before the event and after it. */
  readonly workers: readonly [before: number, after: number]
  /**
   * Seconds until nothing changed any more, the shortest and the longest of the runs; `undefined` when nothing happened or changes never
   * ended.
   */
  readonly seconds: readonly [number, number] | undefined
  /** How the request ended that was in progress. */
  readonly request: RequestEnd | undefined
}

/** What a process prints after the event, without colours. */
export interface ProcessOutput {
  readonly by: 'manager' | 'worker' | 'second manager'
  /** How many workers print the same. */
  readonly times: number
  /** The lines with names in place of PIDs: `<parent>`, `<worker>` (the process that prints), `<w1>`, …; `<ts>` for a time of day, `<port>` for a client's port. */
  readonly lines: readonly string[]
  /** The same lines as one of the runs printed them. */
  readonly printed: readonly string[]
  /** How many more lines of the same kinds follow. */
  readonly left: number
}

/** How many runs are observed, each with its own seed. */
const RUNS = 5
/** A boot loop prints the same lines without end: this many are kept. */
const MOST_LINES = 24
const MOST_BLOCKS = 5
/** Virtual time in which every program has started its workers. */
const LEAD_MS = 4000
const PORT = 8000

/** What `edition` does at `event`; `undefined` where its command lacks an option that the event needs. */
export async function behaviour(
  edition: Edition,
  event: ServerEvent & { readonly id: EventId },
): Promise<Behaviour | undefined> {
  const runs: Run[] = []
  for (let seed = 1; seed <= RUNS; seed++) {
    const run = await once(edition, event, seed)
    if (run === undefined) return undefined
    runs.push(run)
  }
  const kinds = Map.groupBy(runs, keyOf)
  const [most] = [...kinds.values()].toSorted((a, b) => b.length - a.length)
  const shown = most?.[0]
  if (most === undefined || shown === undefined) throw new Error('expected at least one run')
  const times = most.flatMap(({ settled }) => settled ?? [])
  const quiet = shown.effect === 'nothing' || shown.effect === 'loops' || times.length === 0
  return {
    edition: edition.name,
    event: event.id,
    effect: shown.effect,
    said: shown.said,
    ended: shown.ended,
    otherCodes: codesOf(
      runs.filter((run) => !most.includes(run)),
      shown.ended,
    ),
    workers: shown.workers,
    seconds: quiet ? undefined : [rounded(Math.min(...times)), rounded(Math.max(...times))],
    request: shown.request,
  }
}

function keyOf({ effect, ended }: Run): string {
  return JSON.stringify([effect, ended])
}

function codesOf(runs: readonly Run[], but: ExitStatus | undefined): number[] {
  const codes = runs.flatMap(({ ended }) => (ended !== undefined && 'code' in ended ? [ended.code] : []))
  return [...new Set(codes)].filter((code) => but === undefined || !('code' in but) || but.code !== code)
}

function rounded(ms: number): number {
  return Math.round(ms / 100) / 10
}

type Run = Pick<Behaviour, 'effect' | 'said' | 'ended' | 'workers' | 'request'> & {
  readonly settled: number | undefined
}

async function once(edition: Edition, event: ServerEvent, seed: number): Promise<Run | undefined> {
  const { speaks } = edition
  const extra = event.options?.[speaks.program] ?? []
  if (extra === 'unknown') return undefined
  const argv = [...commandOf(edition, event.workers ?? 4, event.app), ...extra]
  const parsed = parseCommand(argv, {
    speaks,
    env: {},
    columns: 80,
    colors: true,
    words: { notYet: '{option}' },
  })
  if (parsed.kind !== 'run')
    throw new Error(`expected '${argv.join(' ')}' to start a server, got: ${parsed.text}`)
  const kernel = new Kernel({ seed, factory: scripted, files: { 'main.js': event.source ?? '' } })
  kernel.openTerminal('server', { columns: 80, colors: 'truecolor' })
  if (event.portTaken === true) kernel.network.listeners.bind(1, parsed.settings.binds, 1)
  const atStart = event.deeds.length === 0
  const watch = new Watch(kernel, parsed.settings.workers)
  const manager = kernel.launch({
    settings: parsed.settings,
    command: argv.join(' '),
    env: {},
    terminal: 'server',
  })
  watch.manager = manager
  if (!atStart) await kernel.runUntil(LEAD_MS)
  watch.begin()
  for (const deed of event.deeds) await perform(kernel, deed, watch)
  await kernel.runUntil(kernel.now + (event.watch ?? 12) * 1000)
  return watch.result()
}

async function perform(kernel: Kernel, deed: EventAction, watch: Watch): Promise<void> {
  switch (deed.do) {
    case 'signal manager':
      kernel.signal(watch.manager, deed.signal)
      return
    case 'signal worker':
      kernel.signal(watch.before[1] ?? 0, deed.signal)
      return
    case 'ctrl-c':
      if (watch.ended === undefined) kernel.interrupt('server')
      return
    case 'request':
      kernel.request(
        { host: '127.0.0.1', port: PORT, method: 'GET', target: deed.target },
        { onEnd: (end) => (watch.request = end) },
      )
      return
    case 'edit':
      return kernel.writeFile('main.js', deed.source)
    case 'wait':
      return kernel.runUntil(kernel.now + deed.ms)
  }
}

/** Follows the trace of a run and determines what the event led to. */
class Watch {
  readonly #kernel: Kernel
  readonly #output: (TraceEvent & { type: 'output' })[] = []
  readonly #names = new Map<number, string>()
  readonly #workers: { pid: number; parent: number; born: number }[] = []
  /** PIDs of the workers that serve at present. */
  readonly #serving = new Set<number>()
  manager = 0
  before: readonly number[] = []
  ended: ExitStatus | undefined
  request: RequestEnd | undefined
  #since = 0
  #last: number | undefined
  readonly #told = new Set<number>()
  readonly #wanted: number

  constructor(kernel: Kernel, wanted: number) {
    this.#kernel = kernel
    this.#wanted = wanted
    kernel.subscribe((event) => this.#see(event))
  }

  begin(): void {
    this.#since = this.#kernel.now
    this.before = this.#living()
    this.#output.length = 0
    this.#last = undefined
  }

  #living(): number[] {
    return this.#workers.map(({ pid }) => pid).filter((pid) => this.#kernel.process(pid)?.alive === true)
  }

  #see(event: TraceEvent): void {
    switch (event.type) {
      case 'forked':
        if (event.kind === 'worker') {
          this.#names.set(event.pid, `w${this.#workers.length + 1}`)
          this.#workers.push({ pid: event.pid, parent: event.ppid, born: event.at })
        } else if (event.kind === 'manager') {
          this.#names.set(event.pid, this.#names.size === 0 ? 'parent' : 'parent2')
        }
        return
      case 'ended':
        if (event.pid === this.manager) this.ended = event.status
        if (this.#names.has(event.pid)) this.#last = event.at
        return
      case 'phase':
        if (event.phase === 'serving') this.#last = event.at
        if (event.phase === 'serving') this.#serving.add(event.pid)
        else this.#serving.delete(event.pid)
        return
      case 'signalled':
        if (event.from === this.manager) this.#told.add(event.pid)
        return
      case 'stopped':
        if (event.pid === this.manager) this.#last = event.at
        return
      case 'output':
        if (event.text !== '' && event.record?.kind !== 'question') this.#output.push(event)
    }
  }

  result(): Run {
    const after = this.#living()
    return {
      effect: this.#effect(after),
      said: this.#said(),
      ended: this.ended,
      workers: [this.before.length, after.length],
      request: this.request,
      settled: this.#last === undefined ? undefined : this.#last - this.#since,
    }
  }

  #effect(after: readonly number[]): EventOutcome {
    const { before } = this
    const started = this.#workers.filter(({ born }) => born > this.#since)
    // A worker may die during uvicorn's ping, and then the next one starts up to 5 s later.
    const lately = started.some(({ born }) => this.#kernel.now - born < 6000)
    if (this.ended !== undefined) {
      if ('signal' in this.ended) return after.length > 0 ? 'orphans' : 'workers-follow'
      return 'stops'
    }
    if (this.#kernel.process(this.manager)?.frozen === true) return 'suspended'
    const serving = after.filter((pid) => this.#serving.has(pid))
    if (
      serving.length === 0 &&
      lately &&
      started.length > (before.length === 0 ? this.#wanted : before.length)
    )
      return 'loops'
    if (before.length === 0) return serving.length > 0 ? 'serves' : 'none-serves'
    if (this.#workers.some(({ pid, parent }) => parent !== this.manager && after.includes(pid)))
      return 'second-manager'
    const gone = before.filter((pid) => !after.includes(pid))
    const fresh = after.filter((pid) => !before.includes(pid))
    if (gone.length === 0) return fresh.length === 0 ? 'nothing' : 'one-more'
    if (after.length === 0) return 'none-left'
    if (fresh.length === gone.length) return gone.length === before.length ? 'all-replaced' : 'one-replaced'
    if (!gone.some((pid) => this.#told.has(pid))) return 'one-missing'
    return gone.includes(before[0] ?? 0) ? 'oldest-goes' : 'newest-goes'
  }

  /** The output by process, in the order in which they first printed; workers that print the same are counted together. */
  #said(): ProcessOutput[] {
    const blocks: { by: ProcessOutput['by']; times: number; lines: string[]; printed: string[] }[] = []
    for (const [pid, outputs] of Map.groupBy(this.#output, (output) => output.pid)) {
      const name = this.#names.get(pid)
      const by = name === 'parent' ? 'manager' : name === 'parent2' ? 'second manager' : 'worker'
      const text = stripAnsi(outputs.map((output) => output.text).join('')).replace(/\n$/, '')
      const lines = this.#named(text, by === 'worker' ? pid : 0).split('\n')
      const same = blocks.find((block) => block.by === by && block.lines.join('\n') === lines.join('\n'))
      if (same === undefined) blocks.push({ by, times: 1, lines, printed: text.split('\n') })
      else same.times += 1
    }
    return blocks
      .filter(({ by, times }, i) => by !== 'worker' || times > 1 || i < MOST_BLOCKS)
      .map(({ by, times, lines, printed }) => ({
        by,
        times,
        lines: lines.slice(0, MOST_LINES),
        printed: printed.slice(0, MOST_LINES),
        left: Math.max(0, lines.length - MOST_LINES),
      }))
  }

  #named(text: string, speaker: number): string {
    return text
      .replaceAll(/\b\d{5,}\b/g, (number) => {
        const name = this.#names.get(Number(number))
        return name === undefined ? number : Number(number) === speaker ? '<worker>' : `<${name}>`
      })
      .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000/g, '<ts>')
      .replaceAll(/SpawnProcess-\d+/g, 'SpawnProcess-<n>')
      .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
  }
}
