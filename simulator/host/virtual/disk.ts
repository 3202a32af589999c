import type { Files } from './files.ts'
import type { Guest, GuestAct, GuestInput } from './guest.ts'
import type { Process } from './process.ts'

type LockMode = (GuestAct & { type: 'lock' })['mode']

/** What code that runs in processes sees of the machine's files, and the locks that they hold on them. */
export class Disk {
  readonly #files: Files
  /** By paths and PIDs. */
  readonly #locks = new Map<string, Map<number, LockMode>>()
  /** Up to which change of the files a process has seen them. */
  readonly #seen = new Map<number, number>()

  constructor(files: Files) {
    this.#files = files
  }

  /** Code that is told at each turn what others have changed since the last one, and which locks its process holds. */
  mount({ pid }: Process, guest: Guest): Guest {
    return {
      turn: (input: GuestInput) => guest.turn({ ...input, disk: this.#news(pid), locks: this.#heldBy(pid) }),
      end: () => guest.end(),
    }
  }

  #news(pid: number) {
    const news = this.#files.changes(this.#seen.get(pid), pid)
    this.#seen.set(pid, this.#files.version)
    return news
  }

  #heldBy(pid: number): readonly string[] {
    return [...this.#locks].filter(([, holders]) => holders.has(pid)).map(([path]) => path)
  }

  /** Something that the code of a process did with its disk. */
  take({ pid }: Process, act: GuestAct & { type: 'file' | 'lock' }): void {
    if (act.type === 'lock') this.#lock(pid, act.path, act.mode)
    else this.#write(pid, act)
  }

  #write(pid: number, { path, change, text }: GuestAct & { type: 'file' }): void {
    const files = this.#files
    if (change === 'removed') return files.remove(path, pid)
    if (change === 'whole') return files.write(path, text, pid)
    // What others have appended meanwhile it has not seen yet.
    const alone = files.lastChange(path, pid) <= (this.#seen.get(pid) ?? 0)
    files.write(path, (files.read(path) ?? '') + text, alone ? pid : undefined)
  }

  /** A lock that another process does not allow is not given. */
  #lock(pid: number, path: string, mode: LockMode): void {
    const holders = this.#locks.get(path) ?? new Map<number, LockMode>()
    const others = [...holders].filter(([holder]) => holder !== pid)
    if (mode === 'none') holders.delete(pid)
    else if (others.every(([, other]) => mode === 'shared' && other === 'shared')) holders.set(pid, mode)
    if (holders.size === 0) this.#locks.delete(path)
    else this.#locks.set(path, holders)
  }

  /** A process ended: its locks end with it. */
  ended({ pid }: Process): void {
    this.#seen.delete(pid)
    for (const path of [...this.#locks.keys()]) this.#lock(pid, path, 'none')
  }
}
