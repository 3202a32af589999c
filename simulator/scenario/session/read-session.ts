import { lookUp } from '../../manager/look-up.ts'
import type { ClientLoad } from '../../machine/clients/clients.ts'
import { RUNTIMES } from '../../machine/runtime.ts'
import type { ProgramName } from '../../manager/settings.ts'
import { SIGNAL_NUMBERS, type SignalName } from '../../manager/signals.ts'
import { VERSIONS } from '../../manager/versions.ts'
import {
  CERTIFICATE_VERBS,
  KEEPER_KINDS,
  KEEPER_VERBS,
  LIMITS,
  SESSION_VERSION,
  UNIT_VERBS,
  type SessionInput,
  type MachineSettings,
  type SessionData,
  type TimedInput,
} from './session.ts'

/** Why data is not a valid session: where, and what was expected there. */
export interface SessionProblem {
  /** E.g. `inputs[3].columns`. */
  readonly path: string
  readonly expected: ExpectedValue
  /** What was found there, shortened. */
  readonly got: string
}

/** What was expected, as a key of the language files, with its parameters. */
export type ExpectedValue =
  | { readonly what: 'object' | 'list' | 'switch' | 'text' | 'name' | 'order' | 'opened' | 'fresh' }
  | { readonly what: 'number'; readonly least: number; readonly most: number }
  | { readonly what: 'shorter'; readonly most: number }
  | { readonly what: 'one-of'; readonly choices: string }
  /** A session in another version of the format. */
  | { readonly what: 'version'; readonly version: number }

class Refusal extends Error {
  readonly problem: SessionProblem

  constructor(path: string, expected: ExpectedValue, got: unknown) {
    super(path)
    this.problem = { path, expected, got: shown(got) }
  }
}

/**
 * Reads a session from untrusted data. Every field is validated, and unknown ones are dropped: the result has nothing but what
 * the type says.
 */
export function readSession(data: unknown): { session: SessionData } | { problem: SessionProblem } {
  try {
    return { session: session(data) }
  } catch (error) {
    if (error instanceof Refusal) return { problem: error.problem }
    throw error
  }
}

function session(data: unknown): SessionData {
  const all = object(data, 'session')
  if (all['version'] !== SESSION_VERSION) {
    throw new Refusal('version', { what: 'version', version: SESSION_VERSION }, all['version'])
  }
  return {
    version: SESSION_VERSION,
    machine: machine(all['machine']),
    ...(all['runtime'] === undefined ? {} : { runtime: oneOf(all['runtime'], 'runtime', RUNTIMES) }),
    files: files(all['files']),
    clients: load(all['clients'], 'clients'),
    inputs: inputs(all['inputs']),
    until: whole(all['until'], 'until', LIMITS.time),
  }
}

function machine(data: unknown): MachineSettings {
  const { cores, memory, swap, seed, versions } = object(data, 'machine')
  return {
    cores: whole(cores, 'machine.cores', LIMITS.cores),
    memory: whole(memory, 'machine.memory', LIMITS.memory),
    ...(swap === undefined ? {} : { swap: whole(swap, 'machine.swap', LIMITS.swap) }),
    seed: whole(seed, 'machine.seed', LIMITS.seed),
    versions: programs(versions),
  }
}

function programs(data: unknown): Record<ProgramName, string> {
  const versions = object(data, 'machine.versions')
  const version = (program: ProgramName) =>
    oneOf(versions[program], `machine.versions.${program}`, VERSIONS[program])
  return { uvicorn: version('uvicorn'), gunicorn: version('gunicorn'), fastapi: version('fastapi') }
}

function files(data: unknown): Record<string, string> {
  const entries = Object.entries(object(data, 'files'))
  if (entries.length > LIMITS.files) throw new Refusal('files', { what: 'shorter', most: LIMITS.files }, data)
  return Object.fromEntries(
    entries.map(([file, text]) => [
      fileName(file, 'files'),
      string(text, `files.${shown(file)}`, LIMITS.file),
    ]),
  )
}

