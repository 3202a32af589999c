import { lookUp } from '../../manager/look-up.ts'

/** After which ends systemd restarts a service (systemd.service(5), `Restart=`). */
export type RestartPolicy =
  'no' | 'on-success' | 'on-failure' | 'on-abnormal' | 'on-watchdog' | 'on-abort' | 'always'

/** A command of a unit file; a `-` in front of it sets `ignoreFailure`. */
export interface UnitCommand {
  readonly argv: readonly string[]
  readonly ignoreFailure: boolean
}

/** A path of a unit file; a `-` in front of it makes it optional. */
export interface MaybeMissing {
  readonly path: string
  readonly optional: boolean
}

/** A service as its unit file describes it; times in ms. Settings that the file leaves out have the defaults of systemd 252. */
export interface Service {
  readonly name: string
  readonly description: string
  readonly type: 'simple' | 'exec' | 'notify' | 'oneshot' | 'forking'
  readonly start: readonly UnitCommand[]
  readonly startPre: readonly UnitCommand[]
  readonly reload: readonly UnitCommand[]
  readonly restart: RestartPolicy
  readonly restartDelay: number
  readonly successStatus: readonly (number | string)[]
  readonly preventStatus: readonly (number | string)[]
  readonly startLimitInterval: number
  readonly startLimitBurst: number
  readonly stopTimeout: number
  /** Which processes a stop signals: all (`control-group`), or the main one with SIGTERM and the rest with SIGKILL (`mixed`). */
  readonly killMode: 'control-group' | 'mixed' | 'process' | 'none'
  readonly killSignal: string
  readonly remainAfterExit: boolean
  /** What systemd does with the other processes when the OOM killer takes one. */
  readonly oomPolicy: 'continue' | 'stop' | 'kill'
  readonly environment: Readonly<Record<string, string>>
  /** Files of environment variables, read at each start; they override `environment`. */
  readonly environmentFiles: readonly MaybeMissing[]
  readonly workingDirectory: MaybeMissing | undefined
  readonly user: string | undefined
  readonly memoryMax: number | undefined
  readonly wantedBy: readonly string[]
  readonly after: readonly string[]
}

/** The result of reading a unit file: what systemd logs about it, and the service; `undefined` when systemd would refuse to start it. */
export interface ReadUnit {
  readonly service: Service | undefined
  readonly problems: readonly string[]
}

type Settings = ReadonlyMap<string, readonly string[]>

/** Reads a `.service` file. Never throws: systemd's complaints about it are in `problems`, in systemd's words. */
export function readUnit(name: string, text: string): ReadUnit {
  const problems: string[] = []
  const settings = readLines(name, text, problems)
  const last = (key: string): string | undefined => settings.get(key)?.at(-1)
  const ms = (key: string, usual: number): number => {
    const value = last(key)
    if (value === undefined || value === '') return usual
    const read = readTime(value)
    if (read === undefined)
      problems.push(`${name}: Failed to parse ${key.split('.')[1]}= value, ignoring: ${value}`)
    return read ?? usual
  }
  const one = <Choice extends string>(key: string, choices: readonly Choice[], usual: Choice): Choice => {
    const value = last(key)
    const found = choices.find((choice) => choice === value)
    if (value !== undefined && value !== '' && found === undefined) {
      problems.push(`${name}: Failed to parse ${lookUp(KINDS, key) ?? key}, ignoring: ${value}`)
    }
    return found ?? usual
  }
  const start = commands(settings.get('Service.ExecStart'))
  const type = one('Service.Type', ['simple', 'exec', 'notify', 'oneshot', 'forking'], 'simple')
  const burst = Number(last('Unit.StartLimitBurst') ?? last('Service.StartLimitBurst') ?? 5)
  const service: Service = {
    name,
    description: last('Unit.Description') || name,
    type,
    start,
    startPre: commands(settings.get('Service.ExecStartPre')),
    reload: commands(settings.get('Service.ExecReload')),
    restart: one('Service.Restart', POLICIES, 'no'),
    restartDelay: ms('Service.RestartSec', 100),
    successStatus: statuses(last('Service.SuccessExitStatus')),
    preventStatus: statuses(last('Service.RestartPreventExitStatus')),
    startLimitInterval: settings.has('Unit.StartLimitIntervalSec')
      ? ms('Unit.StartLimitIntervalSec', 10_000)
      : ms('Service.StartLimitInterval', 10_000),
    startLimitBurst: Number.isInteger(burst) && burst >= 0 ? burst : 5,
    stopTimeout: ms('Service.TimeoutStopSec', 90_000),
    killMode: one('Service.KillMode', ['control-group', 'mixed', 'process', 'none'], 'control-group'),
    killSignal: (last('Service.KillSignal') || 'SIGTERM').replace(/^SIG/, ''),
    remainAfterExit: isTrue(last('Service.RemainAfterExit')),
    oomPolicy: one('Service.OOMPolicy', ['continue', 'stop', 'kill'], 'stop'),
    environment: environment(settings.get('Service.Environment') ?? []),
    environmentFiles: (settings.get('Service.EnvironmentFile') ?? []).map(maybeMissing),
    workingDirectory: optional(last('Service.WorkingDirectory')),
    user: last('Service.User'),
    memoryMax: readSize(last('Service.MemoryMax')),
    wantedBy: words(settings.get('Install.WantedBy') ?? []),
    after: words(settings.get('Unit.After') ?? []),
  }
  const fatal = fault(name, service)
  if (fatal !== undefined) problems.push(fatal)
  return { service: fatal === undefined ? service : undefined, problems }
}

