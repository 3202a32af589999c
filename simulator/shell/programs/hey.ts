import { lookUp } from '../../manager/look-up.ts'
import type { HeaderList } from '../../machine/network/headers.ts'
import type { RequestEnd } from '../../machine/trace.ts'
import type { ProgramContext, ShellProgram } from '../program.ts'
import { fillIn } from '../words.ts'
import { report, type Measured } from './hey-report.ts'
import { readUrl, type Reachable } from './url.ts'

interface Options {
  readonly number: number
  readonly workers: number
  /** Requests per second and worker; 0: as fast as they are answered. */
  readonly rate: number
  /** The duration in ms, instead of a number of requests. */
  readonly duration: number | undefined
  /** The timeout of a request, in ms. */
  readonly timeout: number
  readonly method: string
  readonly headers: HeaderList
  readonly body: string | undefined
  readonly keepAlive: boolean
  readonly csv: boolean
  readonly target: Reachable
}

const WITH_VALUE = new Set([
  'n',
  'c',
  'q',
  'z',
  'o',
  'm',
  'H',
  't',
  'A',
  'd',
  'D',
  'T',
  'U',
  'a',
  'x',
  'host',
  'cpus',
])
const FLAGS = new Set(['disable-keepalive', 'disable-compression', 'disable-redirects', 'h2'])
/** More than this would fill the page's memory. */
const MOST_REQUESTS = 1_000_000
const MOST_WORKERS = 2000

/** hey 0.1.4, a load generator: this many workers, each with one connection, send the next request as soon as they have a response. */
export const hey: ShellProgram = {
  name: 'hey',
  run(call) {
    const options = read(call)
    if (typeof options === 'number') return options
    new Load(call, options).start()
    return undefined
  },
}

function read(call: ProgramContext): Options | number {
  const values = new Map<string, string>()
  const headers: Record<string, string> = {}
  const words: string[] = []
  const args = [...call.args]
  const complain = (text: string): number => {
    call.err(`${text === '' ? '' : `${text}\n\n`}${usage(call)}\n`)
    return 1
  }
  for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
    const match = /^--?([\w-]+)(?:=([\s\S]*))?$/.exec(arg)
    if (match?.[1] === undefined || words.length > 0) {
      words.push(arg)
      continue
    }
    const [, name, attached] = match
    if (FLAGS.has(name)) {
      values.set(name, 'true')
      continue
    }
    if (!WITH_VALUE.has(name)) {
      if (name !== 'help' && name !== 'h') call.err(`flag provided but not defined: -${name}\n`)
      call.err(usage(call))
      return 2
    }
    const value = attached ?? args.shift()
    if (value === undefined) {
      call.err(`flag needs an argument: -${name}\n${usage(call)}`)
      return 2
    }
    if (name === 'H') {
      const header = /^([\w-]+):\s*(.+)/.exec(value)
      if (header?.[1] === undefined) return complain(`could not parse the provided input; input = ${value}`)
      headers[header[1].toLowerCase()] = header[2] ?? ''
    }
    if (/^[nctq]$/.test(name) && !/^\d+(\.\d+)?$/.test(value)) {
      call.err(`invalid value "${value}" for flag -${name}: parse error\n${usage(call)}`)
      return 2
    }
    if (name === 'z' && milliseconds(value) === undefined) {
      call.err(`invalid value "${value}" for flag -z: parse error\n${usage(call)}`)
      return 2
    }
    values.set(name, value)
  }
  const [url] = words
  if (url === undefined) return complain('')
  const target = readUrl(url)
  if ('problem' in target || !/^https?:\/\//i.test(url)) {
    call.err(`Get "${url}": unsupported protocol scheme ""\n`)
    return 1
  }
  const number = Number(values.get('n') ?? 200)
  const workers = Number(values.get('c') ?? 50)
  const duration = values.has('z') ? milliseconds(values.get('z') ?? '') : undefined
  if (duration === undefined) {
    if (number <= 0 || workers <= 0) return complain('-n and -c cannot be smaller than 1.')
    if (number < workers) return complain('-n cannot be less than -c.')
  } else if (workers <= 0) return complain('-c cannot be smaller than 1.')
  if (number > MOST_REQUESTS || workers > MOST_WORKERS) {
    call.note(fillIn(call.words.loadTooBig, { requests: MOST_REQUESTS, workers: MOST_WORKERS }))
    return 1
  }
  if (values.has('A')) headers['accept'] = values.get('A') ?? ''
  const agent = values.get('U')
  return {
    number: duration === undefined ? Math.floor(number / workers) * workers : Infinity,
    workers,
    rate: Number(values.get('q') ?? 0),
    duration,
    timeout: Number(values.get('t') ?? 20) * 1000,
    method: (values.get('m') ?? 'GET').toUpperCase(),
    headers: Object.entries({
      host: values.get('host') ?? `${target.host}:${target.port}`,
      'content-type': values.get('T') ?? 'text/html',
      'user-agent': agent === undefined ? 'hey/0.0.1' : `${agent} hey/0.0.1`,
      ...headers,
    }),
    body: values.get('d'),
    keepAlive: !values.has('disable-keepalive'),
    csv: values.get('o') === 'csv',
    target,
  }
}

