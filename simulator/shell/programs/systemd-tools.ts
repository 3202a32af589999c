import { readSocket } from '../../machine/init/socket-file.ts'
import { readUnit } from '../../machine/init/unit-file.ts'
import { pathOfUnit } from '../../machine/init/unit-path.ts'
import type { ProgramContext, ShellProgram } from '../program.ts'
import { resolve } from '../run/paths.ts'
import { fillIn } from '../words.ts'

/** systemd 252's systemd-analyze, as far as it judges unit files: `systemd-analyze verify web.service`. */
export const systemdAnalyze: ShellProgram = {
  name: 'systemd-analyze',
  run(call) {
    const [verb = '', ...names] = call.args.filter((arg) => !arg.startsWith('-'))
    if (verb !== 'verify') {
      call.note(fillIn(call.words.optionNotHere, { program: 'systemd-analyze', option: verb || 'time' }))
      return 1
    }
    if (names.length === 0) {
      call.err('Too few arguments.\n')
      return 1
    }
    let code = 0
    for (const typed of names) {
      const { said, right } = verify(call, typed)
      for (const line of said) call.err(`${line}\n`)
      if (!right) code = 1
    }
    return code
  },
}

function unitPath({ system }: ProgramContext, name: string): string {
  return pathOfUnit(name, (path) => system.readFile(path) !== undefined)
}

/** What is wrong with a unit, as systemd says it, and whether it could be started. */
function verify(
  call: ProgramContext,
  typed: string,
): { readonly said: readonly string[]; readonly right: boolean } {
  const name = typed.split('/').at(-1) ?? ''
  const path = typed.includes('/') ? resolve(call.cwd, typed) : unitPath(call, name)
  const text = call.system.readFile(path)
  if (text === undefined)
    return { said: [`Failed to prepare filename ${typed}: No such file or directory`], right: false }
  if (text.trim() === '') return { said: [`Unit ${name} is masked.`], right: false }
  if (name.endsWith('.socket')) return verifySocket(call, name, text, path)
  const { service, problems } = readUnit(name, text, path)
  if (service === undefined) {
    const why = problems.some((each) => each.includes('Invalid section header'))
      ? `Unit ${name} failed to load properly, please adjust/correct and reload service manager: Bad message`
      : `Unit ${name} has a bad unit file setting.`
    return { said: [...problems, why], right: false }
  }
  const lacking = service.requires.find(
    (each) => /\.(?:service|socket)$/.test(each) && call.system.readFile(unitPath(call, each)) === undefined,
  )
  if (lacking !== undefined)
    return {
      said: [...problems, `${name}: Failed to create ${name}/start: Unit ${lacking} not found.`],
      right: false,
    }
  const missing = Object.values(service.commands)
    .flat()
    .flatMap(({ argv: [program = ''], ignoreFailure }) =>
      ignoreFailure || call.system.findProgram(program) !== 'ENOENT'
        ? []
        : [`${name}: Command ${program} is not executable: No such file or directory`],
    )
  return { said: [...problems, ...missing], right: missing.length === 0 }
}

function verifySocket(
  call: ProgramContext,
  name: string,
  text: string,
  path: string,
): { readonly said: readonly string[]; readonly right: boolean } {
  const { socket, problems } = readSocket(name, text, path)
  if (socket === undefined)
    return { said: [...problems, `Unit ${name} has a bad unit file setting.`], right: false }
  if (call.system.readFile(unitPath(call, socket.service)) !== undefined)
    return { said: problems, right: true }
  const lacks = `${name}: service ${socket.service} not loaded, socket cannot be started.`
  return { said: [...problems, lacks], right: false }
}

/** systemd 252's systemd-notify: a script tells the init system that its service is ready. */
export const systemdNotify: ShellProgram = {
  name: 'systemd-notify',
  run(call) {
    const lines = call.args.flatMap((arg) => {
      if (arg === '--ready') return ['READY=1']
      if (arg.startsWith('--status=')) return [`STATUS=${arg.slice('--status='.length)}`]
      return /^[A-Z_]+=/.test(arg) ? [arg] : []
    })
    if (lines.length === 0) {
      call.err('systemd-notify: No status message specified, refusing.\n')
      return 1
    }
    if (call.env['NOTIFY_SOCKET'] === undefined) {
      call.err('No status data could be sent: $NOTIFY_SOCKET was not set\n')
      return 1
    }
    // It speaks in the name of the script that has started it.
    const parent = call.system.processes().find(({ pid }) => pid === call.pid)?.ppid
    call.system.init.notify(parent ?? call.pid, lines.join('\n'))
    return 0
  },
}