function load(data: unknown, path: string): ClientLoad {
  const { clients, method, target, pause, patience } = object(data, path)
  const [shortest, longest] = list(pause, `${path}.pause`, 2)
  const least = whole(shortest, `${path}.pause[0]`, LIMITS.wait)
  return {
    clients: whole(clients, `${path}.clients`, LIMITS.clients),
    ...request({ method, target }, path),
    pause: [least, whole(longest, `${path}.pause[1]`, [least, LIMITS.wait[1]])],
    patience: whole(patience, `${path}.patience`, LIMITS.wait),
  }
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

function request(data: { method: unknown; target: unknown }, path: string) {
  return {
    method: oneOf(data.method, `${path}.method`, METHODS),
    target: matching(data.target, `${path}.target`, /^\/[!-~]{0,1000}$/),
  }
}

function inputs(data: unknown): readonly TimedInput[] {
  const open = new Set<string>()
  let before = 0
  return list(data, 'inputs', LIMITS.inputs).map((each, index) => {
    const path = `inputs[${index}]`
    const fields = object(each, path)
    const at = whole(fields['at'], `${path}.at`, LIMITS.time)
    if (at < before) throw new Refusal(`${path}.at`, { what: 'order' }, at)
    before = at
    return { at, ...input(fields, path, open) }
  })
}

const TYPES: readonly SessionInput['type'][] = [
  'open',
  'resize',
  'line',
  'keys',
  'write',
  'signal',
  'clients',
  'request',
  'spin',
  'fill-memory',
  'reboot',
  'hang-up',
  'unit',
  'keep',
  'keeper',
  'proxy',
  'certificate',
]

function input(fields: Fields, path: string, open: Set<string>): SessionInput {
  const type = oneOf(fields['type'], `${path}.type`, TYPES)
  const size = () => {
    const columns = whole(fields['columns'], `${path}.columns`, LIMITS.columns)
    if (fields['rows'] === undefined) return { columns }
    return { columns, rows: whole(fields['rows'], `${path}.rows`, LIMITS.rows) }
  }
  const text = (name: string, most: number) => string(lookUp(fields, name), `${path}.${name}`, most)
  const terminal = () => {
    const name = terminalName(fields['terminal'], `${path}.terminal`)
    if (!open.has(name)) throw new Refusal(`${path}.terminal`, { what: 'opened' }, name)
    return name
  }
  const kept = () => matching(fields['name'], `${path}.name`, /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/)
  // A host name.
  const site = () =>
    matching(fields['site'], `${path}.site`, /^(?=.{1,64}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9-]+)+$/)
  switch (type) {
    case 'open': {
      const name = terminalName(fields['terminal'], `${path}.terminal`)
      if (open.has(name)) throw new Refusal(`${path}.terminal`, { what: 'fresh' }, name)
      if (open.size === LIMITS.terminals)
        throw new Refusal(path, { what: 'shorter', most: LIMITS.terminals }, name)
      open.add(name)
      return { type, terminal: name, ...size() }
    }
    case 'resize':
      return { type, terminal: terminal(), ...size() }
    case 'line':
      return { type, terminal: terminal(), text: text('text', LIMITS.line) }
    case 'keys': {
      const line = fields['line'] === undefined ? {} : { line: text('line', LIMITS.line) }
      return { type, terminal: terminal(), data: text('data', LIMITS.line), ...line }
    }
    case 'write':
      return { type, file: fileName(fields['file'], `${path}.file`), text: text('text', LIMITS.file) }
    case 'signal':
      return {
        type,
        pid: whole(fields['pid'], `${path}.pid`, LIMITS.pid),
        signal: oneOf(fields['signal'], `${path}.signal`, Object.keys(SIGNAL_NUMBERS) as SignalName[]),
      }
    case 'clients': {
      const on = bool(fields['on'], `${path}.on`)
      return fields['load'] === undefined
        ? { type, on }
        : { type, on, load: load(fields['load'], `${path}.load`) }
    }
    case 'spin':
      return { type, pid: whole(fields['pid'], `${path}.pid`, LIMITS.pid) }
    case 'fill-memory':
      return {
        type,
        pid: whole(fields['pid'], `${path}.pid`, LIMITS.pid),
        bytes: whole(fields['bytes'], `${path}.bytes`, [1, LIMITS.memory[1]]),
      }
    case 'reboot':
      return { type, hard: bool(fields['hard'], `${path}.hard`) }
    case 'hang-up':
      return { type, terminal: terminal() }
    case 'unit':
      return {
        type,
        verb: oneOf(fields['verb'], `${path}.verb`, UNIT_VERBS),
        unit: matching(fields['unit'], `${path}.unit`, /^[A-Za-z0-9@_.-]{1,64}$/),
      }
    case 'keep':
      return {
        type,
        by: oneOf(fields['by'], `${path}.by`, KEEPER_KINDS),
        name: kept(),
        command: text('command', LIMITS.line),
      }
    case 'keeper':
      return { type, verb: oneOf(fields['verb'], `${path}.verb`, KEEPER_VERBS), name: kept() }
    case 'proxy': {
      const on = bool(fields['on'], `${path}.on`)
      return { type, on, site: site(), automatic: bool(fields['automatic'], `${path}.automatic`) }
    }
    case 'certificate':
      return { type, verb: oneOf(fields['verb'], `${path}.verb`, CERTIFICATE_VERBS), site: site() }
    case 'request':
      return { type, ...request({ method: fields['method'], target: fields['target'] }, path) }
  }
}

