import type { Kind, Said } from './speaker.ts'

/** The owner of a line: `terminal`, `parent`, or a worker's name. */
export type Owner = string

/** Which process printed which line of a text. */
export interface Attribution {
  /** One owner for each line. */
  readonly owners: readonly Owner[]
  /** False when the text does not allow any attribution by the rules, and a guess was made. */
  readonly derivable: boolean
}

/** A line, and its stream where streams were kept apart. */
type Told = Said & { readonly stream?: 'stdout' | 'stderr' | undefined }

/** The maximal number of steps: more than any text of our sizes needs. */
const PATIENCE = 50_000

type State =
  | 'new'
  // fastapi-cli 0.0.32 queries two colours of the terminal, twice.
  | 'asking 1'
  | 'asking 2'
  | 'asking 3'
  | 'asked'
  | 'started'
  | 'starting'
  | 'failing'
  | 'serving'
  | 'full'
  | 'stopping'
  | 'waiting'
  | 'stopped'
  | 'process'
  | 'traceback'
  | 'gone'

/** The life of a worker: what it may print in each state, and the state afterwards. */
const LIFE: Readonly<Record<State, Readonly<Partial<Record<Kind, State>>>>> = {
  new: {
    'asks background': 'asking 1',
    started: 'started',
    'load error': 'gone',
    process: 'process',
    other: 'new',
  },
  'asking 1': { 'asks foreground': 'asking 2' },
  'asking 2': { 'asks background': 'asking 3' },
  'asking 3': { 'asks foreground': 'asked' },
  asked: { started: 'started', 'load error': 'gone', process: 'process', other: 'asked' },
  started: { 'waiting for startup': 'starting' },
  starting: {
    'startup complete': 'serving',
    'error message': 'failing',
    'startup failed': 'gone',
    other: 'starting',
  },
  failing: {
    'startup complete': 'serving',
    'error message': 'failing',
    'startup failed': 'gone',
    // gunicorn 26.1.0 repeats the message of an exception once.
    other: 'starting',
  },
  serving: {
    access: 'serving',
    other: 'serving',
    'error message': 'serving',
    'limit reached': 'full',
    'shutting down': 'stopping',
  },
  full: { access: 'full', 'shutting down': 'stopping' },
  stopping: {
    access: 'stopping',
    'error message': 'stopping',
    'waiting for connections': 'stopping',
    'waiting for shutdown': 'waiting',
    finished: 'gone',
  },
  waiting: { 'shutdown complete': 'stopped', 'error message': 'waiting' },
  stopped: { finished: 'gone' },
  process: { traceback: 'traceback' },
  traceback: { error: 'gone' },
  // What asyncio cancels at the end is logged after the last line.
  gone: { other: 'gone', 'error message': 'gone', exiting: 'gone' },
}

/** A worker that has printed why it ends will print that it does; one that has printed its last line seldom prints more. */
function rank(state: State | undefined): number {
  return state === 'failing' || state === 'full' ? 0 : state === 'gone' ? 2 : 1
}

/**
 * Attributes each line of a text in which most of the workers' lines have no PID: an assignment in which every worker prints only what a
 * worker may print, in a possible order. There may be several; one is returned.
 * @param workers the workers' names in the order in which they started
 */
export function attribute(lines: readonly Told[], workers: readonly string[]): Attribution {
  return search(lines, workers) ?? { owners: guess(lines), derivable: false }
}

/** An owner for a line; if it is a worker whose state changes, its index among the workers and its new state. */
type Choice = readonly [owner: Owner, at: number, next?: State]

