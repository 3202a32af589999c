import type { InitSystem, JobResult, JournalEntry, UnitStatus } from '../../machine/init/api.ts'
import type { Kernel } from './kernel.ts'

/** PID 1: the init system. */
export class InitHost implements InitSystem {
  readonly #kernel: Kernel
  readonly #journal: JournalEntry[] = []

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  units(): readonly UnitStatus[] {
    return []
  }

  status(_name: string): UnitStatus | undefined {
    return undefined
  }

  start(_name: string, done?: (result: JobResult) => void): void {
    this.#kernel.after(0, () => done?.('not-found'))
  }

  stop(_name: string, done?: (result: JobResult) => void): void {
    this.#kernel.after(0, () => done?.('not-found'))
  }

  restart(_name: string, done?: (result: JobResult) => void): void {
    this.#kernel.after(0, () => done?.('not-found'))
  }

  reload(_name: string, done?: (result: JobResult) => void): void {
    this.#kernel.after(0, () => done?.('not-found'))
  }

  enable(_name: string): 'done' | 'not-found' | 'static' {
    return 'not-found'
  }

  disable(_name: string): 'done' | 'not-found' | 'static' {
    return 'not-found'
  }

  resetFailed(): void {
    // No unit, no failure.
  }

  daemonReload(): void {
    // Nothing is loaded.
  }

  journal(filter: { readonly unit?: string; readonly since?: number } = {}): readonly JournalEntry[] {
    const { unit, since = 0 } = filter
    return this.#journal.filter((each) => each.at >= since && (unit === undefined || each.unit === unit))
  }
}
