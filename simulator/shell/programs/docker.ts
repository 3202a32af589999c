import { lookUp } from '../../manager/look-up.ts'
import type { KeptProgram, Keeper } from '../../machine/keeper/api.ts'
import { SIGNAL_NUMBERS } from '../../manager/signals.ts'
import type { ProgramContext, ShellProgram } from '../program.ts'
import { fillIn } from '../words.ts'
import { today } from './time.ts'

/** Docker 24's run, ps, stop, start, restart, kill, rm and logs, for containers of this application. */
export const docker: ShellProgram = {
  name: 'docker',
  run(call) {
    const [command, ...args] = call.args
    switch (command) {
      case 'run':
        return start(call, args)
      case 'ps':
        return list(call, args)
      case 'container':
        if (args[0] === 'ls') return list(call, args.slice(1))
        break
      case 'stop':
        return stop(call, args)
      case 'start':
        return each(call, args, (name) => void call.system.keepers.start(name))
      case 'restart':
        return stop(call, args, (name) => void call.system.keepers.start(name))
      case 'rm':
        return remove(call, args)
      case 'logs':
        return logs(call, args)
      case undefined:
        call.note(call.words.commands['docker'] ?? '')
        return 1
    }
    call.note(fillIn(call.words.optionNotHere, { program: 'docker', option: command }))
    return 1
  },
}

/** The container that a name or the beginning of an ID means. */
function find(call: ProgramContext, typed: string): KeptProgram | undefined {
  const all = containers(call)
  const byId = (name: string): boolean => typed.length > 2 && fullId(name).startsWith(typed)
  return all.find(({ keeping }) => keeping.name === typed) ?? all.find(({ keeping }) => byId(keeping.name))
}

function tooFew(call: ProgramContext): number {
  call.err(`"docker ${call.args[0]}" requires at least 1 argument.\nSee 'docker ${call.args[0]} --help'.\n`)
  return 1
}

/** Does something with each container that is named, and says its name as it was typed. */
function each(
  call: ProgramContext,
  args: readonly string[],
  run: (name: string, kept: KeptProgram) => number | void,
): number {
  const names = args.filter((arg) => !arg.startsWith('-'))
  if (names.length === 0) return tooFew(call)
  let code = 0
  for (const typed of names) {
    const kept = find(call, typed)
    const failed = kept === undefined ? missing(call, typed) : run(kept.keeping.name, kept)
    if (typeof failed === 'number') code = failed
    else call.out(`${typed}\n`)
  }
  return code
}

/** `docker stop -t 3 web`: one after the other. */
function stop(
  call: ProgramContext,
  args: readonly string[],
  then: (name: string) => void = () => undefined,
): number | undefined {
  const words: string[] = []
  let patience: number | undefined
  const rest = [...args]
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [, attached] = /^(?:-t|--time|--timeout)(?:=?(\d+))?$/.exec(arg) ?? [undefined]
    if (/^(?:-t|--time)/.test(arg)) patience = Number(attached ?? rest.shift())
    else if (arg.startsWith('-')) return unknownFlag(call, arg)
    else words.push(arg)
  }
  if (words.length === 0) return tooFew(call)
  if (patience !== undefined && !Number.isFinite(patience)) {
    call.err(`invalid argument for "-t, --time" flag: strconv.ParseInt: parsing: invalid syntax\n`)
    return 125
  }
  let code = 0
  const next = (): void => {
    const typed = words.shift()
    if (typed === undefined) return call.exit(code)
    const kept = find(call, typed)
    if (kept === undefined) {
      code = missing(call, typed)
      return next()
    }
    const { name } = kept.keeping
    const done = (): void => {
      then(name)
      call.out(`${typed}\n`)
      next()
    }
    call.system.keepers.stop(name, done, patience)
  }
  next()
  return undefined
}

function remove(call: ProgramContext, args: readonly string[]): number {
  const flags = args.filter((arg) => arg.startsWith('-'))
  const unknown = flags.find((flag) => !/^(?:-[fvl]+|--force|--volumes)$/.test(flag))
  if (unknown !== undefined) return unknownFlag(call, unknown)
  const force = flags.some((flag) => flag === '--force' || /^-\w*f/.test(flag))
  return each(call, args, (name, { pid }) => {
    if (pid === undefined || force) {
      call.system.keepers.remove(name)
      return undefined
    }
    call.err(
      `Error response from daemon: You cannot remove a running container ${fullId(name)}. Stop the container before attempting removal or force remove\n`,
    )
    return 1
  })
}

/** How often `docker logs -f` looks, in ms. */
const LOOK = 50

