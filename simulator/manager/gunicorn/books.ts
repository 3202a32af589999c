import type { LogLevel, Part } from '../log.ts'
import type { ManagerEffect, ManagerEvent } from '../machine.ts'
import { draw } from '../random.ts'
import { bindUrl, message, uncaught } from '../say.ts'
import type { Bind, Settings } from '../settings.ts'
import type { SignalName } from '../signals.ts'
import { FORK_PAUSE_MS } from './rules.ts'

/** A worker as the arbiter knows it. */
export interface Child {
  readonly pid: number
  readonly age: number
  /** When it last said that it lives, in the host's milliseconds. */
  readonly lastUpdate: number
  /** Whether it was told to abort because it was silent for too long. */
  readonly aborted: boolean
  /** It ended because it could not boot: still in the books, but a signal finds nobody. */
  readonly dead: boolean
}

/** What gunicorn's master keeps in mind, in every version; `Task` is what it can have to do. */
export interface Books<Task> {
  readonly settings: Settings
  readonly phase: 'new' | 'preloading' | 'running' | 'ended'
  readonly pid: number
  readonly now: number
  readonly wanted: number
  readonly children: readonly Child[]
  readonly age: number
  readonly seed: number
  readonly todo: readonly Task[]
  /** Whether the timer of the first task has been set, or its question put to the host. */
  readonly waiting: boolean
  /** The first master, of which this one was started by SIGUSR2; nothing when this is the first, or was promoted. */
  readonly successorOf: number | undefined
  readonly orphaned: boolean
  /** The second master that this one has started, while it lives. */
  readonly successor: number | undefined
}

/** Books that are being written in. */
export type Draft<State> = { -readonly [K in keyof State]: State[K] }

/** New books. `seed` decides the random pauses between forks. */
export function newBooks<Task>(settings: Settings, seed: number): Books<Task> {
  return {
    settings,
    phase: 'new',
    pid: 0,
    now: 0,
    wanted: settings.workers,
    children: [],
    age: 0,
    seed,
    todo: [],
    waiting: false,
    successorOf: undefined,
    orphaned: false,
    successor: undefined,
  }
}

/** The signals that the master takes from its first line on. */
export function handlesSignal({ phase }: Pick<Books<never>, 'phase'>, signal: SignalName): boolean {
  return (phase === 'running' || phase === 'ended') && HANDLED.includes(signal)
}

const HANDLED: readonly SignalName[] = ['HUP', 'QUIT', 'INT', 'TERM', 'TTIN', 'TTOU', 'USR1', 'USR2', 'WINCH']

type Pages<Task> = Draft<Books<Task>>
type Effects = ManagerEffect[]

/** With `--preload` the application is imported before anything is said. */
export function start<Task>(
  draft: Pages<Task>,
  event: ManagerEvent & { type: 'start' },
  effects: Effects,
): 'begin' | 'preload' {
  draft.pid = event.pid
  draft.successorOf = event.successorOf
  if (draft.settings.preload !== true) return 'begin'
  draft.phase = 'preloading'
  effects.push({ type: 'preload' })
  return 'preload'
}

/** An application that cannot be preloaded ends the program: a RuntimeError as one line, all else as a traceback. */
export function preloadFailed<Task>(
  draft: Pages<Task>,
  { error }: ManagerEvent & { type: 'preload-failed' },
  effects: Effects,
): void {
  draft.phase = 'ended'
  const { pid } = draft
  if (error.kind === 'raised' && error.raised.name === 'RuntimeError') {
    const text = `\nError: ${error.raised.message}\n\n`
    effects.push({ type: 'log', record: { kind: 'bare', pid, stream: 'stderr', text } })
  } else {
    effects.push({ type: 'log', record: { kind: 'traceback', pid, raised: preloadError(error) } })
  }
  effects.push({ type: 'exit', code: 1 })
}

/** Why an application could not be imported, as gunicorn's exception for it. */
export function preloadError(error: (ManagerEvent & { type: 'preload-failed' })['error']) {
  const frames: readonly string[] = []
  switch (error.kind) {
    case 'raised':
      return error.raised
    case 'no-module':
      return { name: 'ModuleNotFoundError', message: `No module named '${error.module}'`, frames }
    default: {
      const attribute = error.kind === 'no-attribute' ? error.attribute : 'application'
      const module = error.kind === 'no-attribute' ? error.module : error.typed
      const message = `Failed to find attribute '${attribute}' in '${module}'.`
      return { name: 'gunicorn.errors.AppImportError', message, frames }
    }
  }
}

