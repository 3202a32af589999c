import type { UnitJobResult, UnitStatus } from '../../machine/init/api.ts'
import { lookUp } from '../../manager/look-up.ts'
import type { ProgramContext, ShellProgram } from '../program.ts'
import { fillIn } from '../words.ts'
import { clip } from './process-table.ts'
import { describe } from './unit-status.ts'

const VERSION = 'systemd 252 (252.39-1~deb12u1)\n'
/** Those that change something here, and those that people type by habit. */
const FLAGS =
  /^(--(now|all|failed|full|quiet|force|user|system|runtime|no-block|no-pager|no-legend|no-ask-password|plain|wait)|--(type|state|property|lines|output|signal|kill-who|kill-whom)(=.*)?|-[ahlqfrst]+|-[topsn].*)$/

/** systemd 252's systemctl, for services. */
export const systemctl: ShellProgram = {
  name: 'systemctl',
  run(call) {
    const flags = call.args.filter((arg) => arg.startsWith('-') && !/^-n\d*$/.test(arg))
    const words = call.args.filter((arg) => !arg.startsWith('-'))
    const [verb = 'list-units', ...names] = words
    if (flags.includes('--user')) {
      call.note(fillIn(call.words.optionNotHere, { program: 'systemctl', option: '--user' }))
      return 1
    }
    if (flags.includes('--version')) {
      call.out(VERSION)
      return 0
    }
    const unknown = flags.find((flag) => !FLAGS.test(flag))
    if (unknown !== undefined) {
      const long = unknown.startsWith('--')
      const option = long ? `unrecognized option '${unknown}'` : `invalid option -- '${unknown.charAt(1)}'`
      call.err(`systemctl: ${option}\n`)
      return 1
    }
    switch (verb) {
      case 'start':
      case 'stop':
      case 'restart':
      case 'reload':
        return change(call, verb, names)
      case 'enable':
      case 'disable':
        return link(call, verb, names, flags.includes('--now'))
      case 'status':
        return status(call, names)
      case 'daemon-reload':
        call.system.init.daemonReload()
        return 0
      case 'reset-failed':
        if (names.length === 0) call.system.init.resetFailed()
        for (const name of names) call.system.init.resetFailed(name)
        return 0
      case 'is-active':
      case 'is-failed':
      case 'is-enabled':
        return is(call, verb, names)
      case 'cat':
        return show(call, names)
      case 'show':
        return properties(call, names)
      case 'list-units':
        return listUnits(call, flags.includes('--all') || flags.includes('-a'), flags.includes('--failed'))
      case 'list-unit-files':
        return listFiles(call)
      case 'edit':
        call.note(fillIn(call.words.noEditor, { unit: names[0] ?? 'web' }))
        return 1
      case 'reboot':
        call.system.faults.reboot()
        return undefined
      default:
        call.err(`Unknown command verb ${verb}.\n`)
        return 1
    }
  },
}

function full(name: string): string {
  return /\.\w+$/.test(name) ? name : `${name}.service`
}

function tooFew(call: ProgramContext): number {
  call.err('Too few arguments.\n')
  return 1
}

function change(
  call: ProgramContext,
  verb: 'start' | 'stop' | 'restart' | 'reload',
  names: readonly string[],
): number | undefined {
  if (names.length === 0) return tooFew(call)
  let left = names.length
  let code = 0
  for (const name of names) {
    const unit = call.system.init.status(name)
    if (unit?.needsReload === true) call.err(reloadWarning(name))
    call.system.init[verb](name, (result) => {
      const complaint = complain(verb, full(name), result, call.system.init.status(name))
      if (complaint !== undefined) {
        call.err(complaint.text)
        code = complaint.code
      }
      left -= 1
      if (left === 0) call.exit(code)
    })
  }
  return undefined
}

function reloadWarning(name: string): string {
  return `Warning: The unit file, source configuration file or drop-ins of ${full(name)} changed on disk. Run 'systemctl daemon-reload' to reload units.\n`
}

