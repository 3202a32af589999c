import type { ShellProgram } from '../program.ts'
import { fillIn } from '../words.ts'
import { signalName, signalNumber } from './signal-names.ts'
import { isSignalName } from '../../manager/signals.ts'
import { clip } from './process-table.ts'
import { HOSTNAME } from './machine.ts'
import { seconds } from './small.ts'
import { clock, today } from './time.ts'

/** procps-ng's watch: a command again and again, on a screen of its own; `-n` seconds, `-t` without a title. */
export const watch: ShellProgram = {
  name: 'watch',
  run(call) {
    let pause = 2
    let title = true
    const args = [...call.args]
    while (args[0]?.startsWith('-') === true) {
      const option = args.shift() ?? ''
      if (option === '-n' || option === '--interval') pause = Math.max(0.1, Number(args.shift()) || 2)
      else if (/^-n[\d.]+$/.test(option)) pause = Math.max(0.1, Number(option.slice(2)) || 2)
      else if (option === '-t') title = false
      else if (option !== '-d' && option !== '-x' && option !== '-c') {
        call.note(fillIn(call.words.optionNotHere, { program: 'watch', option }))
        return 1
      }
    }
    const command = args.join(' ')
    if (command === '') {
      call.err('Usage:\n watch [options] command\n')
      return 1
    }
    const leave = (): void => {
      call.out('\x1b[?25h\n')
      call.exit(0)
    }
    call.on('INT', leave)
    call.keys((key) => {
      if (key.key === 'text' && key.text === 'q') leave()
    })
    call.out('\x1b[?25l')
    const round = (): void => {
      let text = ''
      const show = (): void => {
        const { weekday, month, day, hours, minutes, seconds: second, year } = clock(today(call))
        const left = `Every ${pause.toFixed(1)}s: ${command}`
        const right = `${HOSTNAME}: ${weekday} ${month} ${day.padStart(2)} ${hours}:${minutes}:${second} ${year}`
        const room = call.columns - right.length - 1
        const head = title ? [`${clip(left, room).padEnd(room)} ${right}`, ''] : []
        const lines = [...head, ...text.replace(/\n$/, '').split('\n')].slice(0, Math.max(4, call.rows - 1))
        call.out(`\x1b[H\x1b[2J${lines.map((line) => `${clip(line, call.columns)}\n`).join('')}`)
        call.after(pause * 1000, round)
      }
      call.execute({ line: command }, show, (more) => {
        text += more
      })
    }
    round()
    return undefined
  },
}

/** GNU coreutils' timeout: ends a command after a time; exit code 124 tells that it did. */
export const timeout: ShellProgram = {
  name: 'timeout',
  run(call) {
    const args = [...call.args]
    let signal = 'TERM'
    let kill: number | undefined
    while (args[0]?.startsWith('-') === true) {
      const option = args.shift() ?? ''
      if (option === '-s') signal = signalName(signalNumber(args.shift() ?? '') ?? 15)
      else if (option === '-k') kill = seconds(args.shift() ?? '')
      else if (/^-(\d+|[A-Z]+)$/.test(option)) signal = signalName(signalNumber(option.slice(1)) ?? 15)
    }
    const [typed = '', ...words] = args
    const limit = seconds(typed)
    if (limit === undefined || words.length === 0) {
      const problem = words.length === 0 ? 'missing operand' : `invalid time interval ‘${typed}’`
      call.err(`timeout: ${problem}\nTry 'timeout --help' for more information.\n`)
      return 125
    }
    let expired = false
    const child = call.execute({ words }, (code) => call.exit(expired ? 124 : code))
    call.after(limit * 1000, () => {
      expired = true
      if (isSignalName(signal)) child.signal(signal)
      const more = kill
      if (more !== undefined) call.after(more * 1000, () => child.signal('KILL'))
    })
    return undefined
  },
}
