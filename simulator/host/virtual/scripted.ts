import type { ExceptionInfo } from '../../manager/log.ts'
import { SWITCHING_PROTOCOLS } from './connection.ts'
import { WORKER_MEMORY } from './memory.ts'
import type {
  Guest,
  GuestAct,
  GuestFactory,
  GuestInput,
  GuestRequest,
  GuestSpec,
  GuestTurn,
  Json,
} from './guest.ts'

type Act = GuestAct extends infer Each ? (Each extends unknown ? Omit<Each, 'after'> : never) : never

/**
 * An application without code, for tests and small figures: its file holds directives
 * (`migrate=none`, `lock`, `late`: migrations in the startup; `memory=500`: MB taken at the import; `boot=raise`, `boot=exit1`, `boot=thread`, `life=fail`, `life=slow2`, `life=hang`, `life=hang-stop`, `life=unsupported`, `raise=some message`),
 * and its paths are those of the application with which the real servers were recorded:
 * `/`, `/ws` (a WebSocket that sends back what it is sent), `/created`, `/redirect`, `/cookies`, `/slow/N`, `/busy/N`,
 * `/exit/N`, `/boom`; beside them `/compute/N` (ms), `/sleep/N`
 * (seconds, a call that blocks), `/allocate/N` (MB, kept), `/incr/KEY` (a counter in the shared store); anything else is 404.
 */
export const scripted: GuestFactory = (spec) => new ScriptedGuest(spec)

class ScriptedGuest implements Guest {
  readonly #directives: ReadonlyMap<string, string>
  readonly #spec: GuestSpec
  /** Bytes that the application has allocated. */
  #memory = 0
  /** Continuations by the number of the call that they wait for. */
  readonly #waiting = new Map<number, (reply: GuestInput & { type: 'reply' }) => Act[]>()
  #calls = 0
  readonly #later: { at: number; acts: readonly Act[] }[] = []

  constructor(spec: GuestSpec) {
    this.#spec = spec
    const directives = [...spec.source.matchAll(/^(\w+)=(.*)$/gm)]
    this.#directives = new Map(directives.map(([, name = '', value = '']) => [name, value]))
  }

  turn(input: GuestInput): GuestTurn {
    switch (input.type) {
      case 'import':
        return this.#import()
      case 'startup':
        return this.#startup(input.now)
      case 'request':
        return this.#request(input.request, input.now)
      case 'wake':
        return this.#wake(input.now)
      case 'reply':
        return this.#replied(input)
      case 'socket-message':
        return this.#rest([{ type: 'body', id: input.id, text: input.text }])
      case 'client-gone':
      case 'message':
        return this.#rest([])
      case 'shutdown':
        return this.#rest(this.#directives.get('life') === 'hang-stop' ? [] : [{ type: 'stopped' }])
    }
  }

  end(): void {
    this.#later.length = 0
  }