/** What systemd calls the settings that have a choice of values. */
const KINDS: Readonly<Record<string, string>> = {
  'Service.Type': 'service type',
  'Service.Restart': 'service restart specifier',
  'Service.KillMode': 'kill mode',
  'Service.OOMPolicy': 'OOM policy',
}

const POLICIES: readonly RestartPolicy[] = [
  'no',
  'on-success',
  'on-failure',
  'on-abnormal',
  'on-watchdog',
  'on-abort',
  'always',
]

/** Why systemd would refuse a service, in its words (`service_verify`, src/core/service.c). */
function fault(name: string, { start, type, restart }: Service): string | undefined {
  if (start.length === 0) return `${name}: Service has no ExecStart=, ExecStop=, or SuccessAction=. Refusing.`
  if (start.length > 1 && type !== 'oneshot') {
    return `${name}: Service has more than one ExecStart= setting, which is only allowed for Type=oneshot services. Refusing.`
  }
  if (type === 'oneshot' && (restart === 'always' || restart === 'on-success')) {
    return `${name}: Service has Restart= set to either always or on-success, which isn't allowed for Type=oneshot services. Refusing.`
  }
  const relative = start.find(({ argv }) => argv[0]?.includes('/') === true && !argv[0].startsWith('/'))
  return relative && `${name}: Neither a valid executable name nor an absolute path: ${relative.argv[0]}`
}

