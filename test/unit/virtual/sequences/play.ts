import { Kernel } from '../../../../simulator/host/virtual/kernel.ts'
import { CALM, RECORDED } from '../../../../simulator/host/virtual/profile.ts'
import { scripted } from '../../../../simulator/host/virtual/scripted.ts'
import type { Settings } from '../../../../simulator/manager/settings.ts'
import type { Act, Story } from './acts.ts'
import type { Edition } from './editions.ts'
import { watch } from './watch.ts'

const TERMINAL = 'server'
/** Longer than every timeout of the originals, one after the other: a graceful stop (30 s) of a reload that is in the way of one. */
const REST_MS = 75_000
/** The end of a rest, longer than any one of those timeouts: if something happens in it, the rest goes on. Reloads may have queued up. */
const QUIET_MS = 35_000

/** A server on a machine of its own, after a story and the rest that followed. */
export class Play {
  readonly settings: Settings
  readonly kernel: Kernel
  readonly watch: ReturnType<typeof watch>
  readonly first: number
  /** The processor events that the rest may take: a boot loop is long, an endless one of no time at all is a defect. */
  #budget = 200_000

  constructor(edition: Edition, { workers, seed, busy, source, more }: Story) {
    this.settings = edition.settings(workers, more)
    this.kernel = new Kernel({
      seed,
      factory: scripted,
      files: { 'main.js': this.#preloadable(source) },
      profile: busy ? RECORDED : CALM,
    })
    this.kernel.openTerminal(TERMINAL, { columns: 80, colors: 'none' })
    this.watch = watch(this.kernel)
    this.first = this.kernel.launch({
      settings: this.settings,
      command: edition.name,
      env: {},
      terminal: TERMINAL,
    })
  }

  /** The managers that live: the first, and those that SIGUSR2 has made. */
  managers(): readonly number[] {
    return this.living('manager')
  }

  living(kind: 'manager' | 'worker'): readonly number[] {
    return [...this.watch.seen.values()]
      .filter((each) => each.kind === kind && each.ended === undefined)
      .map(({ pid }) => pid)
  }

  async act(act: Act): Promise<void> {
    const { kernel } = this
    switch (act.do) {
      case 'wait':
        return this.wait(act.ms)
      case 'signal manager':
      case 'signal worker': {
        const living = this.living(act.do === 'signal manager' ? 'manager' : 'worker')
        const pid = living[act.nth % Math.max(1, living.length)]
        if (pid !== undefined) kernel.signal(pid, act.signal)
        return
      }
      case 'request':
        kernel.request(
          { host: '127.0.0.1', port: 8080, method: 'GET', target: act.target, patience: act.patience },
          { onEnd: () => undefined },
        )
        return
      case 'ctrl-c':
        return kernel.interrupt(TERMINAL)
      case 'resize':
        return kernel.resizeTerminal(TERMINAL, { columns: 60 + Math.floor(kernel.now % 60), colors: 'none' })
      case 'edit':
        return kernel.writeFile('main.js', this.#preloadable(act.source))
    }
  }

  /** A preloaded application is never mended: one that cannot even be imported ends the master, one that ends its worker would for ever. */
  #preloadable(source: string): string {
    return this.settings.gunicorn?.preload === true && /^(boot=exit|life=fail)/.test(source)
      ? 'boot=raise'
      : source
  }

  async wait(ms: number): Promise<void> {
    const { kernel } = this
    const until = kernel.now + ms
    while ((kernel.nextAt() ?? Infinity) <= until) {
      await kernel.step()
      if ((this.#budget -= 1) < 0) throw new Error(`no rest by ${kernel.now} ms: too many events`)
    }
    await kernel.runUntil(until)
  }

  /** The code is mended, whoever is stopped goes on, and nothing happens for a while. */
  async rest(): Promise<void> {
    this.kernel.writeFile('main.js', '')
    for (const { pid } of this.kernel.processes()) this.kernel.signal(pid, 'CONT')
    await this.wait(REST_MS - QUIET_MS)
    let before: string
    do {
      before = this.#soFar()
      await this.wait(QUIET_MS)
    } while (this.#soFar() !== before)
  }

  /** Changes when a process starts, ends, gets further or says something. */
  #soFar(): string {
    const all = [...this.watch.seen.values()]
    return JSON.stringify(all.map(({ pid, phase, ended, lines }) => [pid, phase, ended, lines.length]))
  }

  /** Sends a request and says how it ended. */
  async ask(): Promise<string> {
    let answer = 'nothing'
    this.kernel.request(
      { host: '127.0.0.1', port: 8080, method: 'GET', target: '/', patience: 5000 },
      { onEnd: (end) => (answer = end) },
    )
    await this.wait(6000)
    return answer
  }
}

/** Plays a story to its end, without the rest. */
export async function play(edition: Edition, story: Story): Promise<Play> {
  const it = new Play(edition, story)
  await it.wait(story.lead)
  for (const act of story.acts) await it.act(act)
  return it
}