type Fields = Readonly<Record<string, unknown>>

function object(data: unknown, path: string): Fields {
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data as Fields
  throw new Refusal(path, { what: 'object' }, data)
}

function list(data: unknown, path: string, most: number): readonly unknown[] {
  if (!Array.isArray(data)) throw new Refusal(path, { what: 'list' }, data)
  if (data.length > most) throw new Refusal(path, { what: 'shorter', most }, `${data.length}`)
  return data as readonly unknown[]
}

function whole(data: unknown, path: string, [least, most]: readonly [number, number]): number {
  if (typeof data === 'number' && Number.isInteger(data) && data >= least && data <= most) return data
  throw new Refusal(path, { what: 'number', least, most }, data)
}

function bool(data: unknown, path: string): boolean {
  if (typeof data === 'boolean') return data
  throw new Refusal(path, { what: 'switch' }, data)
}

function string(data: unknown, path: string, most: number): string {
  if (typeof data !== 'string') throw new Refusal(path, { what: 'text' }, data)
  if (data.length > most) throw new Refusal(path, { what: 'shorter', most }, data)
  return data
}

function oneOf<T extends string>(data: unknown, path: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === data)
  if (found === undefined) throw new Refusal(path, { what: 'one-of', choices: choices.join(', ') }, data)
  return found
}

function matching(data: unknown, path: string, form: RegExp): string {
  if (typeof data === 'string' && form.test(data)) return data
  throw new Refusal(path, { what: 'name' }, data)
}

/** A relative path of letters, digits, dots and dashes that does not leave the folder; or a unit file of the init system. */
function fileName(data: unknown, path: string): string {
  const name = matching(
    data,
    path,
    /^(?!.*\.\.)(?:[A-Za-z0-9_.-][A-Za-z0-9_./-]*|\/etc\/systemd\/system\/[A-Za-z0-9_-]+\.service)$/,
  )
  return string(name, path, LIMITS.name)
}

function terminalName(data: unknown, path: string): string {
  return matching(data, path, /^[a-z][a-z0-9-]{0,15}$/)
}

/** The rejected value, shortened. Arrays and objects are only named: to print one could take for ever. */
function shown(data: unknown): string {
  if (Array.isArray(data)) return data.length === 0 ? '[]' : '[…]'
  if (typeof data === 'object' && data !== null) return '{…}'
  const text = String(data)
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
