import { lookUp } from '../../manager/look-up.ts'
import type { ProgramContext } from '../program.ts'
import { fileKey } from '../run/paths.ts'
import { fillIn } from '../words.ts'
import { readArguments } from './options.ts'
import { ranges } from './url.ts'

/** What curl was asked for. Times in seconds, as on the command line. */
export interface CurlOptions {
  readonly urls: readonly string[]
  readonly method: string | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly include: boolean
  readonly headOnly: boolean
  readonly silent: boolean
  readonly showError: boolean
  readonly verbose: boolean
  readonly fail: boolean
  readonly output: string | undefined
  readonly writeOut: string | undefined
  readonly maxTime: number | undefined
  /** `-k`: any certificate will do. */
  readonly insecure: boolean
  /** `-L`: redirects are followed. */
  readonly follow: boolean
  readonly socket: string | undefined
  /** `-Z`: all at once. */
  readonly parallel: boolean
  /** `--retry`: how often, after how many ms (twice as long each time unless said), and after which ends. */
  readonly retry: {
    readonly times: number
    readonly delay: number | undefined
    readonly refused: boolean
    readonly all: boolean
  }
  /** `--resolve`: addresses by `host:port`. */
  readonly resolve: ReadonlyMap<string, string>
}

/** Long names of the options that are here. */
const LONG: Readonly<Record<string, string>> = {
  '--include': '-i',
  '--head': '-I',
  '--silent': '-s',
  '--show-error': '-S',
  '--output': '-o',
  '--write-out': '-w',
  '--request': '-X',
  '--header': '-H',
  '--data': '-d',
  '--data-raw': '-d',
  '--verbose': '-v',
  '--max-time': '-m',
  '--fail': '-f',
  '--url': '--url',
  '--insecure': '-k',
  '--location': '-L',
  '--unix-socket': '--unix-socket',
  '--resolve': '--resolve',
  '--user-agent': '-A',
  '--connect-timeout': '--connect-timeout',
  '--json': '--json',
  '--parallel': '-Z',
  '--retry': '--retry',
  '--retry-delay': '--retry-delay',
  '--retry-connrefused': '--retry-connrefused',
  '--retry-all-errors': '--retry-all-errors',
}

/** They change nothing that this machine models. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  '-4', '-g', '-#', '-N', '--ipv4', '--globoff', '--progress-bar', '--no-buffer',
  '--http1.1', '--no-progress-meter', '--compressed',
]) // prettier-ignore

const WITH_VALUE: ReadonlySet<string> = new Set([
  ...[
    '-o',
    '-w',
    '-X',
    '-H',
    '-d',
    '-m',
    '-A',
    '--url',
    '--unix-socket',
    '--resolve',
    '--connect-timeout',
    '--json',
    '--retry',
    '--retry-delay',
  ],
])

/** curl 7.88.1's other options: they exist, but not here. */
const ELSEWHERE =
  /^(-[0123abBcCDeEFhJKlMnOPqQrRtTuUxyYz:]|--(cookie|form|user|proxy|get|remote-name|help|cacert|cert|key|range|referer|limit-rate|keepalive-time|http2|path-as-is).*)$/

const TRY = "curl: try 'curl --help' or 'curl --manual' for more information\n"

const VERSION = `curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1 OpenSSL/3.0.19
Release-Date: 2023-02-20, security patched: 7.88.1-10+deb12u5
Protocols: http https
`

/** Reads curl's options; after a usage error, which has then been printed, the exit code. */
export function readCurlOptions(call: ProgramContext): CurlOptions | number {
  const complain = (text: string): number => {
    call.err(`curl: ${text}\n${TRY}`)
    return 2
  }
  if (call.args.some((arg) => arg === '--version' || arg === '-V')) {
    call.out(VERSION)
    return 0
  }
  const flags = new Set<string>()
  const values = new Map<string, string[]>()
  const urls: string[] = []
  for (const argument of readArguments(call.args, (option) =>
    WITH_VALUE.has(lookUp(LONG, option) ?? option),
  )) {
    if ('word' in argument) {
      urls.push(...ranges(argument.word))
      continue
    }
    if ('missing' in argument) return complain(`option ${argument.missing}: requires parameter`)
    const option = lookUp(LONG, argument.option) ?? argument.option
    const known = WITHOUT_EFFECT.has(option) || Object.values(LONG).includes(option)
    if (!known && ELSEWHERE.test(option)) {
      call.note(fillIn(call.words.optionNotHere, { program: 'curl', option }))
      return 2
    }
    if (!known) return complain(`option ${option}: is unknown`)
    if (option === '--url') urls.push(...ranges(argument.value ?? ''))
    else if (WITH_VALUE.has(option)) values.set(option, [...(values.get(option) ?? []), argument.value ?? ''])
    else flags.add(option)
  }
  const last = (option: string) => values.get(option)?.at(-1)
  const maxTime = last('-m')
  if (maxTime !== undefined && !/^\d*\.?\d+$/.test(maxTime))
    return complain('option -m: expected a proper numerical parameter')
  if (urls.length === 0) {
    call.err(values.size + flags.size === 0 ? TRY : `curl: no URL specified!\n${TRY}`)
    return 2
  }
  const json = values.get('--json')
  const body = (json ?? values.get('-d'))?.map((data) => dataOf(call, data))
  return {
    urls,
    method: last('-X'),
    headers: headersOf(values, body !== undefined),
    body: body?.join(json === undefined ? '&' : ''),
    include: flags.has('-i'),
    headOnly: flags.has('-I'),
    silent: flags.has('-s'),
    showError: flags.has('-S'),
    verbose: flags.has('-v'),
    fail: flags.has('-f'),
    output: last('-o'),
    writeOut: last('-w'),
    maxTime: maxTime === undefined ? undefined : Number(maxTime),
    insecure: flags.has('-k'),
    follow: flags.has('-L'),
    socket: last('--unix-socket'),
    parallel: flags.has('-Z'),
    retry: {
      times: Number(last('--retry') ?? 0) || 0,
      delay: last('--retry-delay') === undefined ? undefined : Number(last('--retry-delay')) * 1000,
      refused: flags.has('--retry-connrefused'),
      all: flags.has('--retry-all-errors'),
    },
    resolve: new Map(
      (values.get('--resolve') ?? []).map((text) => {
        const [host = '', port = '', address = ''] = text.split(':')
        return [`${host}:${port}`, address]
      }),
    ),
  }
}

function dataOf(call: ProgramContext, data: string): string {
  return data.startsWith('@')
    ? (call.system.readFile(fileKey(call.cwd, data.slice(1))) ?? '').replaceAll(/[\r\n]/g, '')
    : data
}

function headersOf(
  values: ReadonlyMap<string, readonly string[]>,
  hasBody: boolean,
): Readonly<Record<string, string>> {
  const agent = values.get('-A')?.at(-1) ?? 'curl/7.88.1'
  const headers: Record<string, string> = { 'user-agent': agent, accept: '*/*' }
  if (values.has('--json')) headers['accept'] = 'application/json'
  if (hasBody)
    headers['content-type'] = values.has('--json') ? 'application/json' : 'application/x-www-form-urlencoded'
  for (const header of values.get('-H') ?? []) {
    const colon = header.indexOf(':')
    if (colon > 0) headers[header.slice(0, colon).trim().toLowerCase()] = header.slice(colon + 1).trim()
  }
  return headers
}
