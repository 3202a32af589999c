import type { ExceptionInfo } from '../../../manager/log.ts'
import type { HeaderList } from '../../../machine/network/headers.ts'
import type { AppError } from '../../../manager/machine.ts'
import type { GuestAct, GuestTurn, Json } from '../../virtual/guest.ts'
import {
  amount,
  fields,
  list,
  oneOf,
  ownField,
  refused,
  text,
  booleanValue,
  wholeNumber,
  type Fields,
} from './checks.ts'

/** The most that is accepted of one turn. What our own code in a worker sends is far below. */
export const MOST = {
  acts: 100_000,
  /** Characters of all strings of a turn together. */
  characters: 64_000_000,
  /** Of these, characters that are printed. */
  printed: 4_000_000,
  /** Entries of all values that are passed to calls, and how deep they are nested. */
  values: 100_000,
  depth: 32,
  headers: 1000,
  /** Characters of a path, as on Linux. */
  path: 4096,
  frames: 200,
  /** Exceptions that were raised while another one was handled, in one chain. */
  during: 20,
} as const

/**
 * Reads the result of a turn that a worker sent. A learner's code may have changed everything in the worker, so every field is checked,
 * and the result is a new object.
 * @throws Malformed when it is no turn
 */
export function readTurn(data: unknown): GuestTurn {
  const reader = new Reader()
  const turn = fields(data, 'turn')
  const acts: GuestAct[] = []
  let after = 0
  for (const [index, each] of list(ownField(turn, 'acts'), 'acts', MOST.acts).entries()) {
    const act = reader.act(each, `acts[${index}]`)
    // Time never goes back.
    after = Math.max(after, act.after)
    acts.push({ ...act, after })
  }
  const wakeAt = ownField(turn, 'wakeAt')
  const heldUntil = ownField(turn, 'heldUntil')
  const memory = ownField(turn, 'memory')
  return {
    acts,
    cpu: Math.max(after, amount(ownField(turn, 'cpu'), 'cpu')),
    ...(wakeAt === undefined ? {} : { wakeAt: amount(wakeAt, 'wakeAt') }),
    ...(heldUntil === undefined ? {} : { heldUntil: amount(heldUntil, 'heldUntil') }),
    ...(memory === undefined ? {} : { memory: wholeNumber(memory, 'memory', Number.MAX_SAFE_INTEGER) }),
  }
}

/** Reads one turn and counts what it contains, against `MOST`. */
class Reader {
  #characters = 0
  #printed = 0
  #values = 0