/** Go's durations: `10s`, `1m30s`, `500ms`. */
function milliseconds(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined
  let sum = 0
  for (const [, number = '0', , unit = 's'] of text.matchAll(/(\d+(\.\d+)?)(ms|s|m|h)/g))
    sum += Number(number) * (lookUp({ ms: 1, s: 1000, m: 60_000, h: 3_600_000 }, unit) ?? 0)
  return sum
}

/** Connections have numbers; those of another run are others. */
const CONNECTIONS = 10_000

class Load {
  readonly #call: ProgramContext
  readonly #options: Options
  readonly #measured: Measured[] = []
  readonly #errors = new Map<string, number>()
  readonly #shares = new Map<number, number>()
  readonly #from: number
  #working = 0
  #stopped = false

  constructor(call: ProgramContext, options: Options) {
    this.#call = call
    this.#options = options
    this.#from = call.system.now
  }

  start(): void {
    const { workers, duration } = this.#options
    // Ctrl+C: reports the results so far.
    this.#call.on('INT', () => this.#stop())
    if (duration !== undefined) this.#call.after(duration, () => this.#stop())
    this.#working = workers
    for (let worker = 0; worker < workers; worker++) this.#next(worker, 0)
  }

  /** A worker sends its next request, or is done. */
  #next(worker: number, done: number): void {
    const { number, workers, rate } = this.#options
    if (this.#stopped) return
    if (done >= number / workers) {
      this.#working -= 1
      if (this.#working === 0) this.#finish()
      return
    }
    if (rate > 0) this.#call.after(1000 / rate, () => this.#ask(worker, done))
    else this.#ask(worker, done)
  }

  #ask(worker: number, done: number): void {
    if (this.#stopped) return
    const { target, method, headers, body, timeout, keepAlive } = this.#options
    const { system } = this.#call
    const at = system.now
    let status = 0
    let bytes = 0
    let connectedAt: number | undefined
    let headAt: number | undefined
    let lookedUpAt: number | undefined
    this.#call.request(
      {
        host: target.host.replace(/^\[|\]$/g, ''),
        port: target.port,
        method,
        target: target.path,
        headers,
        ...(body === undefined ? {} : { body }),
        ...(target.secure ? { secure: true, insecure: true } : {}),
        ...(keepAlive ? { connection: this.#call.pid * CONNECTIONS + worker } : {}),
        ...(timeout > 0 ? { patience: timeout } : {}),
      },
      {
        onAddress: () => (lookedUpAt = system.now),
        onConnect: ({ reused }) => (connectedAt = reused ? undefined : system.now),
        onHead: (head) => {
          status = head.status
          headAt = system.now
        },
        onBody: (text) => (bytes += text.length),
        onEnd: (end, pid) => {
          if (this.#stopped) return
          if (pid !== undefined) this.#shares.set(pid, (this.#shares.get(pid) ?? 0) + 1)
          if (end === 'answered') {
            const connection = connectedAt === undefined ? 0 : connectedAt - at
            const head = headAt ?? system.now
            this.#measured.push({
              total: system.now - at,
              connection,
              lookup: lookedUpAt === undefined ? 0 : lookedUpAt - at,
              wait: head - at - connection,
              read: system.now - head,
              status,
              bytes,
            })
          } else {
            const text = this.#complaint(end)
            this.#errors.set(text, (this.#errors.get(text) ?? 0) + 1)
          }
          // A request that fails at once must not cause an endless loop within one moment of virtual time.
          if (system.now > at) this.#next(worker, done + 1)
          else this.#call.after(0.1, () => this.#next(worker, done + 1))
        },
      },
    )
  }

  /** Go's words. */
  #complaint(end: RequestEnd): string {
    const { target, method } = this.#options
    const verb = method.charAt(0) + method.slice(1).toLowerCase()
    const { host, port } = target
    const address = `${host === 'localhost' ? '127.0.0.1' : host}:${port}`
    const what: Readonly<Record<string, string>> = {
      refused: `dial tcp ${address}: connect: connection refused`,
      closed: 'EOF',
      'cut-off': 'unexpected EOF',
      'gave-up': 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
      'no-certificate': 'remote error: tls: internal error',
      'not-tls': 'http: server gave HTTP response to HTTPS client',
      'no-such-host': `dial tcp: lookup ${host}: no such host`,
    }
    if (end === 'cut-off') return 'unexpected EOF'
    return `${verb} "${target.url}": ${what[end] ?? end}`
  }

