import { isSignalName, type SignalName } from '../../../simulator/manager/signals.ts'
import type {
  AppSwitch,
  Ending,
  LivingWorker,
  Medium,
  Result,
  Step,
  WebSocketAct,
  WorkerName,
} from './scenario.ts'

/** The header's `command:` line: variables in front, then the command. */
export function parseCommand(line: string, where: string) {
  const typed = after('command: ', line, where)
  const words = typed.split(' ')
  const env: Record<string, string> = {}
  while (/^[A-Z_]+=/.test(words[0] ?? '')) {
    const [name = '', value = ''] = (words.shift() ?? '').split('=')
    env[name] = value
  }
  return { command: words.join(' '), env }
}

/** The switch at the end of the header's second line, if there is one. */
export function parseSwitch(about: string, where: string): AppSwitch {
  const [, typed] = /; app switched to: (.*)$/.exec(about) ?? []
  if (typed === undefined) return {}
  const [name, value = ''] = typed.split('=')
  if (name === 'boot' && /^(raise|thread|exit\d+)$/.test(value)) return { boot: value as 'raise' }
  if (name === 'life' && /^(fail|(slow|next)\d+|hang|hang-stop|unsupported)$/.test(value))
    return { life: value as 'fail' }
  throw unknown('switch of the application', typed, where)
}

/** The header's `exit code of the master:` line. */
export function parseExit(line: string, where: string): { exit: Ending; exitSeconds?: number } {
  const text = after('exit code of the master: ', line, where)
  if (text === 'none, still running when the recording was cut') return { exit: { kind: 'running' } }
  const [, code, signal, seconds] =
    /^(?:(\d+)|killed by SIG([A-Z0-9]+) \(a shell shows \d+\)), (\d+\.\d)s after start$/.exec(text) ?? []
  if (seconds === undefined) throw unknown('exit', text, where)
  const exit: Ending =
    code === undefined
      ? { kind: 'signal', signal: signalName(signal, where) }
      : { kind: 'code', code: Number(code) }
  return { exit, exitSeconds: Number(seconds) }
}

/** The header's `medium:` line. `whole` is false when the recorder shortened the list of workers. */
export function parseMedium(line: string, where: string) {
  const text = after('medium: ', line, where)
  const [, what = '', order] = /^(.*); workers in spawn order: (.*)$/.exec(text) ?? []
  if (order === undefined) throw unknown('medium', text, where)
  const whole = !order.endsWith('...')
  const named = order === 'n/a' ? [] : order.replace(/\s*(<\w*)?\s*\.\.\.$/, '').split(' ')
  return {
    medium: parseTerminal(what, where),
    spawnOrder: named.map((name) => workerName(name, where)),
    whole,
  }
}

/** What the text went to, e.g. `pty, 80 columns, COLORTERM=truecolor`. */
export function parseTerminal(text: string, where: string): Medium {
  if (text === 'two pipes (stdout and stderr apart), no terminal') return { kind: 'pipes' }
  const [, columns, colors] = /^pty, (\d+) columns(?:, (COLORTERM=truecolor|256 colours))?$/.exec(text) ?? []
  if (columns === undefined) throw unknown('medium', text, where)
  return {
    kind: 'pty',
    columns: Number(columns),
    colors: colors === 'COLORTERM=truecolor' ? 'truecolor' : '256',
  }
}

/** The header's `steps:` line. `place` gives a worker's place in spawn order, or -1. */
export function parseSteps(line: string, place: (name: WorkerName) => number, where: string): Step[] {
  const text = after('steps: ', line, where)
  if (text === 'start only') return []
  // 'alive: master …; workers alive: …' is one step of two parts.
  const parts = text.replaceAll('; workers alive:', ', workers alive:').split('; ')
  return parts.map((part) => parseStep(part, place, where))
}

