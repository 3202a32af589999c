import { html, nothing, type TemplateResult } from 'lit'
import { ownSockets } from '../../lab/picture/drawing.ts'
import type { Thing } from '../../lab/picture/things.ts'
import type { Speech } from '../../lab/words.ts'
import type { ClientLoad } from '../../../simulator/machine/clients/clients.ts'
import type { Kept } from '../../../simulator/machine/keeper/api.ts'
import type { UnitStatus } from '../../../simulator/machine/init/api.ts'
import type { ProcessInfo } from '../../../simulator/machine/system.ts'
import {
  doing,
  holder,
  memoryParts,
  openRequests,
  type Picture,
} from '../../../simulator/machine/view/index.ts'
import type { SignalName } from '../../../simulator/manager/signals.ts'
import type { Input } from '../../../simulator/scenario/session/index.ts'
import { LIMITS } from '../../../simulator/scenario/session/index.ts'
import type { PlayWords } from '../words.ts'
import { keptThing } from './kept.ts'
import { cores, machine, proxy, unit } from './machine.ts'

export interface Inspector {
  readonly speech: Speech
  readonly words: PlayWords
  readonly thing: Thing
  readonly picture: Picture
  /** The table of processes; only of the present. */
  readonly processes: readonly ProcessInfo[]
  readonly units: readonly UnitStatus[]
  readonly kept: readonly Kept[]
  /** What a keeper wrote down about what it keeps. */
  readonly keeperLog: (name: string) => readonly { readonly at: number; readonly text: string }[]
  readonly terminals: readonly { readonly name: string; readonly title: string }[]
  readonly file: (path: string) => string | undefined
  readonly machine: { readonly memory: number; readonly cores: number; readonly swap?: number }
  /** Virtual ms, and the calendar time at 0. */
  readonly now: number
  readonly epoch: number
  /** The name that the clients use, when they go through a proxy. */
  readonly site: string | undefined
  readonly load: ClientLoad
  readonly clientsOn: boolean
  readonly onDo: (...inputs: readonly Input[]) => void
  readonly onChoose: (thing: Thing) => void
  readonly onClose: () => void
}

export type Fact = readonly [name: string, value: string | number | TemplateResult]

/** What is told of a thing. */
export interface Told {
  readonly title: string
  readonly about: string
  readonly facts: readonly Fact[]
  readonly actions: TemplateResult | typeof nothing
}

/** What a thing of the picture is, its facts, and what can be done to it. */
export function inspector(inspector: Inspector): TemplateResult {
  const { words } = inspector
  const told = tell(inspector)
  return html`<section
    class="inspector"
    aria-label=${told.title}
    @keydown=${(event: KeyboardEvent) => event.key === 'Escape' && inspector.onClose()}
  >
    <h2 tabindex="-1">${told.title}</h2>
    <button class="close" aria-label=${words.ask.close} @click=${inspector.onClose}>
      <span aria-hidden="true">✕</span>
    </button>
    <p>${told.about}</p>
    <dl>
      ${told.facts.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    ${told.actions}
  </section>`
}

function tell(inspector: Inspector): Told {
  switch (inspector.thing.kind) {
    case 'worker':
      return worker(inspector, inspector.thing.place)
    case 'manager':
      return manager(inspector)
    case 'socket':
      return socket(inspector)
    case 'clients':
      return clients(inspector)
    case 'memory':
      return memory(inspector)
    case 'machine':
      return machine(inspector)
    case 'cores':
      return cores(inspector)
    case 'proxy':
      return proxy(inspector)
    case 'unit':
      return unit(inspector, inspector.thing.unit)
    case 'kept':
      return keptThing(inspector, inspector.thing.name)
  }
}

const MB = 1_000_000

/** Facts of any process from the table. */
function processFacts({ words, speech, processes }: Inspector, pid: number): readonly Fact[] {
  const { facts } = words.ask
  const process = processes.find((each) => each.pid === pid)
  if (process === undefined) return []
  return [
    [facts.since, seconds(speech, words, process.startedAt)],
    [facts.memory, megabytes(words, process.memory)],
    [facts.cpu, seconds(speech, words, process.cpu)],
    [facts.command, html`<code translate="no">${process.command}</code>`],
  ]
}