/** `docker logs -f --tail 20 web`: what the program in it wrote. */
function logs(call: ProgramContext, args: readonly string[]): number | undefined {
  let follow = false
  let tail = Infinity
  let typed: string | undefined
  const rest = [...args]
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '-f' || arg === '--follow') follow = true
    else if (/^(?:-n|--tail)(?:=|$)/.test(arg)) {
      const value = arg.split('=')[1] ?? rest.shift() ?? 'all'
      tail = value === 'all' ? Infinity : Number(value)
    } else if (arg.startsWith('-')) return unknownFlag(call, arg)
    else typed = arg
  }
  if (typed === undefined) return tooFew(call)
  const kept = find(call, typed)
  if (kept === undefined) return missing(call, typed)
  const { name } = kept.keeping
  let shown = call.system.keepers.output(name)
  const lines = shown.split(/(?<=\n)/)
  call.out(lines.slice(tail === Infinity ? 0 : -tail || lines.length).join(''))
  if (!follow) return 0
  const look = (): void => {
    const now = call.system.keepers.output(name)
    // The beginning is forgotten after a while: what is new stands behind the end of what was shown.
    const at = now.startsWith(shown) ? shown.length : now.lastIndexOf(shown.slice(-200)) + 200
    if (now !== shown) call.out(now.slice(at))
    shown = now
    if (find(call, name)?.pid === undefined && find(call, name)?.restartAt === undefined) call.exit(0)
    else call.after(LOOK, look)
  }
  call.after(LOOK, look)
  return undefined
}

function unknownFlag(call: ProgramContext, flag: string): number {
  const name = flag.startsWith('--')
    ? `flag: ${flag.split('=')[0]}`
    : `shorthand flag: '${flag.charAt(1)}' in ${flag}`
  call.err(`unknown ${name}\nSee 'docker ${call.args[0]} --help'.\n`)
  return 125
}

function containers({ system }: ProgramContext): readonly KeptProgram[] {
  return system.keepers.list().filter(({ keeping }) => keeping.keeper.by === 'container')
}

function missing(call: ProgramContext, name: string): number {
  call.err(`Error response from daemon: No such container: ${name}\n`)
  return 1
}

/** Options of `docker run` with a value: those that change something here, and those that people type by habit. */
const WITH_VALUE = new Set(
  '--name --restart -p --publish -m --memory -e --env --stop-timeout --cpus -c --cpu-shares -h --hostname -l --label --network --net --gpus -u --user -v --volume -w --workdir --env-file --mount --platform --pull --shm-size --ulimit --memory-swap --add-host --dns --ip --log-driver --log-opt --health-cmd --health-interval --health-retries --health-timeout --health-start-period --entrypoint --stop-signal --tmpfs --cap-add --cap-drop --security-opt --expose --pids-limit'.split(
    ' ',
  ),
)
const FLAGS = new Set(
  '-d --detach -i --interactive -t --tty --rm --init --privileged --read-only -P --publish-all --no-healthcheck'.split(
    ' ',
  ),
)

/** `-dp 8080:8000` is `-d -p 8080:8000`, `-p8080:8000` too. */
function apart(args: readonly string[]): string[] {
  const found: string[] = []
  let words = false
  for (const arg of args) {
    const isValue = found.length > 0 && WITH_VALUE.has(found.at(-1) ?? '')
    words ||= !arg.startsWith('-') && !isValue
    if (words || isValue || !/^-\w\w/.test(arg)) {
      found.push(arg)
      continue
    }
    for (let at = 1; at < arg.length; at++) {
      const letter = `-${arg.charAt(at)}`
      found.push(letter)
      if (!WITH_VALUE.has(letter)) continue
      if (at + 1 < arg.length) found.push(arg.slice(at + 1).replace(/^=/, ''))
      break
    }
  }
  return found
}

/** `-p 8080:8000`, `-p 127.0.0.1:8080:8000/tcp`, `-p 8000`. */
function portOf(text: string): { host: number; inner: number } | undefined {
  const [, host, inner] =
    /^(?:(?:\d+\.[\d.]+|\[[\da-f:]+\]):)?(?:(\d{1,5}):)?(\d{1,5})(?:\/tcp)?$/i.exec(text) ?? []
  return inner === undefined ? undefined : { host: Number(host ?? inner), inner: Number(inner) }
}

