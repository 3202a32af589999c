import type { System } from '../../../machine/system.ts'
import type { ProgramContext } from '../../program.ts'
import { containers, digest, flagsOf, tooFew } from './containers.ts'
import { table } from './table.ts'

const OWN = ['bridge', 'host', 'none']
const made = new WeakMap<object, Set<string>>()

/** The networks of Docker on a machine, by name. */
export function networksOf(system: System): Set<string> {
  const networks = made.get(system) ?? new Set(OWN)
  made.set(system, networks)
  return networks
}

/** `docker network ls`, `create`, `rm`. */
export function network(call: ProgramContext, [command, ...args]: readonly string[]): number {
  const networks = networksOf(call.system)
  const flags = flagsOf(call, `network ${command ?? ''}`, args, {
    values: 'driver filter format subnet',
    switches: 'quiet force',
    short: { d: 'driver', q: 'quiet', f: 'force' },
  })
  if (typeof flags === 'number') return flags
  if (command === 'ls' || command === 'list') {
    const rows = [...networks].map((name) => [
      digest(`network ${name}`).slice(0, 12),
      name,
      name === 'none' ? 'null' : OWN.includes(name) ? name : 'bridge',
      'local',
    ])
    call.out(table([['NETWORK ID', 'NAME', 'DRIVER', 'SCOPE'], ...rows]))
    return 0
  }
  if (command !== 'create' && command !== 'rm') {
    call.note(
      call.words.optionNotHere
        .replace('{program}', 'docker')
        .replace('{option}', () => `network ${command ?? ''}`),
    )
    return 1
  }
  if (flags.words.length === 0) return tooFew(call, `network ${command}`)
  for (const name of flags.words) {
    const problem = command === 'create' ? created(networks, name) : removed(call, networks, name)
    if (problem !== undefined) {
      call.err(`Error response from daemon: ${problem}\n`)
      return 1
    }
    call.out(command === 'create' ? `${digest(`network ${name}`)}\n` : `${name}\n`)
  }
  return 0
}

function created(networks: Set<string>, name: string): string | undefined {
  if (networks.has(name)) return `network with name ${name} already exists`
  networks.add(name)
  return undefined
}

function removed(call: ProgramContext, networks: Set<string>, name: string): string | undefined {
  if (!networks.has(name)) return `network ${name} not found`
  if (OWN.includes(name)) return `${name} is a pre-defined network and cannot be removed`
  const used = containers(call).some(({ keeper, pid }) => keeper.network === name && pid !== undefined)
  if (used) return `error while removing network: network ${name} has active endpoints`
  networks.delete(name)
  return undefined
}
