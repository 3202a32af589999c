import { lookUp } from '../../../manager/look-up.ts'
import type { HealthCheck } from '../../../machine/keeper/api.ts'
import type { System } from '../../../machine/system.ts'
import type { SignalName } from '../../../manager/signals.ts'
import { digest } from './containers.ts'

/** What a container is made from. */
export interface Image {
  /** 64 digits. */
  readonly id: string
  /** When it was built (virtual ms); negative for those that were there before. */
  readonly created: number
  readonly entrypoint?: readonly string[]
  readonly cmd?: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly user?: string
  readonly workdir?: string
  readonly exposed: readonly number[]
  readonly health?: HealthCheck
  readonly stopSignal?: SignalName
  readonly labels: Readonly<Record<string, string>>
}

const EMPTY = { env: {}, exposed: [], labels: {} }
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** The images of Docker Hub that have something to run here, by their commands. */
const PUBLIC: Readonly<Record<string, readonly string[]>> = {
  alpine: ['/bin/sh'],
  busybox: ['sh'],
  debian: ['bash'],
  ubuntu: ['/bin/bash'],
  python: ['python3'],
}

/** The images of the machine. */
export class Images {
  readonly #tags = new Map<string, Image>()

  constructor() {
    this.#tags.set('awesomeapp:latest', {
      ...EMPTY,
      id: digest('awesomeapp'),
      created: -60_000,
      cmd: ['fastapi', 'run', 'main.py'],
      env: { PATH },
      workdir: '/code',
      exposed: [8000],
    })
  }

  /** The image of a reference: `shop`, `shop:1.2`, `python:3.13-slim`, the beginning of an ID. */
  find(reference: string): Image | undefined {
    const name = withTag(reference)
    const known = this.#tags.get(name)
    if (known !== undefined) return known
    const [base = '', tag = ''] = name
      .replace(/^docker\.io\//, '')
      .replace(/^library\//, '')
      .split(':')
    const command = lookUp(PUBLIC, base)
    if (command !== undefined && /^[\w.-]+$/.test(tag))
      return { ...EMPTY, id: digest(name), created: -86_400_000, env: { PATH }, cmd: command }
    if (!/^(?:sha256:)?[\da-f]{4,64}$/.test(reference)) return undefined
    const start = reference.replace('sha256:', '')
    return [...this.#tags.values()].find(({ id }) => id.startsWith(start))
  }

  tag(reference: string, image: Image): void {
    this.#tags.set(withTag(reference), image)
  }

  untag(reference: string): boolean {
    return this.#tags.delete(withTag(reference))
  }

  /** Those that are kept here, with their names. */
  list(): readonly { readonly name: string; readonly image: Image }[] {
    return [...this.#tags].map(([name, image]) => ({ name, image }))
  }
}

export function withTag(reference: string): string {
  return /:[^/]+$/.test(reference) ? reference : `${reference}:latest`
}

const made = new WeakMap<object, Images>()

export function imagesOf(system: System): Images {
  const images = made.get(system) ?? new Images()
  made.set(system, images)
  return images
}