function worker(inspector: Inspector, id: number): Told {
  const { words, speech, picture } = inspector
  const { facts } = words.ask
  const place = picture.places.find((each) => each.id === id)
  const life = place === undefined ? undefined : holder(place)
  if (place === undefined || life === undefined) {
    return { title: words.ask.worker.about, about: '', facts: [], actions: nothing }
  }
  const state = doing(life)
  const before = place.lives.filter(({ pid }) => pid !== life.pid).map(({ pid }) => pid)
  return {
    title: speech.say(words.ask.worker.title, { pid: life.pid }),
    about: words.ask.worker.about,
    facts: [
      [
        facts.state,
        state === 'ended' ? speech.words.picture.states.gone : speech.words.picture.states[state],
      ],
      [facts.open, openRequests(life)],
      [facts.answered, life.answered],
      [facts.lost, life.lost],
      ...processFacts(inspector, life.pid),
      [facts.before, before.length === 0 ? facts.none : before.join(', ')],
    ],
    actions:
      state === 'ended'
        ? nothing
        : html`${signals(inspector, life.pid, ['TERM', 'KILL', 'INT', 'STOP', 'CONT'])}
          ${faults(inspector, life.pid)}`,
  }
}

function manager(inspector: Inspector): Told {
  const { words, speech, picture } = inspector
  const { server } = picture
  const pid = server?.pid ?? 0
  const { states } = speech.words.picture
  const state =
    server?.until !== undefined
      ? states.gone
      : server?.stopping === true
        ? states.stopping
        : server?.listening === true
          ? states.watching
          : states.starting
  return {
    title: speech.say(words.ask.manager.title, { pid }),
    about: server?.alone === true ? words.ask.manager.alone : words.ask.manager.about,
    facts: [[words.ask.facts.state, state], ...processFacts(inspector, pid)],
    actions:
      server === undefined || server.until !== undefined
        ? nothing
        : signals(
            inspector,
            pid,
            // uvicorn knows TTIN and TTOU as gunicorn does; QUIT is gunicorn's.
            server.program === 'gunicorn'
              ? ['HUP', 'TTIN', 'TTOU', 'TERM', 'INT', 'QUIT', 'KILL']
              : ['HUP', 'TTIN', 'TTOU', 'TERM', 'INT', 'KILL'],
          ),
  }
}

function signals(
  inspector: Inspector,
  pid: number,
  names: readonly (SignalName & keyof PlayWords['ask']['signals'])[],
) {
  const { words } = inspector
  return html`<ul class="signals" aria-label=${words.ask.signal}>
    ${names.map(
      (signal) =>
        html`<li>
          <button @click=${() => inspector.onDo({ type: 'signal', pid, signal })}>
            <code translate="no">${`kill -${signal}`}</code>
          </button>
          <span class="soft">${words.ask.signals[signal]}</span>
        </li>`,
    )}
  </ul>`
}

/** What one would not do to a process that one needs. */
function faults({ words, onDo }: Inspector, pid: number): TemplateResult {
  return html`<div class="row">
    <button @click=${() => onDo({ type: 'spin', pid })}>${words.ask.worker.spin}</button>
    <button @click=${() => onDo({ type: 'fill-memory', pid, bytes: 200 * MB })}>
      ${words.ask.worker.fill}
    </button>
  </div>`
}

