import { lookUp } from '../../manager/look-up.ts'
import type { JournalEntry } from '../../machine/init/api.ts'
import type { ProgramContext, ShellProgram } from '../program.ts'
import { fillIn } from '../words.ts'
import { readArguments } from './options.ts'
import { HOSTNAME } from './machine.ts'
import { clock } from './time.ts'

const WITH_VALUE = new Set(['-u', '-n', '-o', '--unit', '--lines', '--output', '--since', '-p'])
/** How often `-f` looks, in ms. */
const LOOK = 200

/** systemd 252's journalctl: `-u`, `-n`, `-f`, `-e`, `-r`, `-k`, `-o cat`, `-p err`. */
export const journalctl: ShellProgram = {
  name: 'journalctl',
  run(call) {
    const flags = new Set<string>()
    const values = new Map<string, string>()
    const args = call.args.flatMap((arg) =>
      // -xeu web, -fu web
      /^-[xefrqb]+u$/.test(arg) ? [...[...arg.slice(1, -1)].map((letter) => `-${letter}`), '-u'] : [arg],
    )
    for (const argument of readArguments(args, (option) => WITH_VALUE.has(option))) {
      if ('word' in argument) continue
      if ('missing' in argument) {
        call.err(`journalctl: option requires an argument -- '${argument.missing.replace(/^-+/, '')}'\n`)
        return 1
      }
      if (WITH_VALUE.has(argument.option))
        values.set(argument.option.replace(/^--(.).*$/, '-$1'), argument.value ?? '')
      else flags.add(argument.option)
    }
    const unknown = [...flags].find(
      (flag) => !/^-[xefrkqb]$|^--(follow|no-pager|no-hostname|reverse|dmesg|boot|quiet)$/.test(flag),
    )
    if (unknown !== undefined) {
      call.note(fillIn(call.words.optionNotHere, { program: 'journalctl', option: unknown }))
      return 1
    }
    const unit = values.get('-u')
    const format = values.get('-o') ?? 'short'
    const follow = flags.has('-f') || flags.has('--follow')
    const worst = lookUp(PRIORITIES, values.get('-p') ?? '') ?? 7
    const kernel = flags.has('-k') || flags.has('--dmesg')
    const all = (): readonly JournalEntry[] =>
      call.system.init
        .journal(unit === undefined ? {} : { unit: /\.\w+$/.test(unit) ? unit : `${unit}.service` })
        .filter(({ priority, identifier }) => priority <= worst && (!kernel || identifier === 'kernel'))
    const entries = all()
    const count = values.has('-n')
      ? Number(values.get('-n')) || 10
      : follow
        ? 10
        : flags.has('-e')
          ? 1000
          : Infinity
    const chosen = count === Infinity ? entries : entries.slice(-count)
    if (entries.length === 0) call.out('-- No entries --\n')
    const shown = flags.has('-r') || flags.has('--reverse') ? chosen.toReversed() : chosen
    call.out(shown.map((entry) => `${journalLine(call, entry, format)}\n`).join(''))
    if (!follow) return 0
    let seen = entries.length
    const look = (): void => {
      const now = all()
      call.out(
        now
          .slice(seen)
          .map((entry) => `${journalLine(call, entry, format)}\n`)
          .join(''),
      )
      seen = now.length
      call.after(LOOK, look)
    }
    call.after(LOOK, look)
    return undefined
  },
}

const PRIORITIES: Readonly<Record<string, number>> = {
  err: 3,
  error: 3,
  '3': 3,
  warning: 4,
  '4': 4,
  notice: 5,
  '5': 5,
  info: 6,
  '6': 6,
}

/** A line as journalctl prints it; errors are red, notices bold. */
export function journalLine(call: ProgramContext, entry: JournalEntry, format: string): string {
  const color = entry.priority <= 3 ? '1;31' : entry.priority === 4 ? '1;33' : entry.priority === 5 ? '1' : ''
  const text = color !== '' && call.colors && call.tty ? `\x1b[${color}m${entry.text}\x1b[0m` : entry.text
  if (format === 'cat') return text
  const { month, day, hours, minutes, seconds } = clock(call.system.epoch + entry.at)
  const pid = entry.identifier === 'kernel' ? '' : `[${entry.pid}]`
  return `${month} ${day.padStart(2, '0')} ${hours}:${minutes}:${seconds} ${HOSTNAME} ${entry.identifier}${pid}: ${text}`
}
