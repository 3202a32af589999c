import type { HealthCheck, Publish } from '../../../machine/keeper/api.ts'
import type { SignalName } from '../../../manager/signals.ts'
import type { ProgramContext } from '../../program.ts'
import { runnable } from './command.ts'
import { containers, idOf, type ContainerKeeper } from './containers.ts'
import type { Image } from './images.ts'
import { networksOf } from './networks.ts'
import { refusedPort } from './ports.ts'

/** A container to be made: by `docker run`, or by Compose. */
export interface Wanted {
  readonly name: string
  /** As it was named. */
  readonly reference: string
  readonly image: Image
  /** What replaces the image's own. */
  readonly entrypoint?: readonly string[]
  readonly command?: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly user?: string | undefined
  readonly workdir?: string | undefined
  readonly ports: readonly Publish[]
  readonly network: string
  readonly names?: readonly string[]
  readonly policy: ContainerKeeper['policy']
  readonly maximum?: number | undefined
  readonly memory?: number | undefined
  readonly init?: boolean
  readonly grace?: number | undefined
  readonly stopSignal?: SignalName | undefined
  readonly health?: HealthCheck | undefined
  readonly autoRemove?: boolean
  readonly labels?: Readonly<Record<string, string>>
}

/** Makes a container and starts it. @returns its ID, or what Docker's daemon answers */
export function makeContainer(
  call: ProgramContext,
  wanted: Wanted,
): { readonly id: string } | { readonly problem: string; readonly code: number } {
  const { name, image, network } = wanted
  const taken = containers(call).find((each) => each.name === name)
  if (taken !== undefined)
    return {
      problem: `Conflict. The container name "/${name}" is already in use by container "${idOf(taken)}". You have to remove (or rename) that container to be able to reuse that name.`,
      code: 125,
    }
  if (!networksOf(call.system).has(network)) return { problem: `network ${network} not found.`, code: 125 }
  const entrypoint = wanted.entrypoint ?? image.entrypoint ?? []
  const command = wanted.command ?? (wanted.entrypoint === undefined ? image.cmd : undefined) ?? []
  const words = [...entrypoint, ...command]
  if (words.length === 0) return { problem: 'no command specified.', code: 125 }
  const refused = network === 'host' ? undefined : refusedPort(call, name, wanted.ports)
  if (refused !== undefined) return { problem: refused, code: 125 }
  const made = runnable(call, words)
  const failed = (reason: string): string =>
    `failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "${words[0]}": ${reason}: unknown.`
  if ('reason' in made) return { problem: failed(made.reason), code: made.code }
  const { policy, maximum, memory, init, grace, stopSignal, health, autoRemove, labels, names } = wanted
  const { env, user, entrypoint: _, ...others } = image
  const keeper: ContainerKeeper = {
    by: 'container',
    policy,
    image: wanted.reference,
    ...(maximum === undefined ? {} : { maximum }),
    ...(memory === undefined ? {} : { memory }),
    ...(init === true ? { init } : {}),
    ...(grace === undefined ? {} : { grace }),
    ...(autoRemove === true ? { autoRemove } : {}),
    ...(labels === undefined && Object.keys(others.labels).length === 0
      ? {}
      : { labels: { ...others.labels, ...labels } }),
    ...(names === undefined ? {} : { names }),
    ...valued('stopSignal', stopSignal ?? others.stopSignal),
    ...valued('health', health ?? others.health),
    ...(network === 'host' ? {} : { network, ports: wanted.ports }),
  }
  call.system.keepers.add({
    name,
    keeper,
    argv: made.argv,
    command: words.join(' '),
    env: { HOSTNAME: idOfNew(call, name), HOME: '/root', ...env, ...wanted.env },
    ...valued('user', wanted.user ?? user),
    // The image's own folder stands for the project's: there is one tree of files.
    ...valued('cwd', wanted.workdir === image.workdir ? undefined : wanted.workdir),
  })
  const kept = containers(call).find((each) => each.name === name)
  if (kept?.stateText === 'Created')
    return { problem: failed('executable file not found in $PATH'), code: 127 }
  return { id: kept === undefined ? '' : idOf(kept) }
}

function valued<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): Partial<Record<Name, Value>> {
  return (value === undefined ? {} : { [name]: value }) as Partial<Record<Name, Value>>
}

function idOfNew(call: ProgramContext, name: string): string {
  return idOf({ name, createdAt: call.system.now } as Parameters<typeof idOf>[0]).slice(0, 12)
}