/** Why a job failed, by the result of the unit (src/shared/bus-wait-for-jobs.c). */
const BECAUSE: Readonly<Record<string, string>> = {
  resources: 'of unavailable resources or another system error',
  protocol: 'the service did not take the steps required by its unit configuration',
  timeout: 'a timeout was exceeded',
  'exit-code': 'the control process exited with error code',
  signal: 'a fatal signal was delivered to the control process',
}

function complain(
  verb: string,
  name: string,
  result: UnitJobResult,
  unit: UnitStatus | undefined,
): { text: string; code: number } | undefined {
  const see = `See "systemctl status ${name}" and "journalctl -xeu ${name}" for details.\n`
  const refused = (why: string, code = 1): { text: string; code: number } => ({
    text: `Failed to ${verb} ${name}: ${why}\nSee system logs and 'systemctl status ${name}' for details.\n`,
    code,
  })
  switch (result) {
    case 'done':
      return undefined
    case 'not-found':
      return { text: `Failed to ${verb} ${name}: Unit ${name} not found.\n`, code: 5 }
    case 'bad-setting':
      return refused(`Unit ${name} has a bad unit file setting.`)
    case 'not-applicable':
      return refused(`Job type reload is not applicable for unit ${name}.`)
    case 'not-active':
      return { text: `${name} is not active, cannot reload.\n`, code: 1 }
    case 'canceled':
      return { text: `Job for ${name} canceled.\n`, code: 1 }
    case 'start-limit-hit':
      return {
        text: `Job for ${name} failed because start of the service was attempted too often.\n${see}To force a start use "systemctl reset-failed ${name}"\nfollowed by "systemctl start ${name}" again.\n`,
        code: 1,
      }
    case 'failed': {
      const because = lookUp(BECAUSE, unit?.result ?? '')
      return {
        text: `Job for ${name} failed${because === undefined ? '' : ` because ${because}`}.\n${see}`,
        code: 1,
      }
    }
  }
}

function link(
  call: ProgramContext,
  verb: 'enable' | 'disable',
  names: readonly string[],
  now: boolean,
): number | undefined {
  if (names.length === 0) return tooFew(call)
  for (const name of names) {
    const before = call.system.init.status(name)?.enabled
    const result = call.system.init[verb](name)
    const unit = full(name)
    const place = '/etc/systemd/system/multi-user.target.wants'
    if (result === 'not-found') {
      call.err(`Failed to ${verb} unit: Unit file ${unit} does not exist.\n`)
      return 1
    }
    if (result === 'static') {
      call.err(
        `The unit files have no installation config (WantedBy=, RequiredBy=, Also=,\nAlias= settings in the [Install] section, and DefaultInstance= for template\nunits). This means they are not meant to be enabled or disabled using systemctl.\n`,
      )
    } else if (verb === 'enable' && before !== 'enabled') {
      call.err(`Created symlink ${place}/${unit} → /etc/systemd/system/${unit}.\n`)
    } else if (verb === 'disable' && before === 'enabled') {
      call.err(`Removed "${place}/${unit}".\n`)
    }
  }
  return now ? change(call, verb === 'enable' ? 'start' : 'stop', names) : 0
}

function is(call: ProgramContext, verb: string, names: readonly string[]): number {
  if (names.length === 0) return tooFew(call)
  let code = 0
  for (const name of names) {
    const unit = call.system.init.status(name)
    if (verb === 'is-enabled') {
      if (unit === undefined)
        call.err(`Failed to get unit file state for ${full(name)}: No such file or directory\n`)
      else call.out(`${unit.enabled}\n`)
      if (unit?.enabled !== 'enabled') code = 1
      continue
    }
    call.out(`${unit?.active ?? 'inactive'}\n`)
    const holds = verb === 'is-active' ? unit?.active === 'active' : unit?.active === 'failed'
    if (!holds) code = verb === 'is-active' ? 3 : 1
  }
  return code
}

function show(call: ProgramContext, names: readonly string[]): number {
  let code = 0
  for (const name of names) {
    const unit = call.system.init.status(name)
    const text = unit === undefined ? undefined : call.system.readFile(unit.path)
    if (unit === undefined || text === undefined) {
      call.err(`No files found for ${full(name)}.\n`)
      code = 1
      continue
    }
    call.out(`# ${unit.path}\n${text.endsWith('\n') ? text : `${text}\n`}`)
  }
  return code
}