/** A second master has the sockets of the first; the files of TLS are looked for before anything is bound. */
export function bindEffect({
  settings,
  successorOf,
}: Pick<Books<never>, 'settings' | 'successorOf'>): ManagerEffect {
  const { binds, backlog, tls } = settings
  const bind = { type: 'bind', binds, backlog, replacesFile: true } as const
  if (successorOf !== undefined) return { ...bind, inherited: true }
  return tls === undefined ? bind : { ...bind, tls }
}

/** What is said once the sockets are there. */
export function sayListening<Task>(draft: Pages<Task>, binds: readonly Bind[], effects: Effects): void {
  const secure = draft.settings.tls !== undefined
  const listeners = binds.map((bind) => (bind.kind === 'unix' ? `unix:${bind.path}` : bindUrl(bind, secure)))
  say(draft, effects, 'info', `Listening at: ${listeners.join(',')} (`, { part: 'pid', pid: draft.pid }, ')')
  say(draft, effects, 'info', `Using worker: ${draft.settings.workerClass ?? 'sync'}`)
}

/** What cannot be bound however often it is tried ends the program with a traceback. False: it may be tried again. */
export function bindFailedForGood<Task>(
  draft: Pages<Task>,
  { error }: ManagerEvent & { type: 'bind-failed' },
  effects: Effects,
): boolean {
  const { tls, speaks } = draft.settings
  const raised =
    error === 'bad-port'
      ? { name: 'OverflowError', message: 'bind(): port must be 0-65535.', frames: [] }
      : error === 'no-keyfile'
        ? { name: 'ValueError', message: `keyfile "${tls?.keyfile ?? ''}" does not exist`, frames: [] }
        : error === 'no-certfile'
          ? { name: 'ValueError', message: `certfile "${tls?.certfile ?? ''}" does not exist`, frames: [] }
          : undefined
  if (raised === undefined) return false
  draft.phase = 'ended'
  for (const record of uncaught(speaks, draft.pid, raised)) effects.push({ type: 'log', record })
  effects.push({ type: 'exit', code: 1 })
  return true
}

/** An address as Python writes it: a tuple for TCP, a plain string for a unix socket. */
export function pythonAddress(bind: Bind): string {
  switch (bind.kind) {
    case 'tcp':
      return `('${bind.host}', ${bind.port})`
    case 'unix':
      return bind.path
    case 'fd':
      return String(bind.fd)
  }
}

/** Asks for a fork, once. */
export function fork<Task>(draft: Pages<Task>, effects: Effects): false {
  if (!draft.waiting) {
    draft.age += 1
    draft.waiting = true
    effects.push({ type: 'fork', age: draft.age })
  }
  return false
}

/** Writes a new worker in. */
export function enter<Task>(draft: Pages<Task>, pid: number): void {
  const child: Child = { pid, age: draft.age, lastUpdate: draft.now, aborted: false, dead: false }
  draft.children = [...draft.children, child]
}

/** A worker said that it lives. */
export function heard<Task>(draft: Pages<Task>, pid: number): void {
  draft.children = draft.children.map((child) =>
    child.pid === pid ? { ...child, lastUpdate: draft.now } : child,
  )
}

/** Strikes a worker out. */
export function strike<Task>(draft: Pages<Task>, pid: number): void {
  draft.children = draft.children.filter((child) => child.pid !== pid)
}

/** `manage_workers()`: how many are missing is counted once; then they are forked with random pauses, and those too many are told. */
export function hiring<Task>(draft: Pages<Task>): readonly Hiring[] {
  const tasks: Hiring[] = []
  for (let missing = draft.wanted - draft.children.length; missing > 0; missing--) {
    const { value, seed } = draw(draft.seed)
    draft.seed = seed
    tasks.push({ task: 'fork' }, { task: 'pause', ms: Math.round(value * FORK_PAUSE_MS) })
  }
  return [...tasks, { task: 'trim' }]
}

type Hiring =
  { readonly task: 'fork' } | { readonly task: 'pause'; readonly ms: number } | { readonly task: 'trim' }

/** gunicorn tells the oldest again at every turn of its loop, until they are gone. */
export function trim<Task>(draft: Pages<Task>, effects: Effects): void {
  const byAge = draft.children.toSorted((a, b) => a.age - b.age)
  const surplus = Math.max(0, byAge.length - draft.wanted)
  for (const child of byAge.slice(0, surplus)) signalChild(draft, child, 'TERM', effects)
}

