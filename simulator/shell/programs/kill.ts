import { isSignalName } from '../../manager/signals.ts'
import type { ProgramContext, ShellProgram } from '../program.ts'
import { fillIn } from '../words.ts'
import { allSignals, signalName, signalNumber } from './signal-names.ts'
import { firstProcess } from './visible.ts'

const USAGE = 'kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n'

/** bash 5.2.15's kill, which is part of the shell. */
export const kill: ShellProgram = {
  name: 'kill',
  builtin: true,
  run(call) {
    const [first, second] = call.args
    if (first === undefined) return usage(call)
    if (first === '-l' || first === '-L') return list(call, call.args.slice(1))
    if (first === '-s' || first === '-n') {
      if (second === undefined) {
        call.err(`bash: kill: ${first}: option requires an argument\n`)
        return 2
      }
      return send(call, second, call.args.slice(2))
    }
    if (first === '--') return send(call, 'TERM', call.args.slice(1))
    if (first.startsWith('-') && first.length > 1) return send(call, first.slice(1), call.args.slice(1))
    return send(call, 'TERM', call.args)
  },
}

function usage(call: ProgramContext): number {
  call.err(USAGE)
  return 2
}

function send(call: ProgramContext, spec: string, typed: readonly string[]): number {
  const targets = typed[0] === '--' ? typed.slice(1) : typed
  const number = signalNumber(spec)
  if (number === undefined) {
    call.err(`bash: kill: ${spec}: invalid signal specification\n`)
    return 1
  }
  if (targets.length === 0) return usage(call)
  const results = targets.map((target) => sendTo(call, number, target))
  return results.every((sent) => sent) ? 0 : 1
}

function sendTo(call: ProgramContext, number: number, target: string): boolean {
  if (target.startsWith('%')) return sendToJob(call, number, target)
  if (!/^-?\d+$/.test(target)) {
    call.err(
      target === ''
        ? "bash: kill: `': not a pid or valid job spec\n"
        : `bash: kill: ${target}: arguments must be process or job IDs\n`,
    )
    return false
  }
  // As a builtin it runs in the shell's process.
  const first = target === '1' ? firstProcess({ system: call.system, pid: call.shell.scope.shell }) : 1
  const pid = target === '1' ? first : Number(target)
  const name = signalName(number)
  const exists = call.system
    .processes()
    .some((process) => (pid < 0 ? process.group === -pid : process.pid === pid))
  if (exists && number !== 0 && !isSignalName(name)) {
    call.note(fillIn(call.words.signalNotModelled, { signal: `SIG${name}` }))
    return false
  }
  if (pid === 1 && number !== 0) {
    call.err(`bash: kill: (1) - Operation not permitted\n`)
    return false
  }
  const sent =
    exists && (!isSignalName(name) || call.system.signal(pid, name, call.shell.scope.shell) === 'sent')
  if (!sent) call.err(`bash: kill: (${pid}) - No such process\n`)
  return sent
}

/** `%1`: every process of a job; one that is stopped goes on, so that it can hear of it. */
function sendToJob(call: ProgramContext, number: number, target: string): boolean {
  const job = call.shell.jobs.find(target)
  const name = signalName(number)
  if (job === undefined || job.ended !== undefined) {
    call.err(`bash: kill: ${target}: no such job\n`)
    return false
  }
  if (number !== 0 && !isSignalName(name)) {
    call.note(fillIn(call.words.signalNotModelled, { signal: `SIG${name}` }))
    return false
  }
  const { stopped } = job
  if (isSignalName(name)) call.system.signal(-job.group, name, call.shell.scope.shell)
  if (stopped && (name === 'TERM' || name === 'HUP')) call.system.signal(-job.group, 'CONT')
  return true
}

/** `kill -l`: all signals in columns, or the translation of one. */
function list(call: ProgramContext, specs: readonly string[]): number {
  if (specs.length === 0) {
    const entries = allSignals().map(({ number, name }) => `${String(number).padStart(2)}) SIG${name}`)
    const rows = Array.from({ length: Math.ceil(entries.length / 5) }, (_, row) =>
      entries.slice(row * 5, row * 5 + 5).join('\t'),
    )
    call.out(`${rows.join('\n')}\n`)
    return 0
  }
  let code = 0
  for (const spec of specs) {
    const number = signalNumber(/^\d+$/.test(spec) && Number(spec) > 128 ? String(Number(spec) - 128) : spec)
    if (number === undefined || number === 0) {
      call.err(`bash: kill: ${spec}: invalid signal specification\n`)
      code = 1
    } else {
      call.out(`${/^\d+$/.test(spec) ? signalName(number) : number}\n`)
    }
  }
  return code
}
