import { lookUp } from '../../manager/look-up.ts'
import type { TlsHandshake } from '../../machine/network/api.ts'
import { headerOf, type HeaderList } from '../../machine/network/headers.ts'
import { utf8Length } from '../../machine/network/utf8-length.ts'
import type { ClientRequest } from '../../machine/system.ts'
import type { RequestEnd } from '../../machine/trace.ts'
import { statusPhrase } from '../../terminal/status-phrases.ts'
import type { ProgramContext, ShellProgram } from '../program.ts'
import { fileKey } from '../run/paths.ts'
import { fillIn } from '../words.ts'
import { headersFor, readCurlOptions, type CurlOptions } from './curl-options.ts'
import {
  brokenHandshake,
  certificateProblem,
  handshake,
  MORE_ABOUT_CERTIFICATES,
  noHandshake,
} from './curl-tls.ts'
import { readUrl, type Reachable, type Unreachable } from './url.ts'

/** curl 7.88.1, as far as it is used to talk to a server: one request after the other, each on a connection of its own. */
export const curl: ShellProgram = {
  name: 'curl',
  run(call) {
    const options = readCurlOptions(call)
    if (typeof options === 'number') return options
    if (options.parallel) transferAtOnce(call, options)
    else transferAll(call, options, 0, 0)
    return undefined
  },
}

function transferAll(call: ProgramContext, options: CurlOptions, index: number, code: number): void {
  const typed = options.urls[index]
  if (typed === undefined) return call.exit(code)
  const target = readUrl(typed)
  const next = (result: number): void => transferAll(call, options, index + 1, result)
  if ('problem' in target) return next(refuse(call, options, target))
  transfer(call, options, target, next)
}

/** `-Z`: every transfer at once; the exit code is that of one that failed. */
function transferAtOnce(call: ProgramContext, options: CurlOptions): void {
  let left = options.urls.length
  let failed = 0
  const over = (code: number): void => {
    if (code !== 0) failed = code
    if (--left === 0) call.exit(failed)
  }
  for (const typed of options.urls) {
    const target = readUrl(typed)
    if ('problem' in target) over(refuse(call, options, target))
    else transfer(call, options, target, over)
  }
}

/** One transfer, repeated as `--retry` asks for. */
function transfer(
  call: ProgramContext,
  options: CurlOptions,
  target: Reachable,
  done: (code: number) => void,
): void {
  const { times, delay, ...kinds } = options.retry
  const attempt = (left: number, pause: number): void => {
    const ended = (code: number, status: number): void => {
      const why = left > 0 ? passing(code, status, kinds) : undefined
      if (why === undefined) return done(code)
      if (!options.silent)
        call.err(warning(`Problem : ${why}. Will retry in ${pause / 1000} seconds. ${left} retries left.`))
      call.after(pause, () => attempt(left - 1, delay ?? Math.min(pause * 2, LONGEST_PAUSE)))
    }
    new Transfer(call, options, target, ended).start()
  }
  attempt(times, delay ?? 1000)
}

const LONGEST_PAUSE = 600_000

/** Why a failure may be temporary, in curl's words. */
function passing(
  code: number,
  status: number,
  { refused, all }: { refused: boolean; all: boolean },
): string | undefined {
  if (code === 28) return 'timeout'
  if (code === 7 && refused) return 'connection refused'
  if ((code === 0 || code === 22) && [408, 429, 500, 502, 503, 504].includes(status)) return 'HTTP error'
  return code !== 0 && all ? '(retrying all errors)' : undefined
}

/** curl breaks its warnings at 79 columns. */
function warning(text: string): string {
  const [, first = '', rest = ''] =
    text.length < 70 ? [undefined, text] : (/^(.{1,69} )(.*)$/.exec(text) ?? [])
  return [first, rest].flatMap((line) => (line === '' ? [] : [`Warning: ${line}\n`])).join('')
}

function refuse(call: ProgramContext, options: CurlOptions, target: Unreachable): number {
  if (target.problem === 'bad-url')
    return fail(call, options, 3, 'URL using bad/illegal format or missing URL')
  if (/^(ftp|ws|wss|file|ldap|smtp)$/.test(target.text))
    call.note(fillIn(call.words.schemeNotHere, { scheme: target.text }))
  return fail(call, options, 1, `Protocol "${target.text}" not supported or disabled in libcurl`)
}

/** Prints curl's complaint, unless `-s` silences it; the answer is the exit code. */
function fail(call: ProgramContext, options: CurlOptions, code: number, text: string): number {
  if (!options.silent || options.showError) call.err(`curl: (${code}) ${text}\n`)
  return code
}

/** curl follows at most this many redirects. */
const MOST_REDIRECTS = 50

/** One request and its output. */
class Transfer {
  readonly #call: ProgramContext
  readonly #options: CurlOptions
  readonly #done: (code: number, status: number) => void
  readonly #startedAt: number
  #target: Reachable
  #method: string
  #body: string | undefined
  #address: string | undefined
  #connected = false
  #asked = false
  #tls: TlsHandshake | undefined
  #status = 0
  #received = 0
  #expected: number | undefined
  #location: string | undefined
  #redirects = 0
  #file = ''
  #times = { lookup: 0, connect: 0, tls: 0, head: 0 }

