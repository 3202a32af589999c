import type { RequestEnd } from '../../machine/trace.ts'
import { statusPhrase } from '../../terminal/status-phrases.ts'
import type { Call, Program } from '../program.ts'
import { fillIn } from '../words.ts'
import { readCurlOptions, type CurlOptions } from './curl-options.ts'
import { readUrl, type Reachable, type Unreachable } from './url.ts'

/** curl 7.88.1, as far as it is used to talk to a server: one request after the other, each on a connection of its own. */
export const curl: Program = {
  name: 'curl',
  run(call) {
    const options = readCurlOptions(call)
    if (typeof options === 'number') return options
    transferAll(call, options, 0, 0)
    return undefined
  },
}

function transferAll(call: Call, options: CurlOptions, index: number, code: number): void {
  const typed = options.urls[index]
  if (typed === undefined) return call.exit(code)
  const target = readUrl(typed)
  const next = (result: number): void => transferAll(call, options, index + 1, result)
  if ('problem' in target) return next(refuse(call, options, target))
  new Transfer(call, options, target, next).start()
}

function refuse(call: Call, options: CurlOptions, target: Unreachable): number {
  switch (target.problem) {
    case 'bad-url':
      return fail(call, options, 3, 'URL using bad/illegal format or missing URL')
    case 'unknown-host':
      return fail(call, options, 6, `Could not resolve host: ${target.text}`)
    default:
      if (target.text === 'https') call.note(fillIn(call.words.schemeNotHere, { scheme: target.text }))
      return fail(call, options, 1, `Protocol "${target.text}" not supported or disabled in libcurl`)
  }
}

/** Prints curl's complaint, unless `-s` silences it; the answer is the exit code. */
function fail(call: Call, options: CurlOptions, code: number, text: string): number {
  if (!options.silent || options.showError) call.err(`curl: (${code}) ${text}\n`)
  return code
}

/** One request and what is printed of it. */
class Transfer {
  readonly #call: Call
  readonly #options: CurlOptions
  readonly #target: Reachable
  readonly #done: (code: number) => void
  readonly #startedAt: number
  #status = 0
  #received = 0
  #expected: number | undefined
  #file = ''

  constructor(call: Call, options: CurlOptions, target: Reachable, done: (code: number) => void) {
    this.#call = call
    this.#options = options
    this.#target = target
    this.#done = done
    this.#startedAt = call.system.now
  }

  start(): void {
    const { host, port, path } = this.#target
    const { body, headers, maxTime } = this.#options
    const method =
      this.#options.method ?? (this.#options.headOnly ? 'HEAD' : body === undefined ? 'GET' : 'POST')
    this.#say(`*   Trying ${address(host)}:${port}...`)
    this.#call.system.request(
      {
        host,
        port,
        method,
        target: path,
        headers: { host: `${host}:${port}`, ...headers },
        ...(body === undefined ? {} : { body }),
        ...(maxTime === undefined || maxTime === 0 ? {} : { patience: maxTime * 1000 }),
      },
      {
        onHead: (head) => {
          this.#say(`* Connected to ${host} (${address(host)}) port ${port} (#0)`)
          this.#say(`> ${method} ${path} HTTP/1.1`)
          for (const [name, value] of Object.entries({ host: `${host}:${port}`, ...headers })) {
            this.#say(`> ${titled(name)}: ${value}`)
          }
          this.#say('> ')
          this.#head(head)
        },
        onBody: (text) => this.#body(text),
        onEnd: (end) => this.#done(this.#ended(end)),
      },
    )
  }

  #head(head: { status: number; headers: Readonly<Record<string, string>> }): void {
    this.#status = head.status
    const length = head.headers['content-length']
    this.#expected = length === undefined ? undefined : Number(length)
    const lines = [
      `HTTP/1.1 ${head.status} ${statusPhrase(head.status)}`.trimEnd(),
      ...Object.entries(head.headers).map(([name, value]) => `${name}: ${value}`),
      '',
    ]
    if (this.#options.include || this.#options.headOnly) this.#print(`${lines.join('\n')}\n`)
    for (const line of lines) this.#say(`< ${line}`)
  }

  #body(text: string): void {
    this.#received += text.length
    if (this.#options.headOnly || (this.#options.fail && this.#status >= 400)) return
    this.#print(text)
  }

  #print(text: string): void {
    if (this.#options.output === undefined || this.#options.output === '-') this.#call.out(text)
    else this.#file += text
  }

  #say(line: string): void {
    if (this.#options.verbose) this.#call.err(`${line}\n`)
  }

  #ended(end: RequestEnd): number {
    const { output, writeOut } = this.#options
    if (output !== undefined && output !== '-' && output !== '/dev/null')
      this.#call.system.writeFile(output, this.#file)
    const code = this.#outcome(end)
    if (writeOut !== undefined) this.#call.out(this.#fill(writeOut, code))
    return code
  }

  #outcome(end: RequestEnd): number {
    const { host, port } = this.#target
    const ms = Math.floor(this.#call.system.now - this.#startedAt)
    const left = this.#expected === undefined ? undefined : this.#expected - this.#received
    switch (end) {
      case 'answered':
        if (!this.#options.fail || this.#status < 400) return 0
        return this.#fail(22, `The requested URL returned error: ${this.#status}`)
      case 'refused':
        return this.#fail(
          7,
          `Failed to connect to ${host} port ${port} after ${ms} ms: Couldn't connect to server`,
        )
      case 'closed':
        return this.#fail(52, 'Empty reply from server')
      case 'cut-off':
        return this.#fail(
          18,
          left === undefined
            ? 'transfer closed with outstanding read data remaining'
            : `transfer closed with ${left} bytes remaining to read`,
        )
      case 'gave-up':
        return this.#fail(
          28,
          `Operation timed out after ${ms} milliseconds with ${this.#received} bytes received`,
        )
      case 'no-such-host':
        return this.#fail(6, `Could not resolve host: ${host}`)
      case 'bad-certificate':
        return this.#fail(60, 'SSL certificate problem: unable to get local issuer certificate')
    }
  }

  #fail(code: number, text: string): number {
    return fail(this.#call, this.#options, code, text)
  }

  /** `-w`: what can be known here of curl's variables. */
  #fill(format: string, code: number): string {
    const seconds = ((this.#call.system.now - this.#startedAt) / 1000).toFixed(6)
    const status = String(this.#status).padStart(3, '0')
    const known: Readonly<Record<string, string>> = {
      http_code: status,
      response_code: status,
      time_total: seconds,
      size_download: String(this.#received),
      url: this.#target.url,
      url_effective: this.#target.url,
      exitcode: String(code),
      http_version: '1.1',
    }
    return format.replaceAll(/%\{(\w+)\}|%%|\\([nrt\\])/g, (whole, name?: string, escape?: string) => {
      if (whole === '%%') return '%'
      if (escape !== undefined) return { n: '\n', r: '\r', t: '\t', '\\': '\\' }[escape] ?? whole
      const value = known[name ?? '']
      if (value === undefined) this.#call.err(`curl: unknown --write-out variable: '${name ?? ''}'\n`)
      return value ?? ''
    })
  }
}

function address(host: string): string {
  return host === 'localhost' ? '127.0.0.1' : host
}

/** curl writes its own headers with capitals. */
function titled(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
}