  act(data: unknown, path: string): GuestAct {
    const act = fields(data, path)
    const after = amount(ownField(act, 'after'), `${path}.after`)
    const type = ownField(act, 'type')
    switch (type) {
      case 'imported':
      case 'stopped':
        return { type, after }
      case 'started':
        return { type, after, supported: booleanValue(ownField(act, 'supported'), `${path}.supported`) }
      case 'import-failed':
        return { type, after, error: this.#appError(ownField(act, 'error'), `${path}.error`) }
      case 'startup-failed':
      case 'shutdown-failed':
      case 'crashed':
        return { type, after, raised: this.#raised(ownField(act, 'raised'), `${path}.raised`) }
      case 'request-raised': {
        const raised = this.#raised(ownField(act, 'raised'), `${path}.raised`)
        return { type, after, id: number(act, 'id', path), raised }
      }
      case 'head': {
        const headers = this.#headers(ownField(act, 'headers'), `${path}.headers`)
        const status = wholeNumber(ownField(act, 'status'), `${path}.status`, 999)
        return { type, after, id: number(act, 'id', path), status, headers }
      }
      case 'body':
        return { type, after, id: number(act, 'id', path), text: this.#text(act, 'text', path) }
      case 'end':
        return { type, after, id: number(act, 'id', path) }
      case 'print': {
        const stream = oneOf(ownField(act, 'stream'), `${path}.stream`, ['stdout', 'stderr'])
        const printed = text(ownField(act, 'text'), `${path}.text`, MOST.printed - this.#printed)
        this.#printed += printed.length
        return { type, after, stream, text: printed }
      }
      case 'call': {
        const args = list(ownField(act, 'args'), `${path}.args`, MOST.values)
        return {
          type,
          after,
          call: number(act, 'call', path),
          method: this.#text(act, 'method', path),
          args: args.map((each, index) => this.#json(each, `${path}.args[${index}]`, 0)),
        }
      }
      case 'file': {
        const change = oneOf(ownField(act, 'change'), `${path}.change`, ['whole', 'appended', 'removed'])
        return {
          type,
          after,
          path: this.#path(act, path),
          change,
          text: this.#text(act, 'text', path),
        }
      }
      case 'lock': {
        const mode = oneOf(ownField(act, 'mode'), `${path}.mode`, ['shared', 'exclusive', 'none'])
        return { type, after, path: this.#path(act, path), mode }
      }
      case 'exit':
        return { type, after, code: wholeNumber(ownField(act, 'code'), `${path}.code`, 255) }
      default:
        throw refused(`${path}.type`, 'the name of an act', type)
    }
  }

  #count(characters: string, path: string): string {
    this.#characters += characters.length
    return text(characters, path, MOST.characters - this.#characters + characters.length)
  }

  #text(data: Fields, name: string, path: string): string {
    return this.#count(text(ownField(data, name), `${path}.${name}`, MOST.characters), `${path}.${name}`)
  }

  /** The absolute path of a file. */
  #path(act: Fields, path: string): string {
    const given = this.#text(act, 'path', path)
    if (!given.startsWith('/') || given.length > MOST.path)
      throw refused(`${path}.path`, 'an absolute path', given)
    return given
  }

  #headers(data: unknown, path: string): HeaderList {
    const part = (each: unknown, where: string) => this.#count(text(each, where, MOST.characters), where)
    return list(data, path, MOST.headers).map((each, index) => {
      const where = `${path}[${index}]`
      const [name, value] = list(each, where, 2)
      return [part(name, where), part(value, where)]
    })
  }

  #raised(data: unknown, path: string, depth = 0): ExceptionInfo {
    const raised = fields(data, path)
    if (depth > MOST.during) throw refused(path, `at most ${MOST.during} exceptions in each other`, raised)
    // One of the two, as Python prints: with both, twenty levels could unfold to a million.
    const link = ownField(raised, 'cause') === undefined ? 'during' : 'cause'
    const earlier = ownField(raised, link)
    return {
      name: this.#text(raised, 'name', path),
      message: this.#text(raised, 'message', path),
      frames: list(ownField(raised, 'frames'), `${path}.frames`, MOST.frames).map((frame) =>
        this.#count(text(frame, `${path}.frames`, MOST.characters), `${path}.frames`),
      ),
      ...(earlier === undefined ? {} : { [link]: this.#raised(earlier, `${path}.${link}`, depth + 1) }),
    }
  }

  #appError(data: unknown, path: string): AppError {
    const error = fields(data, path)
    const kind = ownField(error, 'kind')
    switch (kind) {
      case 'no-module':
        return { kind, module: this.#text(error, 'module', path) }
      case 'no-attribute': {
        const module = this.#text(error, 'module', path)
        return { kind, module, attribute: this.#text(error, 'attribute', path) }
      }
      case 'bad-import-string':
        return { kind, typed: this.#text(error, 'typed', path) }
      case 'raised':
        return { kind, raised: this.#raised(ownField(error, 'raised'), `${path}.raised`) }
      default:
        throw refused(`${path}.kind`, 'the kind of an error', kind)
    }
  }

  /** A value that an application passes to a call: strings, numbers, booleans, lists and objects of them. */
  #json(data: unknown, path: string, depth: number): Json {
    if (++this.#values > MOST.values) throw refused(path, `at most ${MOST.values} values`, this.#values)
    if (depth > MOST.depth) throw refused(path, `at most ${MOST.depth} levels`, depth)
    if (data === undefined || data === null) return null
    if (typeof data === 'string') return this.#count(data, path)
    if (typeof data === 'number' || typeof data === 'boolean') return data
    if (Array.isArray(data)) {
      return list(data, path, MOST.values).map((each) => this.#json(each, path, depth + 1))
    }
    return Object.fromEntries(
      Object.entries(fields(data, path)).map(([name, value]) => [
        this.#count(name, path),
        this.#json(value, path, depth + 1),
      ]),
    )
  }
}

function number(act: Fields, name: string, path: string): number {
  return wholeNumber(ownField(act, name), `${path}.${name}`, Number.MAX_SAFE_INTEGER)
}
