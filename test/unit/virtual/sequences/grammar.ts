import type { LogRecord } from '../../../../simulator/manager/log.ts'
import type { Settings } from '../../../../simulator/manager/settings.ts'
import { workerKind } from '../../../../simulator/manager/versions.ts'
import { character } from './editions.ts'

/**
 * What a process may print after what: a kind of line, the pattern that it has, and the kinds that may follow it. `start` is where
 * it begins; a process that is killed may fall silent anywhere.
 */
export type Grammar = Readonly<Record<string, { readonly line?: RegExp; readonly then: string }>>

/** Lines that a process prints once in its life at most. */
const ONCE = new Set(
  'booting started waiting complete shutting stopping stopped finished exiting parent end listening-as master worker-kind'.split(
    ' ',
  ),
)

/** uvicorn's server: alone, spawned, or in gunicorn's worker. */
const SERVER: Grammar = {
  start: { then: 'question booting started error traceback' },
  question: { line: /^\?/, then: 'question started error traceback' },
  booting: { line: /^Booting worker with pid: \d+$/, then: 'started error traceback exiting bare' },
  bare: { line: /^=/, then: 'exiting' },
  started: { line: /^Started server process \[\d+\]$/, then: 'waiting' },
  waiting: { line: /^Waiting for application startup\.$/, then: 'unsupported complete error' },
  // A stop that is forced before the server has begun cancels the lifespan, which is heard of in these words.
  unsupported: {
    line: /^ASGI 'lifespan' protocol appears unsupported\.$/,
    then: 'complete exiting farewell',
  },
  complete: {
    line: /^Application startup complete\.$/,
    then: 'running access raised limit shutting finished exiting error unsupported',
  },
  failed: { line: /^Application startup failed\. Exiting\.$/, then: 'exiting farewell' },
  running: {
    line: /^Uvicorn running on .* \(Press CTRL\+C to quit\)$/,
    then: 'running access raised limit shutting finished unsupported',
  },
  access: {
    line: /^\*/,
    then: 'access raised limit shutting open stopping finished unsupported exiting cancel',
  },
  raised: {
    line: /^Exception in ASGI application$/,
    then: 'access raised limit shutting open stopping finished unsupported exiting stopped cancel farewell',
  },
  limit: { line: /^Maximum request limit of \d+ exceeded\. Terminating process\.$/, then: 'shutting' },
  shutting: { line: /^Shutting down$/, then: 'access raised open stopping finished exiting farewell' },
  open: {
    line: /^Waiting for connections to close\. \(CTRL\+C to force quit\)$/,
    then: 'access raised cancel stopping finished',
  },
  cancel: {
    line: /^Cancel \d+ running task\(s\), timeout graceful shutdown exceeded$/,
    then: 'stopping finished exiting farewell',
  },
  stopping: { line: /^Waiting for application shutdown\.$/, then: 'raised stopped' },
  stopped: { line: /^Application shutdown complete\.$/, then: 'finished farewell' },
  finished: { line: /^Finished server process \[\d+\]$/, then: 'raised unsupported exiting farewell' },
  exiting: { line: /^Worker exiting \(pid: \d+\)$/, then: '' },
  farewell: { line: /^=$/, then: '' },
  traceback: { line: /^!/, then: 'exiting farewell bare' },
  error: { line: /./, then: 'failed stopping exiting farewell error' },
}

/** gunicorn 26's own worker. */
const ASGI: Grammar = {
  start: { then: 'booting' },
  booting: { line: /^Booting worker with pid: \d+$/, then: 'listening error traceback exiting bare' },
  bare: { line: /^=/, then: 'exiting' },
  listening: {
    line: /^ASGI server listening on /,
    then: 'listening access raised again shutting orphan exiting',
  },
  access: { line: /^\*/, then: 'access raised again shutting orphan open quick forced exiting' },
  raised: {
    line: /^Error in ASGI application$/,
    then: 'access raised again shutting orphan open quick forced exiting',
  },
  again: {
    line: /^Autorestarting worker after current request\.$/,
    then: 'access raised again shutting orphan open quick forced exiting',
  },
  orphan: { line: /^Parent changed, shutting down: <Worker \d+>$/, then: 'shutting' },
  shutting: { line: /^Worker shutting down\.\.\.$/, then: 'access raised again open exiting' },
  open: {
    line: /^Waiting for \d+ connections to finish\.\.\.$/,
    then: 'access raised again quick forced exiting',
  },
  quick: { line: /^Quick shutdown requested$/, then: 'forced' },
  forced: { line: /^Forcing close of \d+ connections$/, then: 'exiting' },
  exiting: { line: /^Worker exiting \(pid: \d+\)$/, then: '' },
  traceback: { line: /^!/, then: 'exiting bare' },
  error: { line: /./, then: 'error exiting' },
}

