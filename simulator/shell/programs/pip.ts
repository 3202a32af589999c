import type { ProgramName as ServerName } from '../../manager/settings.ts'
import { PROGRAMS, traitsOf } from '../../manager/traits.ts'
import { VERSIONS, uvicornInside } from '../../manager/versions.ts'
import type { ProgramContext, ShellProgram } from '../program.ts'
import { fileKey } from '../run/paths.ts'
import { fillIn } from '../words.ts'

/** A package that can be had: which program of ours it is, and how big its wheel is, in kB. */
interface Package {
  readonly name: string
  readonly program: ServerName
  readonly size: number
}

const SIZES: Readonly<Record<ServerName, number>> = { uvicorn: 71.3, gunicorn: 85.0, fastapi: 12.4 }

/** What an index would offer, as far as this machine goes. */
const PACKAGES: readonly Package[] = PROGRAMS.map((program) => ({
  name: traitsOf({ program }).packageName,
  program,
  size: SIZES[program],
}))
/** The framework, and the package that it brings, which is what runs servers. */
const FRAMEWORK = { name: 'fastapi', brings: traitsOf({ program: 'fastapi' }).packageName }
const DEBIAN =
  'pip 23.0.1 from /home/user/code/awesomeapp/.venv/lib/python3.11/site-packages/pip (python 3.11)'

/** How fast packages come, in kB per ms, and how long the index takes to answer, in ms. */
const SPEED = 0.35
const ANSWER = 220

/** pip 23.0.1: `install`, `list`, `show`, `freeze`. Installing changes which version the program is from then on. */
export const pip: ShellProgram = {
  name: 'pip',
  run(call) {
    const [command, ...args] = call.args
    switch (command) {
      case 'install':
        return install(call, args)
      case 'list':
        call.out(list(call))
        return 0
      case 'freeze':
        call.out(
          installed(call)
            .map(({ name, version }) => `${name}==${version}\n`)
            .join(''),
        )
        return 0
      case 'show':
        return show(call, args)
      case '--version':
      case '-V':
        call.out(`${DEBIAN}\n`)
        return 0
      case undefined:
      case 'help':
      case '--help':
      case '-h':
        call.note(call.words.commands['pip'] ?? '')
        return 0
      case 'uninstall':
        call.note(call.words.noUninstall)
        return 1
      default:
        call.err(`ERROR: unknown command "${command}"\n`)
        return 1
    }
  },
}

export const pip3: ShellProgram = { ...pip, name: 'pip3' }