  #stop(): void {
    if (this.#stopped) return
    this.#finish()
  }

  #finish(): void {
    this.#stopped = true
    const { system, words } = this.#call
    const seconds = (system.now - this.#from) / 1000
    this.#call.out(report(this.#measured, this.#errors, seconds, this.#options.csv))
    if (this.#options.csv || this.#shares.size === 0) return this.#call.exit(0)
    // Not a line of hey's: it cannot know which process answered.
    this.#call.note(words.shares)
    const total = [...this.#shares.values()].reduce((sum, count) => sum + count, 0)
    const most = Math.max(...this.#shares.values())
    // The figures before it take 24 columns or fewer.
    const longest = Math.max(5, Math.min(30, this.#call.columns - 26))
    for (const [pid, count] of [...this.#shares].toSorted(([a], [b]) => a - b)) {
      const percent = ((count / total) * 100).toFixed(1)
      const bar = '■'.repeat(Math.round((count / most) * longest))
      this.#call.note(fillIn(words.share, { pid, count, percent, bar }))
    }
    this.#call.exit(0)
  }
}

function usage(call: ProgramContext): string {
  return `Usage: hey [options...] <url>

Options:
  -n  Number of requests to run. Default is 200.
  -c  Number of workers to run concurrently. Total number of requests cannot
      be smaller than the concurrency level. Default is 50.
  -q  Rate limit, in queries per second (QPS) per worker. Default is no rate limit.
  -z  Duration of application to send requests. When duration is reached,
      application stops and exits. If duration is specified, n is ignored.
      Examples: -z 10s -z 3m.
  -o  Output type. If none provided, a summary is printed.
      "csv" is the only supported alternative. Dumps the response
      metrics in comma-separated values format.

  -m  HTTP method, one of GET, POST, PUT, DELETE, HEAD, OPTIONS.
  -H  Custom HTTP header. You can specify as many as needed by repeating the flag.
      For example, -H "Accept: text/html" -H "Content-Type: application/xml" .
  -t  Timeout for each request in seconds. Default is 20, use 0 for infinite.
  -A  HTTP Accept header.
  -d  HTTP request body.
  -T  Content-type, defaults to "text/html".
  -U  User-Agent, defaults to version "hey/0.0.1".

  -host	HTTP Host header.

  -disable-keepalive    Disable keep-alive, prevents re-use of TCP
                        connections between different HTTP requests.
  -cpus                 Number of used cpu cores.
                        (default for current machine is ${call.system.processor().cores} cores)
`
}