/** uvicorn's supervisor, 0.30 to 0.51, in fastapi-cli with its banner above. */
const SUPERVISOR: Grammar = {
  start: { then: 'question banner on' },
  question: { line: /^\?/, then: 'question banner on' },
  banner: { line: /^#/, then: 'banner question on farewell' },
  on: { line: /^Uvicorn running on /, then: 'on parent' },
  parent: { line: /^Started parent process \[\d+\]$/, then: 'join up down reload leave terminated' },
  // `terminate` says nothing of one that has gone.
  terminated: { line: /^Terminated child process \[\d+\]$/, then: 'terminated join' },
  join: {
    line: /^Waiting for child process \[\d+\]$/,
    then: 'join died failed aborted up down reload leave terminated end',
  },
  died: { line: /^Child process \[\d+\] died$/, then: 'join up down reload leave' },
  failed: {
    line: /^Child process \[\d+\] failed to start, stopping the parent process\.$/,
    then: 'terminated join',
  },
  aborted: {
    line: /^New child process \[\d+\] was not ready in time; keeping worker \[\d+\] and aborting the restart\.$/,
    then: 'join up down reload leave',
  },
  up: {
    line: /^Received SIGTTIN, increasing the number of processes\.$/,
    then: 'terminated join up down reload leave',
  },
  down: { line: /^Received SIGTTOU, decreasing number of processes\.$/, then: 'limit terminated join' },
  limit: {
    line: /^Already reached one process, cannot decrease the number of processes anymore\.$/,
    then: 'terminated join up down reload leave',
  },
  reload: { line: /^Received SIGHUP, restarting processes\.$/, then: 'terminated join up down reload leave' },
  // What came in the same half second is still handled; a reload then does nothing.
  leave: { line: /^Received SIG(INT|TERM), exiting\.$/, then: 'terminated join up down reload leave' },
  end: { line: /^Stopping parent process \[\d+\]$/, then: 'farewell' },
  farewell: { line: /^=$/, then: 'banner' },
}

/** uvicorn 0.17. */
const SPAWNER: Grammar = {
  start: { then: 'on' },
  on: { line: /^Uvicorn running on /, then: 'on parent' },
  parent: { line: /^Started parent process \[\d+\]$/, then: 'end' },
  end: { line: /^Stopping parent process \[\d+\]$/, then: '' },
}

const TURN = 'handling ended timeout control ignored promoted quick farewell traceback'

/** gunicorn's master. */
const ARBITER: Grammar = {
  start: { then: 'starting traceback bare' },
  bare: { line: /^=/, then: '' },
  starting: { line: /^Starting gunicorn [\d.]+$/, then: 'listening-as' },
  'listening-as': { line: /^Listening at: .* \(\d+\)$/, then: 'worker-kind' },
  'worker-kind': { line: /^Using worker: /, then: TURN },
  handling: { line: /^Handling signal: (?!hup$)/, then: TURN },
  hup: { line: /^Handling signal: hup$/, then: 'hang-up' },
  'hang-up': { line: /^Hang up: Master(\.2)?$/, then: TURN },
  ended: {
    line: /^(Worker with pid \d+ was terminated due to signal \d+|Worker \(pid:\d+\) (was sent SIG\w+!.*|exited with code \d+\.))$/,
    then: TURN,
  },
  timeout: { line: /^WORKER TIMEOUT \(pid:\d+\)$/, then: TURN },
  control: { line: /^Control socket listening at /, then: TURN },
  ignored: { line: /^USR2 signal ignored\. (Child|Parent) exists\.$/, then: TURN },
  promoted: { line: /^Master has been promoted\.$/, then: TURN },
  quick: { line: /^Quick shutdown requested$/, then: 'ended quick farewell traceback' },
  farewell: { line: /^Shutting down: Master(\.2)?$/, then: 'reason' },
  reason: { line: /^Reason: (Worker failed to boot|App failed to load)\.$/, then: '' },
  traceback: { line: /^!/, then: '' },
}

/** The grammars of a process: as a manager, as a worker, or as both when it serves alone. */
export function grammarOf(settings: Settings, kind: 'manager' | 'worker'): Grammar {
  if (kind === 'worker') return workerKind(settings) === 'asgi' ? ASGI : SERVER
  switch (character(settings)) {
    case 'arbiter':
      return { ...ARBITER, start: ARBITER['start'] ?? { then: '' } }
    case 'spawner':
      return SPAWNER
    case 'supervisor':
      return SUPERVISOR
    case 'alone':
      return {
        ...SERVER,
        start: { then: 'banner question started error traceback' },
        question: { line: /^\?/, then: 'banner question started error traceback' },
        banner: { line: /^#/, then: 'banner question started error traceback farewell' },
        farewell: { line: /^=$/, then: 'banner' },
      }
  }
}

/** The first line that the grammar does not allow where it stands, in words; nothing when there is none. */
export function ungrammatical(grammar: Grammar, lines: readonly string[]): string | undefined {
  const said = new Set<string>()
  let before = 'start'
  for (const [i, line] of lines.entries()) {
    const allowed = (grammar[before]?.then ?? '').split(' ').filter((name) => name !== '')
    // `handling` stands for every signal.
    const names = allowed.flatMap((name) => (name === 'handling' ? ['handling', 'hup'] : [name]))
    const kind = names.find((name) => grammar[name]?.line?.test(line))
    if (kind === undefined)
      return `line ${i + 1} '${line}' may not follow '${lines[i - 1] ?? ''}'; expected ${names.join(', ') || 'nothing more'}`
    if (ONCE.has(kind) && said.has(kind)) return `line ${i + 1} '${line}' was said before`
    said.add(kind)
    before = kind
  }
  return undefined
}

/** A record as a line for the grammars: its text, or for what has no text of its own a sign for its kind. */
export function lineOf(record: LogRecord): string {
  switch (record.kind) {
    case 'message':
      return record.parts
        .map((part) => (typeof part === 'string' ? part : 'pid' in part ? String(part.pid) : part.text))
        .join('')
    case 'access':
      return '*'
    case 'traceback':
      return '!'
    case 'bare':
      return `=${record.text}`
    case 'question':
      return '?'
    case 'banner':
      return '#'
  }
}
