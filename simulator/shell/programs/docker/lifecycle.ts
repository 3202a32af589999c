import type { ProgramContext } from '../../program.ts'
import { SIGNAL_NAMES, signalName, signalNumber } from '../signal-names.ts'
import {
  containers,
  each,
  exitCode,
  find,
  flagsOf,
  idOf,
  missing,
  stateOf,
  tooFew,
  type Container,
} from './containers.ts'
import { attach } from './output.ts'
import { refusedPort } from './ports.ts'

/** `docker stop -t 3 web`, and `docker restart`, which starts it again. */
export function stop(
  call: ProgramContext,
  command: 'stop' | 'restart',
  args: readonly string[],
): number | undefined {
  const known = { values: 'time timeout signal', short: { t: 'time', s: 'signal' } }
  const flags = flagsOf(call, command, args, known)
  if (typeof flags === 'number') return flags
  if (flags.words.length === 0) return tooFew(call, command)
  const typed = flags.get('time') ?? flags.get('timeout')
  if (typed !== undefined && !/^-?\d+$/.test(typed)) {
    call.err(
      `invalid argument "${typed}" for "-t, --time" flag: strconv.ParseInt: parsing "${typed}": invalid syntax\nSee 'docker ${command} --help'.\n`,
    )
    return 125
  }
  const patience = typed === undefined ? undefined : Number(typed) < 0 ? Infinity : Number(typed)
  return each(call, flags.words, ({ name }, next) => {
    const done = (): void => {
      if (command === 'restart') call.system.keepers.start(name)
      next()
    }
    call.system.keepers.stop(name, () => call.after(0, done), patience)
  })
}

/** `docker start -a web`. */
export function start(call: ProgramContext, args: readonly string[]): number | undefined {
  const known = { switches: 'attach interactive', short: { a: 'attach', i: 'interactive' } }
  const flags = flagsOf(call, 'start', args, known)
  if (typeof flags === 'number') return flags
  const [first] = flags.words
  if (first === undefined) return tooFew(call, 'start')
  const begin = (container: Container): number => {
    const { name, keeper, pid } = container
    const refused = pid === undefined ? refusedPort(call, name, keeper.ports ?? []) : undefined
    if (refused !== undefined) {
      call.err(`Error response from daemon: ${refused}\nError: failed to start containers: ${name}\n`)
      return 1
    }
    call.system.keepers.start(name)
    return 0
  }
  if (!flags.has('attach')) return each(call, flags.words, (container, next) => next(begin(container)))
  const container = find(call, first)
  if (container === undefined) return missing(call, first)
  const from = call.system.keepers.output(container.name).at(-1)?.number ?? 0
  const code = begin(container)
  if (code !== 0) return code
  attach(call, container.name, { from, proxy: true })
  return undefined
}

/** `docker kill -s HUP web`. */
export function kill(call: ProgramContext, args: readonly string[]): number | undefined {
  const flags = flagsOf(call, 'kill', args, { values: 'signal', short: { s: 'signal' } })
  if (typeof flags === 'number') return flags
  if (flags.words.length === 0) return tooFew(call, 'kill')
  const typed = flags.get('signal') ?? 'KILL'
  const number = signalNumber(typed)
  const signal = number === undefined ? undefined : SIGNAL_NAMES.find((name) => name === signalName(number))
  if (number === undefined || number === 0) {
    call.err(`Error response from daemon: Invalid signal: ${typed}\n`)
    return 1
  }
  if (signal === undefined) {
    call.note(call.words.signalNotModelled.replace('{signal}', () => `SIG${signalName(number)}`))
    return 1
  }
  return each(call, flags.words, (container, next) => {
    if (call.system.keepers.signal(container.name, signal) === 'done') return next()
    call.err(
      `Error response from daemon: Cannot kill container: ${container.name}: Container ${idOf(container)} is not running\n`,
    )
    next(1)
  })
}

/** `docker rm -f web`. */
export function remove(call: ProgramContext, args: readonly string[]): number | undefined {
  const known = { switches: 'force volumes link', short: { f: 'force', v: 'volumes', l: 'link' } }
  const flags = flagsOf(call, 'rm', args, known)
  if (typeof flags === 'number') return flags
  if (flags.words.length === 0) return tooFew(call, 'rm')
  return each(call, flags.words, (container, next) => {
    const state = stateOf(container)
    if (state === 'created' || state === 'exited' || flags.has('force')) {
      call.system.keepers.remove(container.name)
      return next()
    }
    call.err(
      `Error response from daemon: You cannot remove a ${state} container ${idOf(container)}. Stop the container before attempting removal or force remove\n`,
    )
    next(1)
  })
}

/** How often something that is waited for is looked at, in ms. */
const LOOK = 50

/** `docker wait web`: the exit code of each, when it has ended. */
export function wait(call: ProgramContext, args: readonly string[]): number | undefined {
  const [first] = args
  if (first === undefined) return tooFew(call, 'wait')
  const left = [...args]
  let code = 0
  const next = (): void => {
    const typed = left.shift()
    if (typed === undefined) return call.exit(code)
    const found = find(call, typed)
    if (found === undefined) {
      code = missing(call, typed)
      return next()
    }
    const look = (): void => {
      const now = containers(call).find(({ name }) => name === found.name)
      if (now?.pid !== undefined) return call.after(LOOK, look)
      call.out(`${now === undefined ? 137 : exitCode(now)}\n`)
      next()
    }
    look()
  }
  next()
  return undefined
}
