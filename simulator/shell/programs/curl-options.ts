import type { HeaderList } from '../../machine/network/headers.ts'
import { utf8Length } from '../../machine/network/utf8-length.ts'
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
  readonly headers: HeaderList
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
  const sent = body?.join(json === undefined ? '&' : '')
  return {
    urls,
    method: last('-X'),
    headers: headersOf(values, sent),
    body: sent,
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

/** As curl sends them: a header that is typed stands instead of curl's own; `Name:` takes that away, `Name;` is sent empty. */
function headersOf(values: ReadonlyMap<string, readonly string[]>, body: string | undefined): HeaderList {
  const typed = (values.get('-H') ?? []).flatMap((header) => {
    const [, name = '', mark, value = ''] = /^([^:;]+)([:;])\s*(.*?)\s*$/s.exec(header) ?? []
    const isKnown = mark === ':' || (mark === ';' && value === '')
    return isKnown ? [{ name: name.trim(), value, isSent: mark === ';' || value !== '' }] : []
  })
  const taken = new Set(typed.map(({ name }) => name.toLowerCase()))
  const isJson = values.has('--json')
  const own: HeaderList = [
    ['User-Agent', values.get('-A')?.at(-1) ?? 'curl/7.88.1'],
    ...(isJson ? [] : [['Accept', '*/*'] as const]),
  ]
  const json: HeaderList = [
    ['Content-Type', 'application/json'],
    ['Accept', 'application/json'],
  ]
  const form = ['Content-Type', 'application/x-www-form-urlencoded'] as const
  const ofBody: HeaderList =
    body === undefined ? [] : [['Content-Length', String(utf8Length(body))], ...(isJson ? [] : [form])]
  const unlessTyped = (headers: HeaderList): HeaderList =>
    headers.filter(([name]) => !taken.has(name.toLowerCase()))
  return [
    ...unlessTyped(own),
    ...typed.filter(({ isSent }) => isSent).map(({ name, value }) => [name, value] as const),
    ...unlessTyped([...(isJson ? json : []), ...ofBody]),
  ]
}

/** The headers of one request: `Host` is the first, and without a body none describes it. */
export function headersFor(headers: HeaderList, host: string, isBodiless: boolean): HeaderList {
  const own = headers.find(([name]) => name.toLowerCase() === 'host')
  const others = headers.filter(
    (each) => each !== own && !(isBodiless && /^content-(length|type)$/i.test(each[0])),
  )
  return [own ?? ['Host', host], ...others]
}