function start(call: ProgramContext, args: readonly string[]): number {
  const values = new Map<string, string>()
  const env: Record<string, string> = {}
  const words: string[] = []
  const ports: { host: number; inner: number }[] = []
  const rest = apart(args)
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (words.length > 0 || !arg.startsWith('-')) {
      words.push(arg)
      continue
    }
    const [option = '', attached] = arg.split(/=(.*)/s)
    if (!WITH_VALUE.has(option)) {
      if (!FLAGS.has(option)) return unknownFlag(call, option)
      values.set(option, '')
      continue
    }
    const value = attached ?? rest.shift()
    if (value === undefined) {
      call.err(`flag needs an argument: ${option}\nSee 'docker run --help'.\n`)
      return 125
    }
    if (option === '-p' || option === '--publish') {
      const port = portOf(value)
      if (port === undefined) {
        call.err(
          `docker: invalid publish opts format (should be name=value but got '${value}').\nSee 'docker run --help'.\n`,
        )
        return 125
      }
      ports.push(port)
    }
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
    ...(ports.length > 0 ? { ports } : {}),
    ...(values.has('--init') ? { init: true } : {}),
    ...(values.has('--stop-timeout') ? { grace: Number(values.get('--stop-timeout')) } : {}),
  }
  const name = values.get('--name') ?? `app_${containers(call).length + 1}`
  try {
    call.system.keepers.add({
      name,
      keeper,
      command: command.length === 0 ? 'fastapi run main.py' : command.map(quoted).join(' '),
      env,
    })
  } catch {
    call.err(
      `docker: Error response from daemon: Conflict. The container name "/${name}" is already in use.\nSee 'docker run --help'.\n`,
    )
    return 125
  }
  call.out(`${fullId(name)}\n`)
  if (!values.has('-d') && !values.has('--detach')) call.note(call.words.detached)
  return 0
}

function isPolicy(text: string): text is 'no' | 'on-failure' | 'always' | 'unless-stopped' {
  return ['no', 'on-failure', 'always', 'unless-stopped'].includes(text)
}

function bytes(text: string | undefined): number | undefined {
  const match = /^(\d+)([bkmg]?)b?$/i.exec(text ?? '')
  if (match === null) return undefined
  return (
    Number(match[1]) * (lookUp({ k: 1024, m: 1024 ** 2, g: 1024 ** 3 }, (match[2] ?? '').toLowerCase()) ?? 1)
  )
}

/** A word of a command as the container's file has it: blanks in it part nothing. */
function quoted(word: string): string {
  if (word !== '' && !/[\s"'\\]/.test(word)) return word
  return word.includes("'") ? `"${word.replaceAll(/["\\]/g, '\\$&')}"` : `'${word}'`
}

function fullId(name: string): string {
  return (idOf(name) + idOf(`${name} `) + idOf(` ${name}`)).slice(0, 64)
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

/** `docker ps -aq --filter …`. */
function list(call: ProgramContext, args: readonly string[]): number {
  const flags = args.flatMap((arg) =>
    /^-\w+$/.test(arg) ? [...arg.slice(1)].map((letter) => `-${letter}`) : [arg],
  )
  const unknown = flags.find((flag) => !/^(?:-[aqn]|--all|--quiet|--no-trunc)$/.test(flag))
  if (unknown !== undefined) return unknownFlag(call, unknown)
  const all = flags.includes('-a') || flags.includes('--all')
  if (!flags.includes('-q') && !flags.includes('--quiet')) call.out(table(call, all))
  else for (const { keeping } of shown(call, all)) call.out(`${idOf(keeping.name).slice(0, 12)}\n`)
  return 0
}

function shown(call: ProgramContext, all: boolean): readonly KeptProgram[] {
  return containers(call).filter(({ state }) => all || !['stopped', 'failed', 'exited'].includes(state))
}

function table(call: ProgramContext, all: boolean): string {
  const head = ['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NAMES']
  const rows = shown(call, all).map((kept) => {
    const command = `"${kept.keeping.command}"`
    const { keeper } = kept.keeping
    const ports = keeper.by === 'container' && kept.pid !== undefined ? (keeper.ports ?? []) : []
    return [
      idOf(kept.keeping.name).slice(0, 12),
      'awesomeapp',
      command.length > 22 ? `${command.slice(0, 20)}…"` : command,
      `${span(call, kept.since)} ago`,
      statusOf(call, kept),
      ports.map(({ host, inner }) => `0.0.0.0:${host}->${inner}/tcp`).join(', '),
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

function statusOf(call: ProgramContext, kept: KeptProgram): string {
  const code =
    kept.status === undefined
      ? 0
      : 'code' in kept.status
        ? kept.status.code
        : 128 + SIGNAL_NUMBERS[kept.status.signal]
  if (kept.state === 'waiting') return `Restarting (${code}) ${span(call, kept.since)} ago`
  if (kept.state === 'stopped' || kept.state === 'failed' || kept.state === 'exited')
    return `Exited (${code}) ${span(call, kept.since)} ago`
  return `Up ${span(call, kept.since)}`
}

/** Docker's rough spans. */
function span(call: ProgramContext, since: number): string {
  const seconds = Math.floor((today(call) - call.system.epoch - since) / 1000)
  if (seconds < 1) return 'Less than a second'
  if (seconds < 60) return `${seconds} second${seconds === 1 ? '' : 's'}`
  const minutes = Math.floor(seconds / 60)
  return minutes === 1 ? 'About a minute' : `${minutes} minutes`
}