  constructor(
    call: ProgramContext,
    options: CurlOptions,
    target: Reachable,
    done: (code: number, status: number) => void,
  ) {
    this.#call = call
    this.#options = options
    this.#target = target
    this.#done = done
    this.#startedAt = call.system.now
    this.#body = options.body
    this.#method = options.method ?? (options.headOnly ? 'HEAD' : options.body === undefined ? 'GET' : 'POST')
  }

  start(): void {
    const { host, port, path, secure } = this.#target
    const { headers, maxTime, insecure, socket, resolve } = this.#options
    const usual = port === (secure ? 443 : 80)
    const name = usual ? host : `${host}:${port}`
    const fixed = resolve.get(`${host}:${port}`)
    // After a redirect that is asked with GET the body is left.
    const sent = headersFor(headers, name, this.#body === undefined && this.#options.body !== undefined)
    if (fixed !== undefined) this.#say(`* Added ${host}:${port}:${fixed} to DNS cache`)
    if (/^[\d.]+$|^localhost$|^\[/.test(host)) this.#trying(address(host))
    const request: ClientRequest = {
      host: fixed ?? bare(host),
      port,
      method: this.#method,
      target: path,
      headers: sent,
      ...(this.#body === undefined ? {} : { body: this.#body }),
      ...(socket === undefined ? {} : { socket: fileKey(this.#call.cwd, socket) }),
      ...(secure ? { secure: true, insecure } : {}),
      ...(maxTime === undefined || maxTime === 0 ? {} : { patience: maxTime * 1000 }),
    }
    this.#call.request(request, {
      onAddress: (found) => {
        this.#times.lookup = this.#elapsed
        if (found !== undefined && this.#address === undefined) this.#trying(found)
      },
      onConnect: (to) => {
        this.#times.connect = this.#elapsed
        this.#connect(this.#address ?? to.address)
        if (!secure) this.#sayRequest(sent)
      },
      onTls: (tls) => {
        this.#times.tls = this.#elapsed
        this.#tls = tls
        for (const line of handshake(tls, host, insecure)) this.#say(line)
        if (tls.verdict === 'good' || insecure) this.#sayRequest(sent)
      },
      onHead: (head) => {
        this.#times.head = this.#elapsed
        if (!this.#connected) this.#connect(this.#address ?? address(host))
        this.#sayRequest(sent)
        this.#head(head)
      },
      onBody: (text) => this.#take(text),
      onEnd: (end) => this.#ended(end),
    })
  }

  get #elapsed(): number {
    return this.#call.system.now - this.#startedAt
  }

  #trying(to: string): void {
    this.#address = to
    this.#say(`*   Trying ${to}:${this.#target.port}...`)
  }

  #connect(to: string): void {
    this.#connected = true
    this.#say(
      `* Connected to ${bare(this.#target.host)} (${to}) port ${this.#target.port} (#${this.#redirects})`,
    )
  }

  #sayRequest(sent: HeaderList): void {
    if (this.#asked) return
    this.#asked = true
    this.#say(`> ${this.#method} ${this.#target.path} HTTP/1.1`)
    for (const [name, value] of sent) this.#say(`> ${name}: ${value}`)
    this.#say('> ')
  }

  #head(head: { status: number; headers: HeaderList }): void {
    this.#status = head.status
    const length = headerOf(head.headers, 'content-length')
    this.#expected = length === undefined ? undefined : Number(length)
    this.#location = head.status >= 300 && head.status < 400 ? headerOf(head.headers, 'location') : undefined
    const lines = [
      `HTTP/1.1 ${head.status} ${statusPhrase(head.status)}`.trimEnd(),
      ...head.headers.map(([name, value]) => `${name}: ${value}`),
      '',
    ]
    if (this.#options.include || this.#options.headOnly) this.#print(`${lines.join('\n')}\n`)
    for (const line of lines) this.#say(`< ${line}`)
  }

  #take(text: string): void {
    this.#received += utf8Length(text)
    const { headOnly, fail: fails, follow } = this.#options
    if (headOnly || (fails && this.#status >= 400) || (follow && this.#location !== undefined)) return
    this.#print(text)
  }

  #print(text: string): void {
    if (this.#options.output === undefined || this.#options.output === '-') this.#call.out(text)
    else this.#file += text
  }

  #say(line: string): void {
    if (this.#options.verbose) this.#call.err(`${line}\n`)
  }

  #ended(end: RequestEnd): void {
    if (end === 'answered')
      this.#say(`* Connection #${this.#redirects} to host ${bare(this.#target.host)} left intact`)
    if (end === 'answered' && this.#options.follow && this.#location !== undefined)
      return this.#redirect(this.#location)
    this.#finish(this.#outcome(end))
  }

  #redirect(location: string): void {
    const { secure, host, port } = this.#target
    const origin = `${secure ? 'https' : 'http'}://${host}:${port}`
    const next = readUrl(
      /^[a-z]+:\/\//i.test(location) ? location : origin + (location.startsWith('/') ? '' : '/') + location,
    )
    this.#redirects += 1
    if (this.#redirects > MOST_REDIRECTS)
      return this.#finish(this.#fail(47, `Maximum (${MOST_REDIRECTS}) redirects followed`))
    if ('problem' in next) return this.#finish(refuse(this.#call, this.#options, next))
    this.#say(`* Issue another request to this URL: '${next.url}'`)
    if (this.#status !== 307 && this.#status !== 308 && this.#method === 'POST') {
      this.#method = 'GET'
      this.#body = undefined
    }
    this.#target = next
    this.#address = undefined
    this.#connected = false
    this.#asked = false
    this.#received = 0
    this.start()
  }

  #finish(code: number): void {
    const { output, writeOut } = this.#options
    if (output !== undefined && output !== '-' && output !== '/dev/null')
      this.#call.system.writeFile(fileKey(this.#call.cwd, output), this.#file)
    if (writeOut !== undefined) this.#call.out(this.#fill(writeOut, code))
    this.#done(code, this.#status)
  }

  #outcome(end: RequestEnd): number {
    const { port } = this.#target
    const host = bare(this.#target.host)
    const ms = Math.floor(this.#elapsed)
    const left = this.#expected === undefined ? undefined : this.#expected - this.#received
    switch (end) {
      case 'answered':
        if (!this.#options.fail || this.#status < 400) return 0
        return this.#fail(22, `The requested URL returned error: ${this.#status}`)
      case 'refused':
        this.#say(`* connect to ${this.#address ?? host} port ${port} failed: Connection refused`)
        this.#say(`* Failed to connect to ${host} port ${port} after ${ms} ms: Couldn't connect to server`)
        this.#say('* Closing connection 0')
        return this.#fail(
          7,
          `Failed to connect to ${host} port ${port} after ${ms} ms: Couldn't connect to server`,
        )
      case 'closed':
        this.#say('* Empty reply from server')
        this.#say('* Closing connection 0')
        return this.#fail(52, 'Empty reply from server')
      case 'cut-off':
        return this.#fail(
          18,
          left === undefined
            ? 'transfer closed with outstanding read data remaining'
            : `transfer closed with ${left} bytes remaining to read`,
        )
      case 'gave-up': {
        const text = `Operation timed out after ${ms} milliseconds with ${this.#received} bytes received`
        this.#say(`* ${text}`)
        this.#say('* Closing connection 0')
        return this.#fail(28, text)
      }
      case 'no-such-host':
        this.#say(`* Could not resolve host: ${host}`)
        this.#say('* Closing connection 0')
        return this.#fail(6, `Could not resolve host: ${host}`)
      case 'no-certificate':
      case 'not-tls':
        for (const line of brokenHandshake(end, this.#options.insecure)) this.#say(line)
        this.#say('* Closing connection 0')
        return this.#fail(35, noHandshake(end))
      case 'bad-certificate': {
        const problem = certificateProblem(this.#tls?.verdict, host)
        this.#say(`* ${problem}`)
        this.#say('* Closing connection 0')
        const code = this.#fail(60, problem)
        if (!this.#options.silent || this.#options.showError) this.#call.err(MORE_ABOUT_CERTIFICATES)
        return code
      }
    }
  }

  #fail(code: number, text: string): number {
    return fail(this.#call, this.#options, code, text)
  }

  /** `-w`: those of curl's variables that are known here. */
  #fill(format: string, code: number): string {
    const inSeconds = (ms: number): string => (ms / 1000).toFixed(6)
    const status = String(this.#status).padStart(3, '0')
    const known: Readonly<Record<string, string>> = {
      http_code: status,
      response_code: status,
      time_total: inSeconds(this.#elapsed),
      time_namelookup: inSeconds(this.#times.lookup),
      time_connect: inSeconds(this.#times.connect),
      time_appconnect: inSeconds(this.#times.tls),
      time_starttransfer: inSeconds(this.#times.head),
      size_download: String(this.#received),
      num_redirects: String(this.#redirects),
      remote_ip: this.#address ?? '',
      remote_port: String(this.#target.port),
      scheme: this.#target.secure ? 'HTTPS' : 'HTTP',
      method: this.#method,
      ssl_verify_result: this.#tls === undefined || this.#tls.verdict === 'good' ? '0' : '10',
      url: this.#target.url,
      url_effective: this.#target.url,
      exitcode: String(code),
      http_version: '1.1',
    }
    return format.replaceAll(/%\{(\w+)\}|%%|\\([nrt\\])/g, (whole, name?: string, escape?: string) => {
      if (whole === '%%') return '%'
      if (escape !== undefined) return lookUp({ n: '\n', r: '\r', t: '\t', '\\': '\\' }, escape) ?? whole
      const value = lookUp(known, name ?? '')
      if (value === undefined) this.#call.err(`curl: unknown --write-out variable: '${name ?? ''}'\n`)
      return value ?? ''
    })
  }
}

function address(host: string): string {
  return host === 'localhost' ? '127.0.0.1' : bare(host)
}

/** `[::1]` is `::1`. */
function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '')
}

/** curl writes its own headers with capitals. */