function parseStep(text: string, place: (name: WorkerName) => number, where: string): Step {
  const found = (pattern: RegExp) => pattern.exec(text)
  const index = (name: WorkerName) => {
    const at = place(name)
    if (at < 0) throw new Error(`${where}: step '${text}' names a worker that the spawn order does not list`)
    return at
  }
  let m: RegExpExecArray | null
  if ((m = found(/^kill -(\w+) (<\w+>)$/))) {
    const signal = signalName(m[1], where)
    if (m[2] === '<parent>') return { do: 'kill', signal, target: 'parent' }
    const target = workerName(m[2] ?? '', where)
    return { do: 'kill', signal, target, index: index(target) }
  }
  if (text === 'press Ctrl+C') return { do: 'press', key: 'Ctrl+C' }
  if ((m = found(/^GET (\S+) \(background\)$/)))
    return { do: 'get', path: m[1] ?? '', over: 'tcp', background: true }
  if ((m = found(/^GET (\S+)( over .*)? -> (.*)$/)))
    return {
      do: 'get',
      path: m[1] ?? '',
      over: parseOver(m[2] ?? '', where),
      background: false,
      result: parseResult(m[3] ?? '', where),
    }
  if ((m = found(/^plain-text GET (\S+) on the TLS port -> (.*)$/)))
    return {
      do: 'get',
      path: m[1] ?? '',
      over: 'plain text on the TLS port',
      background: false,
      result: parseResult(m[2] ?? '', where),
    }
  if ((m = found(/^client: GET (\S+) ended after (\d+\.\d)s: (.*)$/)))
    return { do: 'client', path: m[1] ?? '', seconds: Number(m[2]), result: parseResult(m[3] ?? '', where) }
  if ((m = found(/^wait (\d+(?:\.\d+)?)s$/))) return { do: 'wait', seconds: Number(m[1]) }
  if (text === 'main.py edited: now raises at import') return { do: 'edit', what: 'raises at import' }
  if ((m = found(/^main\.py edited: now needs (\d+)s to start$/)))
    return { do: 'slow down', seconds: Number(m[1]) }
  if (
    (m = found(/^alive: master (alive|gone|suspended) ?(?:\(stopped by the signal\))?, workers alive: (.*)$/))
  )
    return {
      do: 'alive',
      master: m[1] as 'alive',
      workers: parseLiving(m[2] ?? '', place, where),
    }
  if (
    (m = found(/^(open a WebSocket|a message over the WebSocket|close the WebSocket|the WebSocket) -> (.+)$/))
  )
    return { do: 'websocket', act: ACTS[m[1] ?? ''] ?? 'look', result: m[2] ?? '' }
  if ((m = found(/^(GET \S+(?:, GET \S+)+) pipelined$/)))
    return { do: 'pipeline', paths: (m[1] ?? '').split(', ').map((one) => one.slice('GET '.length)) }
  if ((m = found(/^pipelined -> (.+)$/))) return { do: 'pipelined', result: m[1] ?? '' }
  if (text === 'the link leads to release 2') return { do: 'switch release' }
  if ((m = found(/^GET \/release is answered by release (\d)$/))) return { do: 'release', name: m[1] ?? '' }
  if ((m = found(/^the init system was told: (.+)$/))) return { do: 'told', what: m[1] ?? '' }
  if (text === 'new master alive') return { do: 'new master', alive: true }
  if ((m = found(/^resize the terminal to (\d+)x(\d+)$/)))
    return { do: 'resize', columns: Number(m[1]), rows: Number(m[2]) }
  if ((m = found(/^socket file (removed|still there)$/)))
    return { do: 'socket file', state: m[1] as 'removed' }
  throw unknown('step', text, where)
}

/** What is done with a WebSocket, by the header's words. */
const ACTS: Readonly<Record<string, WebSocketAct>> = {
  'open a WebSocket': 'open',
  'a message over the WebSocket': 'send',
  'close the WebSocket': 'close',
  'the WebSocket': 'look',
}

/** How a header words a step that looks at something, with what was seen; nothing for other steps. */
export function checkSaid(step: Step): string | undefined {
  switch (step.do) {
    case 'new master':
      return 'new master alive'
    case 'socket file':
      return `socket file ${step.state}`
    case 'websocket':
      return `${Object.keys(ACTS).find((words) => ACTS[words] === step.act) ?? ''} -> ${step.result}`
    case 'release':
      return `GET /release is answered by release ${step.name}`
    case 'told':
      return `the init system was told: ${step.what}`
    case 'pipelined':
      return `pipelined -> ${step.result}`
    default:
      return undefined
  }
}

function parseOver(text: string, where: string) {
  switch (text) {
    case '':
      return 'tcp'
    case ' over the unix socket':
      return 'unix socket'
    case ' over the kept connection':
      return 'kept connection'
    case ' over HTTP/1.0, without Host':
      return 'HTTP/1.0'
    default:
      throw unknown('way of a request', text, where)
  }
}

function parseLiving(text: string, place: (name: WorkerName) => number, where: string): LivingWorker[] {
  if (text === 'none') return []
  const living: LivingWorker[] = []
  for (const [, typed = '', suspended] of text.matchAll(/(\S+)( \(suspended\))?(?: |$)/g)) {
    const name = workerName(typed, where)
    living.push({ name, index: place(name), suspended: suspended !== undefined })
  }
  return living
}

/** A client's result as the header words it. */
export function parseResult(text: string, where: string): Result {
  switch (text) {
    case 'connection closed without a response':
    case 'closed without a response':
      return 'closed without a response'
    case 'ConnectionRefusedError':
      return 'connection refused'
    case 'TimeoutError':
      return 'timed out'
    default:
      if (/^\d{3}( \(body cut off\))?$/.test(text)) return text as Result
      throw unknown('result of a request', text, where)
  }
}

function workerName(text: string, where: string): WorkerName {
  const [, name] = /^<(w\d+|parent2)>$/.exec(text) ?? []
  if (name === undefined) throw unknown('name of a worker', text, where)
  return name as WorkerName
}

function signalName(text: string | undefined, where: string): SignalName {
  if (text === undefined || !isSignalName(text)) throw unknown('signal', String(text), where)
  return text
}

function after(label: string, line: string, where: string): string {
  if (!line.startsWith(label)) throw new Error(`${where}: expected a header line '${label}…', got '${line}'`)
  return line.slice(label.length)
}

function unknown(what: string, text: string, where: string): Error {
  return new Error(`${where}: unknown ${what} '${text}' in the header`)
}