function installed({ system }: ProgramContext): { name: string; version: string; program: ServerName }[] {
  return PACKAGES.map(({ name, program }) => ({
    name,
    version: system.installed(program),
    program,
  })).toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function list(call: ProgramContext): string {
  const rows = installed(call)
  const width = Math.max(7, ...rows.map(({ name }) => name.length))
  const lines = [
    `${'Package'.padEnd(width)} Version`,
    `${'-'.repeat(width)} -------`,
    ...rows.map(({ name, version }) => `${name.padEnd(width)} ${version}`),
  ]
  return `${lines.join('\n')}\n`
}

function show(call: ProgramContext, names: readonly string[]): number {
  const found = names.flatMap((name) => installed(call).filter((each) => each.name === normal(name)))
  const missing = names.filter((name) => !installed(call).some((each) => each.name === normal(name)))
  if (missing.length > 0) call.err(`WARNING: Package(s) not found: ${missing.join(', ')}\n`)
  call.out(
    found
      .map(
        ({ name, version }) =>
          `Name: ${name}\nVersion: ${version}\nLocation: /home/user/code/awesomeapp/.venv/lib/python3.11/site-packages\n`,
      )
      .join('---\n'),
  )
  return found.length > 0 ? 0 : 1
}

function normal(name: string): string {
  return name.toLowerCase().replaceAll('_', '-')
}

/** `uvicorn[standard]==0.30.6`: the name, what is behind it, the version that is wanted. */
interface Requirement {
  readonly typed: string
  readonly name: string
  readonly version: string | undefined
}

const REQUIREMENT = /^([A-Za-z0-9][\w.-]*?)(\[[\w,.-]+\])?(?:(==|>=|<=|~=|<|>)\s*([\w.]+))?$/

function install(call: ProgramContext, args: readonly string[]): number | undefined {
  const typed: string[] = []
  const rest = [...args]
  let upgrade = false
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '-r' || arg === '--requirement') {
      const path = rest.shift() ?? ''
      const text = call.system.readFile(fileKey(call.cwd, path))
      if (text === undefined) {
        call.err(`ERROR: Could not open requirements file: [Errno 2] No such file or directory: '${path}'\n`)
        return 1
      }
      typed.push(
        ...text
          .split('\n')
          .map((line) => line.replace(/#.*/, '').trim())
          .filter((line) => line !== ''),
      )
    } else if (arg === '-U' || arg === '--upgrade') upgrade = true
    else if (!arg.startsWith('-')) typed.push(arg)
  }
  if (typed.length === 0) {
    call.err('ERROR: You must give at least one requirement to install (see "pip help install")\n')
    return 1
  }
  const wanted: Requirement[] = []
  for (const each of typed) {
    const match = REQUIREMENT.exec(each.replaceAll(' ', ''))
    if (match?.[1] === undefined) {
      call.err(`ERROR: Invalid requirement: '${each}'\n`)
      return 1
    }
    const name = normal(match[1])
    wanted.push({ typed: each, name, version: match[3] === '==' ? match[4] : undefined })
  }
  new Installation(call, wanted, upgrade).next()
  return undefined
}

/** One package after the other is looked up and fetched; then all are put in place. */
class Installation {
  readonly #call: ProgramContext
  readonly #wanted: Requirement[]
  readonly #upgrade: boolean
  readonly #fetched: { readonly name: string; readonly program: ServerName; readonly version: string }[] = []

  constructor(call: ProgramContext, wanted: Requirement[], upgrade: boolean) {
    this.#call = call
    this.#wanted = wanted
    this.#upgrade = upgrade
  }

  next(): void {
    const requirement = this.#wanted.shift()
    if (requirement === undefined) return this.#place()
    const { name, version, typed } = requirement
    const call = this.#call
    const isFramework = name === FRAMEWORK.name
    const found = PACKAGES.find((each) => each.name === (isFramework ? FRAMEWORK.brings : name))
    const program = found?.program
    const versions = program === undefined ? [] : VERSIONS[program].toReversed()
    if (isFramework && version !== undefined) {
      call.note(fillIn(call.words.packageElsewhere, { name }))
      return call.exit(1)
    }
    if (found === undefined || program === undefined) {
      call.out(`Collecting ${typed}\n`)
      return call.after(ANSWER, () => {
        call.err(
          `ERROR: Could not find a version that satisfies the requirement ${typed} (from versions: none)\nERROR: No matching distribution found for ${name}\n`,
        )
        call.note(call.words.packages)
        call.exit(1)
      })
    }
    const now = call.system.installed(program)
    if (version === now || (version === undefined && !this.#upgrade)) {
      const where = './.venv/lib/python3.11/site-packages'
      call.out(`Requirement already satisfied: ${typed} in ${where} (${now})\n`)
      return this.next()
    }
    const chosen = version ?? newestOf(versions)
    if (chosen === now) {
      call.out(`Requirement already satisfied: ${typed} in ./.venv/lib/python3.11/site-packages (${now})\n`)
      return this.next()
    }
    call.out(`Collecting ${typed}\n`)
    call.after(ANSWER, () => {
      if (!versions.includes(chosen)) {
        const from = versions.toSorted(byVersion).join(', ')
        call.err(
          `ERROR: Could not find a version that satisfies the requirement ${typed} (from versions: ${from})\nERROR: No matching distribution found for ${typed}\n`,
        )
        call.note(fillIn(call.words.versions, { program: name, versions: from }))
        return call.exit(1)
      }
      this.#fetch(found, program, chosen)
    })
  }

  #fetch(found: Package, program: ServerName, version: string): void {
    const call = this.#call
    const wheel = `${found.name.replaceAll('-', '_')}-${version}-py3-none-any.whl`
    call.out(`  Downloading ${wheel} (${Math.round(found.size)} kB)\n`)
    const total = found.size / SPEED
    const begin = call.system.now
    const steps = call.tty ? 8 : 1
    const draw = (step: number): void => {
      const part = step / steps
      const ms = Math.max(1, call.system.now - begin)
      const speed = ((found.size * part) / ms).toFixed(1)
      const line = `     ${bar(part, call.colors && call.tty)} ${(found.size * part).toFixed(1)}/${found.size.toFixed(1)} kB ${speed} MB/s eta 0:00:${step === steps ? '00' : '01'}`
      call.out(`${call.tty && step > 1 ? '\r' : ''}${line}${call.tty && step < steps ? '' : '\n'}`)
      if (step < steps) return call.after(total / steps, () => draw(step + 1))
      this.#fetched.push({ name: found.name, program, version })
      this.next()
    }
    call.after(total / steps, () => draw(1))
  }

  #place(): void {
    const call = this.#call
    if (this.#fetched.length === 0) return call.exit(0)
    call.out(`Installing collected packages: ${this.#fetched.map(({ name }) => name).join(', ')}\n`)
    for (const { name, program } of this.#fetched) {
      const old = call.system.installed(program)
      call.out(
        `  Attempting uninstall: ${name}\n    Found existing installation: ${name} ${old}\n    Uninstalling ${name}-${old}:\n      Successfully uninstalled ${name}-${old}\n`,
      )
    }
    call.after(400, () => {
      for (const { program, version } of this.#fetched) call.system.install(program, version)
      const names = this.#fetched.map(({ name, version }) => `${name}-${version}`).toSorted()
      call.out(`Successfully installed ${names.join(' ')}\n`)
      if (this.#runs()) call.note(call.words.runsOn)
      for (const { program, version } of this.#fetched) {
        if (!traitsOf({ program }).needsUvicorn) continue
        call.note(
          fillIn(call.words.uvicornInside, {
            program,
            version,
            uvicorn: uvicornInside({ program, version }),
          }),
        )
      }
      call.exit(0)
    })
  }

  /** Whether a server runs that has the old code in memory. */
  #runs(): boolean {
    const names = this.#fetched.map(({ program }) => program)
    return this.#call.system
      .processes()
      .some(({ kind, command }) => kind === 'manager' && names.some((name) => command.includes(name)))
  }
}

/** pip's bar: 40 signs, what is missing in grey. */
function bar(part: number, colors: boolean): string {
  const done = Math.round(part * 40)
  if (!colors) return '━'.repeat(done) + ' '.repeat(40 - done)
  return `\x1b[${part === 1 ? 32 : 91}m${'━'.repeat(done)}\x1b[90m${'━'.repeat(40 - done)}\x1b[0m`
}

function byVersion(a: string, b: string): number {
  const [left, right] = [a, b].map((each) => each.split('.').map(Number))
  for (let index = 0; index < 3; index++) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function newestOf(versions: readonly string[]): string {
  return versions.toSorted(byVersion).at(-1) ?? ''
}