/** A worker silent for longer than `--timeout` is told to abort, and killed when it is still there the next time. */
export function murder<Task>(draft: Pages<Task>, effects: Effects): void {
  const limit = draft.settings.timeout * 1000
  if (limit <= 0) return
  for (const child of draft.children) {
    if (draft.now - child.lastUpdate <= limit) continue
    if (child.aborted) {
      signalChild(draft, child, 'KILL', effects)
      continue
    }
    say(draft, effects, 'critical', 'WORKER TIMEOUT (pid:', { part: 'pid', pid: child.pid }, ')')
    draft.children = draft.children.map((other) =>
      other.pid === child.pid ? { ...other, aborted: true } : other,
    )
    signalChild(draft, child, 'ABRT', effects)
  }
}

/** A signal to every worker. */
export function killAll<Task>(draft: Pages<Task>, signal: SignalName, effects: Effects): void {
  for (const child of draft.children) signalChild(draft, child, signal, effects)
}

function signalChild<Task>(draft: Pages<Task>, child: Child, signal: SignalName, effects: Effects): void {
  if (child.dead) strike(draft, child.pid)
  else effects.push({ type: 'kill', pid: child.pid, signal })
}

/** `stop()` closes the sockets; their files go when no other master uses them. */
export function closeSockets<Task>(draft: Pages<Task>, effects: Effects): void {
  effects.push({ type: 'close-listeners' })
  if (draft.successor !== undefined || draft.successorOf !== undefined) return
  for (const bind of draft.settings.binds)
    if (bind.kind === 'unix') effects.push({ type: 'unlink', path: bind.path })
}

/** SIGUSR2: one second master at a time, and none of a second one. */
export function mayReexecute<Task>(draft: Pages<Task>, effects: Effects): boolean {
  if (draft.successor !== undefined) say(draft, effects, 'warning', 'USR2 signal ignored. Child exists.')
  else if (draft.successorOf !== undefined)
    say(draft, effects, 'warning', 'USR2 signal ignored. Parent exists.')
  else return true
  return false
}

/** A second master looks at each turn whether the first one still lives. */
export function promote<Task>(draft: Pages<Task>, effects: Effects): void {
  if (draft.successorOf === undefined || !draft.orphaned) return
  draft.successorOf = undefined
  say(draft, effects, 'info', 'Master has been promoted.')
}

/** `Master`, or of a second one `Master.2`. */
export function masterName({ successorOf }: Pick<Books<never>, 'successorOf'>): string {
  return successorOf === undefined ? 'Master' : 'Master.2'
}

/** gunicorn's `HaltServer` that nobody catches, raised while another exception was being handled. */
export function haltedTwice<Task>(
  draft: Pages<Task>,
  first: { readonly reason?: string; readonly code: number },
  second: { readonly reason: string; readonly code: number },
  effects: Effects,
): void {
  draft.phase = 'ended'
  const frames: readonly string[] = []
  const during =
    first.reason === undefined
      ? { name: 'StopIteration', message: '', frames }
      : { ...haltServer(first.reason, first.code), frames }
  const raised = { ...haltServer(second.reason, second.code), frames, during }
  effects.push({ type: 'log', record: { kind: 'traceback', pid: draft.pid, raised } })
  effects.push({ type: 'exit', code: 1 })
}

function haltServer(reason: string, code: number) {
  return { name: 'gunicorn.errors.HaltServer', message: `<HaltServer '${reason}' ${code}>` }
}

/** Leaves the first task behind and puts what follows from it in front of the rest. */
export function next<Task>(draft: Pages<Task>, ...tasks: readonly Task[]): void {
  draft.waiting = false
  draft.todo = [...tasks, ...draft.todo.slice(1)]
}

/** Sets the timer of a waiting task once; the task goes on when its event comes. */
export function waitFor<Task>(draft: Pages<Task>, effects: Effects, ms: number): false {
  if (!draft.waiting) effects.push({ type: 'timer', ms })
  draft.waiting = true
  return false
}

/** The pause between two forks. */
export function spread<Task>(draft: Pages<Task>, effects: Effects, ms: number): false {
  if (!draft.waiting) effects.push({ type: 'timer', ms, spreads: true })
  draft.waiting = true
  return false
}

/** Logs a line. */
export function say(
  { pid }: Pick<Books<never>, 'pid'>,
  effects: Effects,
  level: LogLevel,
  ...parts: readonly Part[]
): void {
  effects.push({ type: 'log', record: message(pid, level, parts) })
}
