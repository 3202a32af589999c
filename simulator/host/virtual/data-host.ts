import type { Data, DatabaseEntry, TableInfo } from '../../machine/data/api.ts'
import type { Kernel } from './kernel.ts'

/** What is shared by all processes and outlives them. */
export class DataHost implements Data {
  readonly #kernel: Kernel

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  tables(): readonly TableInfo[] {
    return []
  }

  schemaVersion(): number {
    return 0
  }

  databaseLog(): readonly DatabaseEntry[] {
    return []
  }

  connections(): { readonly open: number; readonly most: number } {
    return { open: 0, most: 100 }
  }

  keys(): readonly { readonly key: string; readonly value: string }[] {
    return []
  }

  outbox(): readonly { readonly at: number; readonly pid: number; readonly text: string }[] {
    return []
  }

  reset(): void {
    this.#kernel.record({ type: 'schema', version: 0 })
  }
}
