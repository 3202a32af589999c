import { lookUp } from '../../../manager/look-up.ts'
import type { ProgramContext, ShellProgram } from '../../program.ts'
import { fillIn } from '../../words.ts'
import { later } from '../later.ts'
import { find, missing, tooFew } from './containers.ts'
import { exec } from './exec.ts'
import { images, pull, removeImage, tag } from './image-commands.ts'
import { inspect } from './inspect.ts'
import { kill, remove, start, stop, wait } from './lifecycle.ts'
import { list } from './list.ts'
import { network } from './networks.ts'
import { logs } from './output.ts'
import { run } from './run.ts'
import { stats, top } from './stats.ts'

type Command = (call: ProgramContext, args: readonly string[]) => number | undefined

/** The parser of Dockerfiles comes when one is built. */
const build = later('docker', async () => (await import('./build.ts')).build)

const COMMANDS: Readonly<Record<string, Command>> = {
  run,
  start,
  kill,
  wait,
  logs,
  exec,
  inspect,
  stats,
  top,
  port,
  network,
  images,
  pull,
  tag,
  build: (call) => build.run(call),
  ps: list,
  rm: remove,
  rmi: removeImage,
  stop: (call, args) => stop(call, 'stop', args),
  restart: (call, args) => stop(call, 'restart', args),
}

/** What stands behind the older short names. */
const IN_GROUPS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  container: { ls: 'ps', list: 'ps', ps: 'ps' },
  buildx: { build: 'build' },
  image: { build: 'build', ls: 'images', list: 'images', rm: 'rmi' },
}

/** The docker command of version 24. What it prints is from its documentation and its source, not recorded. */
export const docker: ShellProgram = {
  name: 'docker',
  run(call) {
    const [first, ...rest] = call.args
    if (first === undefined || first === '--help' || first === 'help') {
      call.note(call.words.commands['docker'] ?? '')
      return first === undefined ? 1 : 0
    }
    const group = lookUp(IN_GROUPS, first)
    const name = group === undefined ? first : (lookUp(group, rest[0] ?? '') ?? rest[0] ?? '')
    const args = group === undefined ? rest : rest.slice(1)
    const command = lookUp(COMMANDS, name)
    if (command !== undefined) return command(call, args)
    call.note(
      fillIn(call.words.optionNotHere, {
        program: 'docker',
        option: call.args.slice(0, group ? 2 : 1).join(' '),
      }),
    )
    return 1
  },
}

/** `docker port web`. */
function port(call: ProgramContext, [typed]: readonly string[]): number {
  if (typed === undefined) return tooFew(call, 'port')
  const container = find(call, typed)
  if (container === undefined) return missing(call, typed)
  if (container.pid === undefined) return 0
  for (const { host, inner, ip = '0.0.0.0' } of container.keeper.ports ?? [])
    call.out(`${inner}/tcp -> ${ip}:${host}\n`)
  return 0
}