/** Reads `[Section]`s of `Key=value`. A line that ends in `\` continues on the next; an empty value clears the earlier ones. */
function readLines(name: string, text: string, problems: string[]): Settings {
  const settings = new Map<string, readonly string[]>()
  let section = ''
  const lines = text.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/)
  for (const [index, line] of lines.entries()) {
    const trimmed = line.trim()
    if (trimmed === '' || /^[#;]/.test(trimmed)) continue
    const [, head] = /^\[(.*)\]$/.exec(trimmed) ?? []
    if (head !== undefined) {
      section = head
      continue
    }
    const split = trimmed.indexOf('=')
    if (split < 0) {
      problems.push(`${name}:${index + 1}: Missing '=', ignoring line.`)
      continue
    }
    if (section === '') {
      problems.push(`${name}:${index + 1}: Assignment outside of section. Ignoring.`)
      continue
    }
    const name_ = trimmed.slice(0, split).trim()
    const key = `${section}.${name_}`
    const value = trimmed.slice(split + 1).trim()
    if (KNOWN.has(section) && KNOWN.get(section)?.has(name_) === false) {
      problems.push(`${name}:${index + 1}: Unknown key name '${name_}' in section '${section}', ignoring.`)
      continue
    }
    settings.set(key, value === '' ? [] : [...(settings.get(key) ?? []), value])
  }
  return settings
}

/** The settings that systemd knows, some of which have no effect on this machine. */
const KNOWN = new Map(
  Object.entries({
    Unit: 'Description Documentation After Before Wants Requires BindsTo PartOf Conflicts StartLimitIntervalSec StartLimitBurst StartLimitAction ConditionPathExists',
    Service:
      'Type ExecStart ExecStartPre ExecStartPost ExecReload ExecStop ExecStopPost Restart RestartSec TimeoutStartSec TimeoutStopSec TimeoutSec SuccessExitStatus RestartPreventExitStatus RestartForceExitStatus KillMode KillSignal RemainAfterExit OOMPolicy OOMScoreAdjust Environment EnvironmentFile WorkingDirectory User Group MemoryMax MemoryHigh CPUQuota LimitNOFILE StandardOutput StandardError SyslogIdentifier PIDFile NotifyAccess WatchdogSec RuntimeDirectory StateDirectory PrivateTmp ProtectSystem NoNewPrivileges StartLimitInterval StartLimitBurst UMask Nice',
    Install: 'WantedBy RequiredBy Also Alias',
  }).map(([section, keys]) => [section, new Set(keys.split(' '))]),
)

function commands(values: readonly string[] = []): readonly UnitCommand[] {
  return values.map((value) => {
    const [, prefix = '', line = ''] = /^([-@:+!]*)(.*)$/.exec(value) ?? []
    return { argv: splitWords(line), ignoreFailure: prefix.includes('-') }
  })
}

/** Splits a command or an assignment at its spaces; quotes keep spaces within a word. */
export function splitWords(line: string): string[] {
  return [...line.matchAll(/(?:[^\s"']+|"(?:[^"\\]|\\.)*"?|'[^']*'?)+/g)].map(([word]) =>
    word.replaceAll(/"((?:[^"\\]|\\.)*)"?|'([^']*)'?/g, (_whole, double?: string, single?: string) =>
      double === undefined ? (single ?? '') : double.replaceAll(/\\(.)/g, '$1'),
    ),
  )
}

function words(values: readonly string[]): readonly string[] {
  return values.flatMap((value) => value.split(/\s+/)).filter((word) => word !== '')
}

function environment(values: readonly string[]): Record<string, string> {
  const pairs = values.flatMap(splitWords).filter((word) => /^\w+=/.test(word))
  return Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  )
}

function maybeMissing(value: string): MaybeMissing {
  return { path: value.replace(/^-/, ''), optional: value.startsWith('-') }
}

function optional(value: string | undefined): MaybeMissing | undefined {
  return value === undefined || value === '' ? undefined : maybeMissing(value)
}

/** Reads a file of `EnvironmentFile=` (systemd.exec(5)): one `NAME=value` a line, the value perhaps in quotes; `#` and `;` begin a comment. */
export function readEnvironmentFile(text: string): Readonly<Record<string, string>> {
  const lines = text.replaceAll(/\\\r?\n/g, '').split(/\r?\n/)
  return Object.fromEntries(
    lines.flatMap((line): [string, string][] => {
      const [, name, value = ''] = /^\s*([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line) ?? []
      if (name === undefined) return []
      const [, double, single] = /^"((?:[^"\\]|\\.)*)"$|^'([^']*)'$/.exec(value) ?? []
      return [[name, double?.replaceAll(/\\(.)/g, '$1') ?? single ?? value]]
    }),
  )
}

function statuses(value = ''): readonly (number | string)[] {
  return words([value]).map((word) => (/^\d+$/.test(word) ? Number(word) : word.replace(/^SIG/, '')))
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(1|yes|y|true|t|on)$/i.test(value)
}

const UNITS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  sec: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
}

/** A time span as systemd writes it (systemd.time(7)): `5`, `100ms`, `1min 30s`, `infinity`. In ms. */
export function readTime(text: string): number | undefined {
  if (text.trim() === 'infinity') return Infinity
  if (!/^\s*(?:\d+(?:\.\d+)?\s*[a-z]*\s*)+$/.test(text)) return undefined
  let sum = 0
  for (const [, number = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)/g)) {
    const factor = unit === '' ? 1000 : lookUp(UNITS, unit)
    if (factor === undefined) return undefined
    sum += Number(number) * factor
  }
  return sum
}

/** A size as `MemoryMax=` takes it: `512M`, `1G`. In bytes. */
function readSize(text: string | undefined): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([KMGT]?)$/.exec(text ?? '') ?? []
  if (number === undefined) return undefined
  return Math.floor(Number(number) * 1024 ** ' KMGT'.indexOf(unit || ' '))
}
