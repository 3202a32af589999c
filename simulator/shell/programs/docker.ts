import type { Kept, Keeper } from '../../machine/keeper/api.ts'
import type { Call, Program } from '../program.ts'
import { fillIn } from '../words.ts'
import { today } from './time.ts'

/** Docker 24's run, ps, stop, start, rm and logs, for containers of this application. */
export const docker: Program = {
  name: 'docker',
  run(call) {
    const [command, ...args] = call.args
    switch (command) {
      case 'run':
        return start(call, args)
      case 'ps':
        call.out(table(call, args.includes('-a') || args.includes('--all')))
        return 0
      case 'stop': {
        const names = args.filter((arg) => !arg.startsWith('-'))
        let left = names.length
        for (const name of names) {
          const done = (): void => {
            call.out(`${name}\n`)
            left -= 1
            if (left === 0) call.exit(0)
          }
          if (call.system.keepers.stop(name, done) === 'not-found') return missing(call, name)
        }
        return names.length === 0 ? 1 : undefined
      }
      case 'start':
        for (const name of args) {
          if (call.system.keepers.start(name) === 'not-found') return missing(call, name)
          call.out(`${name}\n`)
        }
        return 0
      case 'rm':
        for (const name of args.filter((arg) => !arg.startsWith('-'))) {
          if (call.system.keepers.remove(name) === 'not-found') return missing(call, name)
          call.out(`${name}\n`)
        }
        return 0
      case 'logs': {
        const name = args.findLast((arg) => !arg.startsWith('-')) ?? ''
        if (!containers(call).some(({ keeping }) => keeping.name === name)) return missing(call, name)
        call.out(
          call.system.keepers
            .log(name)
            .map(({ text }) => `${text}\n`)
            .join(''),
        )
        return 0
      }
      case undefined:
        call.note(call.words.commands['docker'] ?? '')
        return 1
      default:
        call.note(fillIn(call.words.optionNotHere, { program: 'docker', option: command }))
        return 1
    }
  },
}

function containers({ system }: Call): readonly Kept[] {
  return system.keepers.list().filter(({ keeping }) => keeping.keeper.by === 'container')
}

function missing(call: Call, name: string): number {
  call.err(`Error response from daemon: No such container: ${name}\n`)
  return 1
}

const WITH_VALUE = new Set([
  '--name',
  '--restart',
  '-p',
  '--publish',
  '-m',
  '--memory',
  '-e',
  '--env',
  '--stop-timeout',
  '--cpus',
])

function start(call: Call, args: readonly string[]): number {
  const values = new Map<string, string>()
  const env: Record<string, string> = {}
  const words: string[] = []
  const rest = [...args]
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (words.length > 0 || !arg.startsWith('-')) {
      words.push(arg)
      continue
    }
    const [option = '', attached] = arg.split(/=(.*)/s)
    if (!WITH_VALUE.has(option)) {
      values.set(option, '')
      continue
    }
    const value = attached ?? rest.shift() ?? ''
    const [name = '', text = ''] = value.split(/=(.*)/s)
    if (option === '-e' || option === '--env') env[name] = text
    else values.set(option, value)
  }
  const [image, ...command] = words
  if (image === undefined) {
    call.err('"docker run" requires at least 1 argument.\nSee \'docker run --help\'.\n')
    return 125
  }
  const [policy = 'no', maximum] = (values.get('--restart') ?? 'no').split(':')
  const memory = bytes(values.get('--memory') ?? values.get('-m'))
  if (!isPolicy(policy)) {
    call.err(`docker: Error response from daemon: invalid restart policy '${policy}'.\n`)
    return 125
  }
  const keeper: Keeper = {
    by: 'container',
    policy,
    ...(maximum === undefined ? {} : { maximum: Number(maximum) }),
    ...(memory === undefined ? {} : { memory }),
    ...(values.has('--init') ? { init: true } : {}),
    ...(values.has('--stop-timeout') ? { grace: Number(values.get('--stop-timeout')) } : {}),
  }
  const name = values.get('--name') ?? `app_${containers(call).length + 1}`
  try {
    call.system.keepers.add({
      name,
      keeper,
      command: command.length === 0 ? 'fastapi run main.py' : command.join(' '),
      env,
    })
  } catch {
    call.err(
      `docker: Error response from daemon: Conflict. The container name "/${name}" is already in use.\nSee 'docker run --help'.\n`,
    )
    return 125
  }
  const id = idOf(name) + idOf(`${name} `) + idOf(` ${name}`)
  call.out(`${id.slice(0, 64)}\n`)
  if (!values.has('-d') && !values.has('--detach')) call.note(call.words.detached)
  return 0
}

function isPolicy(text: string): text is 'no' | 'on-failure' | 'always' | 'unless-stopped' {
  return ['no', 'on-failure', 'always', 'unless-stopped'].includes(text)
}

function bytes(text: string | undefined): number | undefined {
  const match = /^(\d+)([bkmg]?)b?$/i.exec(text ?? '')
  if (match === null) return undefined
  return Number(match[1]) * ({ k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[(match[2] ?? '').toLowerCase()] ?? 1)
}

/** A number of the name: it looks like one, and is the same each time. */
function idOf(name: string): string {
  let [a, b, c] = [0x811c9dc5, 0x1234567, 0x89abcdef]
  for (const each of name) {
    a = Math.imul(a ^ each.charCodeAt(0), 16777619) >>> 0
    b = Math.imul(b ^ a, 2246822519) >>> 0
    c = Math.imul(c ^ b, 3266489917) >>> 0
  }
  return [a, b, c].map((part) => part.toString(16).padStart(8, '0')).join('')
}

function table(call: Call, all: boolean): string {
  const head = ['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NAMES']
  const rows = containers(call)
    .filter(({ state }) => all || !['stopped', 'failed', 'exited'].includes(state))
    .map((kept) => {
      const command = `"${kept.keeping.command}"`
      const shown = command.length > 22 ? `${command.slice(0, 20)}…"` : command
      return [
        idOf(kept.keeping.name).slice(0, 12),
        'awesomeapp',
        shown,
        `${span(call, kept.since)} ago`,
        statusOf(call, kept),
        '',
        kept.keeping.name,
      ]
    })
  const widths = head.map(
    (title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)) + 3,
  )
  return [head, ...rows]
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('')
          .trimEnd()}\n`,
    )
    .join('')
}

function statusOf(call: Call, kept: Kept): string {
  const code = kept.status === undefined ? 0 : 'code' in kept.status ? kept.status.code : 137
  if (kept.state === 'waiting') return `Restarting (${code}) ${span(call, kept.since)} ago`
  if (kept.state === 'stopped' || kept.state === 'failed' || kept.state === 'exited')
    return `Exited (${code}) ${span(call, kept.since)} ago`
  return `Up ${span(call, kept.since)}`
}

/** Docker's rough spans. */
function span(call: Call, since: number): string {
  const seconds = Math.floor((today(call) - call.system.epoch - since) / 1000)
  if (seconds < 1) return 'Less than a second'
  if (seconds < 60) return `${seconds} second${seconds === 1 ? '' : 's'}`
  const minutes = Math.floor(seconds / 60)
  return minutes === 1 ? 'About a minute' : `${minutes} minutes`
}
