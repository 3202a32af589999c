import { html, nothing, type TemplateResult } from 'lit'
import { parentState } from '../../machine-view/picture/describe.ts'
import { ownSockets } from '../../machine-view/picture/sockets.ts'
import {
  activityOf,
  currentProcess,
  memoryParts,
  openRequests,
  traitsOfServer,
} from '../../../simulator/machine/view/index.ts'
import type { SignalName } from '../../../simulator/manager/signals.ts'
import { LIMITS } from '../../../simulator/scenario/session/index.ts'
import type { PlayWords } from '../words.ts'
import type * as lazyPanels from './lazy-panels.ts'
import { seconds, type PanelFact, type Inspector, type PanelContent } from './panel-content.ts'
import { size } from '../../machine-view/size.ts'

/** The panels that are loaded lazily: the machine itself, and what a reader adds to it. */
export type LazyPanels = typeof lazyPanels

/**
 * The panel of a thing of the picture: what it is, its facts, and what can be done to it.
 *
 * @param lazy the panels that are loaded later; an `Error` when they could not be loaded, nothing while they are on their way
 */
export function inspector(
  inspector: Inspector,
  lazy: LazyPanels | Error | undefined,
): TemplateResult | typeof nothing {
  const { words } = inspector
  const told = tell(inspector, lazy)
  if (told === undefined) return nothing
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

function tell(inspector: Inspector, lazy: LazyPanels | Error | undefined): PanelContent | undefined {
  switch (inspector.thing.kind) {
    case 'worker':
      return worker(inspector, inspector.thing.slot)
    case 'manager':
      return manager(inspector)
    case 'socket':
      return socket(inspector)
    case 'clients':
      return clients(inspector)
    case 'memory':
      return memory(inspector)
  }
  if (lazy instanceof Error) return notLoaded(inspector, lazy)
  switch (inspector.thing.kind) {
    case 'machine':
      return lazy?.machine(inspector)
    case 'cores':
      return lazy?.cores(inspector)
    case 'proxy':
      return lazy?.proxy(inspector)
    case 'unit':
      return lazy?.unit(inspector, inspector.thing.unit)
    case 'kept':
      return lazy?.keptThing(inspector, inspector.thing.name)
  }
}

/** Shown instead of a panel that could not be loaded. */
function notLoaded({ words, speech }: Inspector, { message }: Error): PanelContent {
  const { title, about } = words.ask.notLoaded
  return { title, about: speech.say(about, { reason: message }), facts: [], actions: nothing }
}

const MB = 1_000_000

/** Facts from the process table. */
function processFacts({ words, speech, processes }: Inspector, pid: number): readonly PanelFact[] {
  const { facts } = words.ask
  const process = processes.find((each) => each.pid === pid)
  if (process === undefined) return []
  return [
    [facts.since, seconds(speech, words, process.startedAt)],
    [facts.memory, size(process.memory)],
    [facts.cpu, seconds(speech, words, process.cpu)],
    [facts.command, html`<code translate="no">${process.command}</code>`],
  ]
}

function worker(inspector: Inspector, id: number): PanelContent {
  const { words, speech, picture } = inspector
  const { facts } = words.ask
  const slot = picture.slots.find((each) => each.id === id)
  const life = slot === undefined ? undefined : currentProcess(slot)
  if (slot === undefined || life === undefined) {
    return { title: words.ask.worker.about, about: '', facts: [], actions: nothing }
  }
  const state = activityOf(life)
  const before = slot.lives.filter(({ pid }) => pid !== life.pid).map(({ pid }) => pid)
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
      ...(life.errors === 0 ? [] : [[speech.words.picture.errors, life.errors] as const]),
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

function manager(inspector: Inspector): PanelContent {
  const { words, speech, picture } = inspector
  const { server } = picture
  const pid = server?.pid ?? 0
  const state = parentState(picture, speech)
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
            // uvicorn handles TTIN and TTOU like gunicorn; QUIT is gunicorn's own.
            traitsOfServer(server).onInterrupt === 'quick'
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

/** Buttons that inject faults. */
function faults({ words, onDo }: Inspector, pid: number): TemplateResult {
  return html`<div class="row">
    <button @click=${() => onDo({ type: 'spin', pid })}>${words.ask.worker.spin}</button>
    <button @click=${() => onDo({ type: 'fill-memory', pid, bytes: 200 * MB })}>
      ${words.ask.worker.fill}
    </button>
  </div>`
}

function socket(inspector: Inspector): PanelContent {
  const { words, picture } = inspector
  const { facts } = words.ask
  const sockets = ownSockets(picture)
  if (sockets.length === 0) {
    return { title: words.ask.socket.title, about: words.ask.socket.closed, facts: [], actions: nothing }
  }
  const living = picture.slots.flatMap(({ lives }) => lives.filter(({ until }) => until === undefined))
  return {
    title: words.ask.socket.title,
    about: words.ask.socket.about,
    facts: sockets.flatMap(({ bind, waiting, pid }): readonly PanelFact[] => {
      const address =
        bind.kind === 'tcp' ? `${bind.host}:${bind.port}` : bind.kind === 'unix' ? bind.path : `fd ${bind.fd}`
      // Each of several servers has its own socket; a single one may have inherited it from another.
      const own = sockets.length === 1 ? living : living.filter(({ server }) => server === pid)
      return [
        [facts.address, html`<code translate="no">${address}</code>`],
        [facts.waiting, waiting],
        [facts.holders, own.map((life) => life.pid).join(', ')],
      ]
    }),
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

/** A request path; characters that are not allowed are encoded. */
function targetOf(text: FormDataEntryValue | null): string {
  const path = typeof text === 'string' ? text.trim() : ''
  return encodeURI(path.startsWith('/') ? path : `/${path}`).slice(0, 1000)
}

function clients(inspector: Inspector): PanelContent {
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

function memory(inspector: Inspector): PanelContent {
  const { words, picture, machine } = inspector
  const { facts } = words.ask
  const { around } = picture
  const all = [...picture.memory].filter(([, bytes]) => bytes > 0)
  const { used, shared } = memoryParts(picture)
  return {
    title: words.ask.memory.title,
    about: words.ask.memory.about,
    facts: [
      [facts.used, size(used)],
      ...(shared === 0 ? [] : [[facts.shared, size(shared)] as const]),
      [facts.total, size(machine.memory)],
      [words.around.swap, `${size(around.memory?.swapUsed ?? 0)} / ${size(machine.swap ?? 0)}`],
      [facts.oomKills, around.oomKills],
      ...all.map(([pid, bytes]): PanelFact => [String(pid), size(bytes)]),
    ],
    actions: nothing,
  }
}
