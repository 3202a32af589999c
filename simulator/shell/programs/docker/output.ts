import { lookUp } from '../../../manager/look-up.ts'
import type { OutputLine } from '../../../machine/keeper/api.ts'
import type { SignalName } from '../../../manager/signals.ts'
import type { ProgramContext } from '../../program.ts'
import { exitCode, find, flagsOf, missing, tooFew, type Container } from './containers.ts'

/** How often a follower looks for more, in ms. */
const LOOK = 50

/** `2026-03-01T12:00:00.123456789Z`, as Docker writes times. */
export function stamp(call: ProgramContext, at: number): string {
  const fraction = String(Math.floor((at % 1) * 1_000_000)).padStart(6, '0')
  return new Date(call.system.epoch + Math.floor(at)).toISOString().replace('Z', `${fraction}Z`)
}

/** Prints lines to the stream that they came from. */
export function print(
  call: ProgramContext,
  lines: readonly OutputLine[],
  before: (line: OutputLine) => string,
): void {
  let begun = true
  for (const line of lines) {
    const text = begun ? before(line) + line.text : line.text
    if (line.stream === 'stdout') call.out(text)
    else call.err(text)
    begun = line.text.endsWith('\n')
  }
}

/** Prints what a container writes from now on; `over` hears of the end of its run, or with `restarts` when it is not to be started again. */
export function follow(
  call: ProgramContext,
  name: string,
  from: number,
  options: {
    readonly before?: (line: OutputLine) => string
    readonly restarts?: boolean
    readonly over: (container: Container | undefined) => void
  },
): void {
  const { before = () => '', restarts = false, over } = options
  let last = from
  const begun = find(call, name)?.startedAt
  const look = (): void => {
    const more = call.system.keepers.output(name).filter(({ number }) => number > last)
    last = more.at(-1)?.number ?? last
    print(call, more, before)
    const now = find(call, name)
    const goesOn = restarts
      ? now?.pid !== undefined || now?.restartAt !== undefined
      : now?.pid !== undefined && now.startedAt === begun
    if (goesOn) call.after(LOOK, look)
    else over(now)
  }
  call.after(0, look)
}

const PASSED_ON: readonly SignalName[] = ['INT', 'TERM', 'HUP', 'QUIT', 'USR1', 'USR2']

/** Shows a container in the foreground, passes signals on to it, and ends with its code. */
export function attach(
  call: ProgramContext,
  name: string,
  { from, proxy, terminal = false }: { from: number; proxy: boolean; terminal?: boolean },
): void {
  let asked = 0
  const started = find(call, name)?.startedAt
  if (proxy)
    for (const signal of PASSED_ON)
      call.on(signal, () => {
        call.system.keepers.signal(name, signal)
        if ((signal !== 'INT' && signal !== 'TERM') || terminal || ++asked < 3) return
        call.err('got 3 SIGTERM/SIGINTs, forcefully exiting\n')
        call.exit(1)
      })
  follow(call, name, from, {
    over: (now) => call.exit(now === undefined || now.startedAt !== started ? 137 : exitCode(now)),
  })
}

/** `docker logs -f --tail 20 -t --since 5m web`: what the program in it wrote. */
export function logs(call: ProgramContext, args: readonly string[]): number | undefined {
  const flags = flagsOf(call, 'logs', args, {
    values: 'tail since until',
    switches: 'follow timestamps details',
    short: { f: 'follow', t: 'timestamps', n: 'tail' },
  })
  if (typeof flags === 'number') return flags
  const [typed] = flags.words
  if (typed === undefined) return tooFew(call, 'logs')
  const container = find(call, typed)
  if (container === undefined) return missing(call, typed)
  const since = moment(call, flags.get('since')) ?? -Infinity
  const until = moment(call, flags.get('until')) ?? Infinity
  const all = call.system.keepers.output(container.name).filter(({ at }) => at >= since && at <= until)
  const before = flags.has('timestamps') ? ({ at }: OutputLine) => `${stamp(call, at)} ` : () => ''
  print(call, lastLines(all, flags.get('tail')), before)
  if (!flags.has('follow')) return 0
  const from = all.at(-1)?.number ?? 0
  follow(call, container.name, from, { before, restarts: true, over: () => call.exit(0) })
  return undefined
}

/** `--tail 20`, or `all`. */
export function lastLines(all: readonly OutputLine[], tail = 'all'): readonly OutputLine[] {
  const count = /^\d+$/.test(tail) ? Number(tail) : Infinity
  let seen = 0
  let at = all.length
  while (at > 0 && seen < count) {
    at -= 1
    const before = all[at - 1]
    if (before === undefined || before.text.endsWith('\n')) seen += 1
  }
  return all.slice(at)
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** `5m`, `1h30m`, `2026-03-01T12:00:00Z` or seconds since 1970, as virtual time. */
function moment(call: ProgramContext, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000 - call.system.epoch
  const ago = duration(text)
  return ago === undefined ? Date.parse(text) - call.system.epoch : call.system.now - ago
}

/** Go's durations, in ms: `30s`, `1m30s`, `500ms`; nothing for another text. */
export function duration(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(text)) return undefined
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce(
    (sum, [, number, unit = 's']) => sum + Number(number) * (lookUp(UNITS, unit) ?? 0),
    0,
  )
}