/** `systemctl show -p MainPID --value web`: some properties, or all that are here. */
function properties(call: ProgramContext, names: readonly string[]): number {
  const at = call.args.findIndex((arg) => arg === '-p' || arg === '--property')
  const wanted = at < 0 ? undefined : call.args[at + 1]?.split(',')
  const value = call.args.includes('--value')
  for (const name of names.filter((each) => wanted?.includes(each) !== true)) {
    const unit = call.system.init.status(name)
    const all: Readonly<Record<string, string>> = {
      Id: full(name),
      LoadState: unit?.loaded ?? 'not-found',
      ActiveState: unit?.active ?? 'inactive',
      SubState: unit?.sub ?? 'dead',
      Result: unit?.result ?? 'success',
      MainPID: String(unit?.pids.length === 0 ? 0 : (unit?.mainPid ?? 0)),
      NRestarts: String(unit?.restarts ?? 0),
      MemoryCurrent:
        unit === undefined || unit.pids.length === 0 ? '[not set]' : String(Math.round(unit.memory)),
      UnitFileState: unit?.enabled ?? '',
    }
    const chosen = Object.entries(all).filter(([key]) => wanted?.includes(key) ?? true)
    call.out(chosen.map(([key, text]) => (value ? `${text}\n` : `${key}=${text}\n`)).join(''))
  }
  return 0
}

function listUnits(call: ProgramContext, all: boolean, failed: boolean): number {
  const units = call.system.init
    .units()
    .filter(({ active }) => (failed ? active === 'failed' : all || active !== 'inactive'))
  const rows = units.map((unit) => [
    `${dot(unit, call)} ${unit.name}`,
    unit.loaded,
    unit.active,
    unit.sub,
    unit.description,
  ])
  const head = ['  UNIT', 'LOAD', 'ACTIVE', 'SUB', 'DESCRIPTION']
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const lines = [head, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(' ')
      .trimEnd(),
  )
  const legend = [
    '',
    'LOAD   = Reflects whether the unit definition was properly loaded.',
    'ACTIVE = The high-level unit activation state, i.e. generalization of SUB.',
    'SUB    = The low-level unit activation state, values depend on unit type.',
    `${units.length} loaded units listed.${all ? '' : ' Pass --all to see loaded but inactive units, too.'}`,
  ]
  call.out(
    [...lines, ...(units.length === 0 ? [`${units.length} loaded units listed.`] : legend)]
      .map((line) => `${line}\n`)
      .join(''),
  )
  return 0
}

function dot(unit: UnitStatus, _call: ProgramContext): string {
  return unit.active === 'failed' || unit.loaded !== 'loaded' ? '●' : ' '
}

function listFiles(call: ProgramContext): number {
  const units = call.system.init.units().filter(({ loaded }) => loaded !== 'not-found')
  const width = Math.max(9, ...units.map(({ name }) => name.length))
  const lines = units.map(({ name, enabled }) => `${name.padEnd(width)} ${enabled.padEnd(8)} enabled`)
  call.out(
    [`${'UNIT FILE'.padEnd(width)} STATE    PRESET`, ...lines, '', `${units.length} unit files listed.`]
      .map((line) => `${line}\n`)
      .join(''),
  )
  return 0
}

function status(call: ProgramContext, names: readonly string[]): number {
  if (names.length === 0) return listUnits(call, false, false)
  let code = 0
  for (const [index, name] of names.entries()) {
    const unit = call.system.init.status(name)
    if (index > 0) call.out('\n')
    if (unit === undefined) {
      call.err(`Unit ${full(name)} could not be found.\n`)
      code = 4
      continue
    }
    if (unit.needsReload) call.err(reloadWarning(name))
    call.out(
      describe(call, unit)
        .map((line) => `${clip(line, call.tty ? call.columns : Infinity)}\n`)
        .join(''),
    )
    if (unit.active !== 'active') code = 3
  }
  return code
}