function search(lines: readonly Told[], workers: readonly string[]): Attribution | undefined {
  const states = workers.map((): State => 'new')
  const owners: Owner[] = []
  const dead = new Set<string>()
  let steps = 0

  const go = (i: number): boolean => {
    const line = lines[i]
    if (line === undefined) return true
    const memo = `${i} ${states.join()} ${owners[i - 1] ?? ''}`
    if (dead.has(memo) || ++steps > PATIENCE) return false
    for (const [owner, at, next] of choices(line, i)) {
      const before = states[at]
      if (next !== undefined) states[at] = next
      owners[i] = owner
      if (go(i + 1)) return true
      if (before !== undefined) states[at] = before
    }
    dead.add(memo)
    return false
  }

  const choices = (line: Told, i: number): readonly Choice[] => {
    const { speaker, kind } = line
    if (speaker.by === 'terminal' || speaker.by === 'parent') return [[speaker.by, -1]]
    // A traceback without a message is the end of gunicorn's master.
    const alone = (kind === 'traceback' || kind === 'error') && !line.template.plain.startsWith(' ')
    if (speaker.by === 'same as before' && alone && !carried(lines, i)) return [['parent', -1]]
    if (speaker.by === 'same as before' || carried(lines, i)) return [[owners[i - 1] ?? 'parent', -1]]
    if (speaker.by === 'worker') {
      const at = workers.indexOf(speaker.name)
      const state = states[at]
      if (state === undefined) return [[speaker.name, -1]]
      const next = LIFE[state][kind]
      if (next !== undefined) return [[speaker.name, at, next]]
      // When every line has its PID, nothing need be searched.
      const believed = line.template.plain.startsWith('[<ts>]')
      return believed ? [[speaker.name, at, forced(kind) ?? state]] : []
    }
    // How lines of the other stream are ordered among these is not known.
    if (kind === 'access' && line.stream !== undefined) return workers.map((name) => [name, -1])
    const count = line.names.find((name) => name.startsWith('#'))
    const able = workers.flatMap((name, at): Choice[] => {
      const next = LIFE[states[at] ?? 'gone'][kind]
      return next === undefined || (count !== undefined && count !== `#${at + 1}`) ? [] : [[name, at, next]]
    })
    // It shuts down because it has printed that it will.
    const full = kind === 'shutting down' ? able.filter(([, at]) => states[at] === 'full') : []
    if (full.length > 0) return full
    const likely = able.toSorted(([, a], [, b]) => rank(states[a]) - rank(states[b]))
    return speaker.by === 'anyone' ? [...likely, ['parent', -1]] : likely
  }

  return go(0) ? { owners, derivable: true } : undefined
}

/** The first line that a worker may not print after those before it, if there is one. @param life all lines of one worker, in order */
export function outOfTurn<Line extends Pick<Said, 'kind'>>(life: readonly Line[]): Line | undefined {
  let state: State = 'new'
  for (const [i, line] of life.entries()) {
    // An error message may bring a traceback with it.
    const carried = line.kind === 'traceback' || (line.kind === 'error' && life[i - 1]?.kind === 'traceback')
    if (carried && life[line.kind === 'error' ? i - 2 : i - 1]?.kind === 'error message') continue
    const next: State | undefined = LIFE[state][line.kind]
    if (next === undefined) return line
    state = next
  }
  return undefined
}

const WITH_TRACEBACK = /^Exception in (worker process|ASGI application)/

/** Whether a line belongs to the record before it: a traceback that came with a message, in one write. */
function carried(lines: readonly Told[], i: number): boolean {
  const kind = lines[i]?.kind
  if (kind === 'traceback') return WITH_TRACEBACK.test(message(lines[i - 1]))
  return kind === 'error' && lines[i - 1]?.kind === 'traceback' && WITH_TRACEBACK.test(message(lines[i - 2]))
}

/** The state after a kind of line, whatever the state before. */
function forced(kind: Kind): State | undefined {
  for (const rules of Object.values(LIFE)) if (rules[kind] !== undefined) return rules[kind]
  return undefined
}

function guess(lines: readonly Told[]): Owner[] {
  const owners: Owner[] = []
  for (const { speaker } of lines) {
    if (speaker.by === 'terminal' || speaker.by === 'parent') owners.push(speaker.by)
    else if (speaker.by === 'worker') owners.push(speaker.name)
    else owners.push(owners.at(-1) ?? 'parent')
  }
  return owners
}

function message(line: Told | undefined): string {
  return line?.template.plain.replace(/^\[<ts>\] \[<pid1>\] \[\w+\] |^ *[A-Z]+:? +/, '') ?? ''
}
