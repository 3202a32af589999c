import { isSignalName } from '../../manager/signals.ts'
import { readCommand } from './commands.ts'
import { readEnvironment } from './environment.ts'
import type { CommandKind, DraftService, RestartPolicy } from './service.ts'
import { readBoolean, readSize, readTime, words } from './values.ts'
import { EXIT_CODES } from './words.ts'

/** A setting that is read, as far as complaints about it need it. */
interface Read {
  readonly key: string
  /** The same without the file and the line. */
  readonly remark: (text: string) => void
  /** Complains in systemd's way, with the file and the line in front. */
  readonly complain: (text: string) => void
}

/** Puts the value of a setting into the service; `fatal` when systemd would not start the unit for what it says. */
type Reader = (service: DraftService, value: string, read: Read) => 'fatal' | undefined | void

type KeysOf<Type> = {
  [Key in keyof DraftService]: DraftService[Key] extends Type ? Key : never
}[keyof DraftService]

const POLICIES: readonly RestartPolicy[] = [
  'no',
  'on-success',
  'on-failure',
  'on-abnormal',
  'on-watchdog',
  'on-abort',
  'always',
]

/** A value out of a few; `what` is what systemd calls the setting. */
function one<Key extends keyof DraftService>(
  field: Key,
  what: string,
  choices: readonly (DraftService[Key] & string)[],
): Reader {
  return (service, value, { complain }) => {
    const found = choices.find((choice) => choice === value)
    if (found !== undefined) service[field] = found
    else if (value !== '') complain(`Failed to parse ${what}, ignoring: ${value}`)
  }
}

function time(
  field: 'restartDelay' | 'startTimeout' | 'stopTimeout' | 'startLimitInterval',
  what = 'sec',
): Reader {
  return (service, value, { complain }) => {
    const ms = readTime(value)
    if (ms === undefined) {
      if (value !== '') complain(`Failed to parse ${what} value, ignoring: ${value}`)
      return
    }
    // No time at all is no limit.
    service[field] = ms === 0 && field.endsWith('Timeout') ? Infinity : ms
  }
}

/** Names in a list that grows line by line. */
function list(field: KeysOf<readonly string[]>): Reader {
  return (service, value) => {
    service[field] = value === '' ? [] : [...service[field], ...words(value)]
  }
}

/** Other units: their names have endings. */
function units(field: 'after' | 'requires' | 'wants' | undefined): Reader {
  return (service, value, { complain }) => {
    for (const name of words(value)) {
      if (!/\.(?:service|socket|target|timer|mount|automount|path|slice|scope|device|swap)$/.test(name))
        complain(`Failed to add dependency on ${name}, ignoring: Invalid argument`)
      else if (field !== undefined) service[field] = [...service[field], name]
    }
  }
}

function command(kind: CommandKind): Reader {
  return (service, value, { complain }) => {
    const { commands } = service
    if (value === '') {
      service.commands = { ...commands, [kind]: [] }
      return undefined
    }
    const read = readCommand(value, complain)
    if (read === 'fatal') return 'fatal'
    if (read !== undefined) service.commands = { ...commands, [kind]: [...(commands[kind] ?? []), read] }
    return undefined
  }
}

function statuses(field: 'successStatus' | 'preventStatus'): Reader {
  return (service, value, { complain }) => {
    if (value === '') service[field] = []
    for (const word of words(value)) {
      const signal = word.replace(/^SIG/, '')
      const code = /^\d+$/.test(word) ? Number(word) : EXIT_CODES.get(word)
      if (code !== undefined && code <= 255) service[field] = [...service[field], code]
      else if (isSignalName(signal)) service[field] = [...service[field], signal]
      else complain(`Failed to parse value, ignoring: ${word}`)
    }
  }
}

/** A value that has no effect on this machine, but must be right. */
const boolean: Reader = (_service, value, { complain }) => {
  if (value !== '' && readBoolean(value) === undefined)
    complain(`Failed to parse boolean value, ignoring: ${value}`)
}

const memory: Reader = (_service, value, { complain }) => {
  if (value !== '' && readSize(value) === undefined && !/^\d+%$/.test(value))
    complain(`Invalid memory limit '${value}', ignoring: Invalid argument`)
}

function owner(field: 'user' | 'group'): Reader {
  return (service, value, { remark }) => {
    service[field] = value === '' ? undefined : value
    if (value !== '' && !/^(?:[a-z_][a-z0-9_-]*|\d+)$/i.test(value))
      remark(`Accepting user/group name '${value}', which does not match strict user/group name rules.`)
  }
}

function output(stream: 'stdout' | 'stderr'): Reader {
  return (service, value, { complain }) => {
    const [, how, path = ''] = /^(append|file|truncate):(.*)$/.exec(value) ?? []
    if (how !== undefined && !path.startsWith('/')) {
      complain(`${stream === 'stdout' ? 'StandardOutput' : 'StandardError'}= path is not absolute: ${path}`)
      return 'fatal'
    }
    const { [stream]: _, ...rest } = service.output
    if (how !== undefined) service.output = { ...rest, [stream]: { path, truncates: how === 'truncate' } }
    else if (value === 'null') service.output = { ...rest, [stream]: { path: '/dev/null', truncates: false } }
    else service.output = rest
    return undefined
  }
}

