import { lookUp } from '../../manager/look-up.ts'
import type { ProgramContext, ShellProgram } from '../program.ts'
import { fillIn } from '../words.ts'

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Calendar time in parts, in UTC: the machine's zone. `at` is in ms since 1970. */
export function clock(at: number) {
  const date = new Date(at)
  const two = (value: number): string => String(value).padStart(2, '0')
  return {
    year: String(date.getUTCFullYear()),
    month: MONTHS[date.getUTCMonth()] ?? '',
    monthNumber: two(date.getUTCMonth() + 1),
    weekday: DAYS[date.getUTCDay()] ?? '',
    day: String(date.getUTCDate()),
    hours: two(date.getUTCHours()),
    minutes: two(date.getUTCMinutes()),
    seconds: two(date.getUTCSeconds()),
    ms: String(date.getUTCMilliseconds()).padStart(3, '0'),
  }
}

/** The calendar time of the machine now, in ms since 1970. */
export function today({ system }: Pick<ProgramContext, 'system'>): number {
  return system.epoch + system.now
}

/** GNU's date, with a format. */
export const date: ShellProgram = {
  name: 'date',
  run(call) {
    const format = call.args.find((arg) => arg.startsWith('+'))
    const other = call.args.find((arg) => !arg.startsWith('+') && arg !== '-u')
    if (other !== undefined) {
      call.note(fillIn(call.words.optionNotHere, { program: 'date', option: other }))
      return 1
    }
    const now = today(call)
    const c = clock(now)
    const day = c.day.padStart(2, '0')
    const time = `${c.hours}:${c.minutes}:${c.seconds}`
    const values: Readonly<Record<string, string>> = {
      Y: c.year, m: c.monthNumber, d: day, e: c.day.padStart(2), H: c.hours, M: c.minutes, S: c.seconds, N: `${c.ms}000000`,
      s: String(Math.floor(now / 1000)), T: time, F: `${c.year}-${c.monthNumber}-${day}`, a: c.weekday, b: c.month, Z: 'UTC', z: '+0000',
      n: '\n', t: '\t', '%': '%', R: `${c.hours}:${c.minutes}`, '3N': c.ms,
    } // prettier-ignore
    call.out(
      format === undefined
        ? `${c.weekday} ${c.month} ${c.day.padStart(2)} ${time} UTC ${c.year}\n`
        : `${format.slice(1).replaceAll(/%(3N|[a-zA-Z%])/g, (whole, letter: string) => lookUp(values, letter) ?? whole)}\n`,
    )
    return 0
  },
}

/** procps' uptime. */
export const uptime: ShellProgram = {
  name: 'uptime',
  run(call) {
    call.out(`${upLine(call)}\n`)
    return 0
  },
}

/** The line that `uptime`, `w` and `top` begin with. */
export function upLine(call: ProgramContext): string {
  const { hours, minutes, seconds } = clock(today(call))
  const shells = call.system.processes().filter(({ kind }) => kind === 'shell').length
  const total = Math.floor(upFor(call) / 60_000)
  const [days, h, m] = [Math.floor(total / 1440), Math.floor(total / 60) % 24, total % 60]
  const span = h > 0 ? `${String(h).padStart(2)}:${String(m).padStart(2, '0')}` : `${m} min`
  const up = `${days > 0 ? `${days} day${days > 1 ? 's' : ''}, ` : ''}${span}`
  return ` ${hours}:${minutes}:${seconds} up ${up}, ${String(shells).padStart(2)} user${shells === 1 ? '' : 's'},  load average: ${load(call)}`
}

/** How long the machine is up, in ms. */
function upFor({ system }: ProgramContext): number {
  return system.now - system.bootedAt
}

/** Load averages over 1, 5 and 15 minutes. */
function load({ system }: ProgramContext): string {
  return system
    .processor()
    .load.map((value) => value.toFixed(2))
    .join(', ')
}