function socket(inspector: Inspector): Told {
  const { words, picture } = inspector
  const { facts } = words.ask
  const [first] = ownSockets(picture)
  if (first === undefined) {
    return { title: words.ask.socket.title, about: words.ask.socket.closed, facts: [], actions: nothing }
  }
  const { bind, waiting } = first
  const address =
    bind.kind === 'tcp' ? `${bind.host}:${bind.port}` : bind.kind === 'unix' ? bind.path : `fd ${bind.fd}`
  const holders = picture.places
    .map((place) => holder(place))
    .filter((life) => life?.until === undefined)
    .map((life) => life?.pid)
  return {
    title: words.ask.socket.title,
    about: words.ask.socket.about,
    facts: [
      [facts.address, html`<code translate="no">${address}</code>`],
      [facts.waiting, waiting],
      [facts.holders, holders.join(', ')],
    ],
    actions: html`<form
      @submit=${(event: Event) => {
        event.preventDefault()
        const path = new FormData(event.target as HTMLFormElement).get('path')
        inspector.onDo({ type: 'request', method: 'GET', target: targetOf(path) })
      }}
    >
      <label
        >${words.ask.socket.path}
        <input name="path" value=${inspector.load.target} translate="no" spellcheck="false"
      /></label>
      <button>${words.ask.socket.request}</button>
    </form>`,
  }
}

/** A path that can be asked for; what cannot stand in one is encoded. */
function targetOf(text: FormDataEntryValue | null): string {
  const path = typeof text === 'string' ? text.trim() : ''
  return encodeURI(path.startsWith('/') ? path : `/${path}`).slice(0, 1000)
}

function clients(inspector: Inspector): Told {
  const { words, speech, load, clientsOn } = inspector
  const { facts } = words.ask
  const [least, most] = load.pause
  const field = (name: string, label: string, value: number, [low, high]: readonly [number, number]) =>
    html`<label
      >${label} <input type="number" name=${name} min=${low} max=${high} .value=${String(value)} required
    /></label>`
  return {
    title: words.ask.clients.title,
    about: words.ask.clients.about,
    facts: [
      [facts.clients, load.clients],
      [facts.rate, speech.say(facts.pause, { least, most })],
      [facts.target, html`<code translate="no">${load.method} ${load.target}</code>`],
    ],
    actions: html`<form
      @submit=${(event: Event) => {
        event.preventDefault()
        const data = new FormData(event.target as HTMLFormElement)
        const number = (name: string) => Math.round(Number(data.get(name)))
        const shortest = number('shortest')
        inspector.onDo({
          type: 'clients',
          on: clientsOn,
          load: {
            ...load,
            clients: number('count'),
            pause: [shortest, Math.max(shortest, number('longest'))],
            target: targetOf(data.get('path')),
          },
        })
      }}
    >
      ${field('count', words.ask.clients.count, load.clients, LIMITS.clients)}
      ${field('shortest', words.ask.clients.shortest, least, LIMITS.wait)}
      ${field('longest', words.ask.clients.longest, most, LIMITS.wait)}
      <label
        >${words.ask.clients.path} <input name="path" .value=${load.target} translate="no" spellcheck="false"
      /></label>
      <button>${words.ask.clients.apply}</button>
      <button type="button" @click=${() => inspector.onDo({ type: 'clients', on: !clientsOn })}>
        ${clientsOn ? words.ask.clients.off : words.ask.clients.on}
      </button>
    </form>`,
  }
}

function memory(inspector: Inspector): Told {
  const { words, picture, machine } = inspector
  const { facts } = words.ask
  const { around } = picture
  const all = [...picture.memory].filter(([, bytes]) => bytes > 0)
  const { used, shared } = memoryParts(picture)
  return {
    title: words.ask.memory.title,
    about: words.ask.memory.about,
    facts: [
      [facts.used, megabytes(words, used)],
      ...(shared === 0 ? [] : [[facts.shared, megabytes(words, shared)] as const]),
      [facts.total, megabytes(words, machine.memory)],
      [
        words.around.swap,
        `${megabytes(words, around.memory?.swapUsed ?? 0)} / ${megabytes(words, machine.swap ?? 0)}`,
      ],
      [facts.oomKills, around.oomKills],
      ...all.map(([pid, bytes]): Fact => [String(pid), megabytes(words, bytes)]),
    ],
    actions: nothing,
  }
}

export function seconds(speech: Speech, words: PlayWords, ms: number): string {
  return speech.say(words.ask.facts.seconds, { seconds: (ms / 1000).toFixed(2) })
}

export function megabytes(words: PlayWords, bytes: number): string {
  return words.machine.mb.replace('{mb}', String(Math.round(bytes / MB)))
}