/** How each setting is read that has an effect, or a fault that systemd names. */
export const READERS: Readonly<Record<string, Reader>> = {
  'Unit.Description': (service, value) => {
    service.description = value || service.name
  },
  'Unit.After': units('after'),
  'Unit.Before': units(undefined),
  'Unit.Requires': units('requires'),
  'Unit.BindsTo': units('requires'),
  'Unit.Wants': units('wants'),
  'Unit.StartLimitIntervalSec': time('startLimitInterval'),
  'Unit.StartLimitInterval': time('startLimitInterval'),
  'Service.StartLimitInterval': time('startLimitInterval'),
  'Unit.StartLimitBurst': burst,
  'Service.StartLimitBurst': burst,
  'Service.Type': one('type', 'service type', [
    'simple',
    'exec',
    'idle',
    'notify',
    'dbus',
    'oneshot',
    'forking',
  ]),
  'Service.ExecStartPre': command('ExecStartPre'),
  'Service.ExecStart': command('ExecStart'),
  'Service.ExecStartPost': command('ExecStartPost'),
  'Service.ExecReload': command('ExecReload'),
  'Service.ExecStop': command('ExecStop'),
  'Service.ExecStopPost': command('ExecStopPost'),
  'Service.Restart': one('restart', 'service restart specifier', POLICIES),
  'Service.RestartSec': time('restartDelay'),
  'Service.TimeoutStartSec': time('startTimeout', 'TimeoutStartSec='),
  'Service.TimeoutStopSec': time('stopTimeout', 'time'),
  'Service.TimeoutSec': (service, value, read) => {
    time('startTimeout', 'TimeoutSec=')(service, value, read)
    time('stopTimeout', 'time')(service, value, { ...read, complain: () => undefined })
  },
  'Service.SuccessExitStatus': statuses('successStatus'),
  'Service.RestartPreventExitStatus': statuses('preventStatus'),
  'Service.KillMode': (service, value, read) => {
    one('killMode', 'kill mode specification', ['control-group', 'mixed', 'process', 'none'])(
      service,
      value,
      read,
    )
    if (value === 'none')
      read.complain(
        "Unit uses KillMode=none. This is unsafe, as it disables systemd's process lifecycle management for the service. Please update the service to use a safer KillMode=, such as 'mixed' or 'control-group'. Support for KillMode=none is deprecated and will eventually be removed.",
      )
  },
  'Service.KillSignal': (service, value, { complain }) => {
    const signal = value.replace(/^SIG/, '')
    if (isSignalName(signal)) service.killSignal = signal
    else if (value !== '') complain(`Failed to parse signal name, ignoring: ${value}`)
  },
  'Service.RemainAfterExit': (service, value, read) => {
    boolean(service, value, read)
    service.remainAfterExit = readBoolean(value) ?? service.remainAfterExit
  },
  'Service.NoNewPrivileges': boolean,
  'Service.DynamicUser': (service, value, read) => {
    boolean(service, value, read)
    service.dynamicUser = readBoolean(value) ?? service.dynamicUser
  },
  'Service.PIDFile': (service, value) => {
    service.pidFile = value === '' ? undefined : value.startsWith('/') ? value : `/run/${value}`
  },
  'Service.NotifyAccess': one('notifyAccess', 'notify access specifier', ['none', 'main', 'exec', 'all']),
  'Service.BusName': (service, value) => {
    service.busName = value === '' ? undefined : value
  },
  'Service.OOMPolicy': one('oomPolicy', 'OOM policy', ['continue', 'stop', 'kill']),
  'Service.MemoryMax': memory,
  'Service.MemoryHigh': memory,
  'Service.Environment': (service, value, { complain }) => {
    const more = readEnvironment(value, complain)
    service.environment = value === '' ? {} : { ...service.environment, ...more }
  },
  'Service.EnvironmentFile': (service, value, { complain }) => {
    const optional = value.startsWith('-')
    const path = optional ? value.slice(1) : value
    if (value === '') service.environmentFiles = []
    else if (!path.startsWith('/')) complain(`EnvironmentFile= path is not absolute, ignoring: ${path}`)
    else service.environmentFiles = [...service.environmentFiles, { path, optional }]
  },
  'Service.WorkingDirectory': (service, value, { complain }) => {
    const optional = value.startsWith('-')
    const path = optional ? value.slice(1) : value
    if (path !== '' && path !== '~' && !path.startsWith('/')) {
      complain(`WorkingDirectory= path is not absolute${optional ? ', ignoring' : ''}: ${path}`)
      return optional ? undefined : 'fatal'
    }
    service.workingDirectory = path === '' ? undefined : { path, optional }
    return undefined
  },
  'Service.StandardOutput': output('stdout'),
  'Service.StandardError': output('stderr'),
  'Service.User': owner('user'),
  'Service.Group': owner('group'),
  'Service.AmbientCapabilities': list('capabilities'),
  'Install.WantedBy': list('wantedBy'),
}

function burst(service: DraftService, value: string, { complain }: Read): void {
  if (/^\d+$/.test(value)) service.startLimitBurst = Number(value)
  else if (value !== '') complain(`Failed to parse unsigned int value, ignoring: ${value}`)
}