  #import(): GuestTurn {
    const boot = this.#directives.get('boot')
    if (boot === 'raise') return this.#raise('database url is missing')
    const message = this.#directives.get('raise')
    if (message !== undefined) return this.#raise(message)
    // `fastapi run` imports the application once in the manager, whose parent is init: that must not exit.
    const exit = this.#spec.ppid === 1 ? undefined : boot?.match(/^exit(\d+)$/)?.[1]
    if (exit !== undefined) return this.#rest([{ type: 'exit', code: Number(exit) }])
    const { module, attribute } = this.#spec.target
    if (attribute === 'app') {
      const beat =
        boot === 'thread'
          ? [{ type: 'print', stream: 'stdout', text: `beat in ${this.#spec.pid}\n` } as const]
          : []
      return this.#take(Number(this.#directives.get('memory') ?? 0), [...beat, { type: 'imported' }])
    }
    const error = { kind: 'no-attribute', module, attribute } as const
    return this.#rest([{ type: 'import-failed', error }])
  }

  /** Allocates this many MB, then does the actions. */
  #take(megabytes: number, acts: readonly Act[]): GuestTurn {
    this.#memory += megabytes * 1_000_000
    const turn = this.#rest(acts)
    return this.#memory === 0 ? turn : { ...turn, memory: WORKER_MEMORY + this.#memory }
  }

  #raise(message: string): GuestTurn {
    return this.#rest([{ type: 'import-failed', error: { kind: 'raised', raised: runtimeError(message) } }])
  }

  /** A call has its result: the startup or the request that waited for it continues. */
  #replied(input: GuestInput & { type: 'reply' }): GuestTurn {
    const waiting = this.#waiting.get(input.call)
    this.#waiting.delete(input.call)
    return waiting === undefined ? this.#rest([]) : this.#rest(waiting(input))
  }

  #call(
    method: string,
    args: readonly Json[],
    then: (reply: GuestInput & { type: 'reply' }) => Act[],
  ): GuestTurn {
    const call = this.#calls++
    this.#waiting.set(call, then)
    return this.#rest([{ type: 'call', call, method, args }])
  }

  #startup(now: number): GuestTurn {
    const migrate = this.#directives.get('migrate')
    if (migrate !== undefined) {
      const lock = migrate === 'late' ? 'late' : migrate === 'lock'
      return this.#call('database.migrate', [{ lock }], (reply) =>
        'error' in reply
          ? [{ type: 'startup-failed', raised: runtimeError(reply.error) }]
          : [{ type: 'started', supported: true }],
      )
    }
    const life = this.#directives.get('life')
    if (life === 'fail') {
      return this.#rest([{ type: 'startup-failed', raised: runtimeError('cannot reach database') }])
    }
    if (life === 'hang') return this.#rest([])
    const started: Act = { type: 'started', supported: life !== 'unsupported' }
    const slow = life?.match(/^slow(\d+)$/)?.[1]
    if (slow === undefined) return this.#rest([started])
    this.#later.push({ at: now + Number(slow) * 1000, acts: [started] })
    return this.#rest([])
  }

  #request({ id, target, upgrade }: GuestRequest, now: number): GuestTurn {
    if (upgrade !== undefined && target === '/ws')
      return this.#rest([{ type: 'head', id, status: SWITCHING_PROTOCOLS, headers: [] }])
    const [, name = '', amount = '0'] = target.split('?')[0]?.split('/') ?? []
    const answer = (status: number, text = 'done\n'): Act[] => [
      {
        type: 'head',
        id,
        status,
        headers: [
          ['content-length', String(text.length)],
          ['content-type', 'text/plain'],
        ],
      },
      ...(text === '' ? [] : [{ type: 'body', id, text } as const]),
      { type: 'end', id },
    ]
    switch (name) {
      case '':
        return this.#rest(answer(200, 'hello\n'))
      case 'cookies': {
        const headers = [
          ['set-cookie', 'a=1'],
          ['date', 'long ago'],
          ['set-cookie', 'b=2'],
        ] as const
        return this.#rest([
          { type: 'head', id, status: 204, headers },
          { type: 'end', id },
        ])
      }
      case 'created':
        return this.#rest(answer(201, 'created\n'))
      case 'redirect':
        return this.#rest(answer(307, ''))
      case 'slow':
        this.#later.push({ at: now + Number(amount) * 1000, acts: answer(200).slice(1) })
        return this.#rest(answer(200).slice(0, 1))
      case 'busy':
        return this.#rest(answer(200), Number(amount) * 1000)
      case 'sleep': {
        const heldUntil = now + Number(amount) * 1000
        this.#later.push({ at: heldUntil, acts: answer(200) })
        return { ...this.#rest([]), heldUntil }
      }
      case 'incr':
        return this.#call('store.incr', [amount], (reply) =>
          answer(200, 'error' in reply ? reply.error : JSON.stringify(reply.value)),
        )
      case 'compute':
        return this.#rest(answer(200), Number(amount))
      case 'allocate':
        return this.#take(Number(amount), answer(200))
      case 'exit':
        return this.#rest([{ type: 'exit', code: Number(amount) }])
      case 'boom':
        return this.#rest([
          { type: 'request-raised', id, raised: { name: 'ValueError', message: 'boom', frames: [] } },
        ])
      default:
        return this.#rest(answer(404, 'not found\n'))
    }
  }

  #wake(now: number): GuestTurn {
    const due = this.#later.filter((each) => each.at <= now)
    const rest = this.#later.filter((each) => each.at > now)
    this.#later.splice(0, this.#later.length, ...rest)
    return this.#rest(due.flatMap((each) => each.acts))
  }

  #rest(acts: readonly Act[], cpu = 0): GuestTurn {
    const wakeAt = this.#later.reduce((earliest, each) => Math.min(earliest, each.at), Infinity)
    const turn = { acts: acts.map((act) => ({ ...act, after: cpu })), cpu }
    return wakeAt === Infinity ? turn : { ...turn, wakeAt }
  }
}

function runtimeError(message: string): ExceptionInfo {
  return {
    name: 'RuntimeError',
    message,
    frames: ['File "/home/user/code/awesomeapp/main.js", line 7, in <module>'],
  }
}
