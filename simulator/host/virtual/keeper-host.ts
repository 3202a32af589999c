import type { Keepers, Keeping, Kept } from '../../machine/keeper/api.ts'
import type { Kernel } from './kernel.ts'

/** What keeps programs running, beside the init system. */
export class KeeperHost implements Keepers {
  readonly #kernel: Kernel

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  /** The memory that a container may have, in bytes. */
  memoryLimit(_container: string): number | undefined {
    return undefined
  }

  add(keeping: Keeping): void {
    this.#kernel.exec({ argv: keeping.command.split(' '), env: keeping.env ?? {} })
  }

  stop(_name: string): 'done' | 'not-found' {
    return 'not-found'
  }

  start(_name: string): 'done' | 'not-found' {
    return 'not-found'
  }

  remove(_name: string): 'done' | 'not-found' {
    return 'not-found'
  }

  list(): readonly Kept[] {
    return []
  }

  log(_name: string): readonly { readonly at: number; readonly text: string }[] {
    return []
  }
}
