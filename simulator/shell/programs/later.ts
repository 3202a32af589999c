import type { ProgramContext, ShellProgram } from '../program.ts'
import type { Reader, Source } from '../run/streams.ts'

/**
 * A program whose code is loaded when it is first used. Loading takes no virtual time, and the program always begins
 * through the kernel's queue, loaded or not: a session plays the same on a page that has the code already.
 */
export function later(name: string, load: (call: ProgramContext) => Promise<ShellProgram>): ShellProgram {
  return {
    name,
    run(call) {
      begin(call, name, () => load(call))
      return undefined
    },
  }
}

/** The same for a program that asks the init system: the code of units is loaded with its own. */
export function laterWithUnits(name: string, load: () => Promise<ShellProgram>): ShellProgram {
  return later(name, async ({ system }) => {
    await system.init.load()
    return load()
  })
}

/** The same for a builtin. */
export function laterBuiltin(name: string, load: () => Promise<ShellProgram>): ShellProgram {
  return { ...later(name, load), builtin: true }
}

/** The same for a program that reads its input: what is typed before its code is loaded is kept for it. */
export function laterReading(name: string, load: () => Promise<ShellProgram>): ShellProgram {
  return {
    name,
    run(call) {
      const early = new TypedEarly(call.stdin)
      begin(Object.create(call, { stdin: { value: early } }) as ProgramContext, name, load, () =>
        early.release(),
      )
      return undefined
    },
  }
}

function begin(
  call: ProgramContext,
  name: string,
  load: () => Promise<ShellProgram>,
  started?: () => void,
): void {
  let loaded: ShellProgram | undefined
  call.system.after(0, async () => {
    loaded = await load().catch(() => undefined)
  })
  call.after(0, () => {
    if (loaded === undefined) call.note(call.words.notLoaded.replace('{name}', () => name))
    const code = loaded === undefined ? 126 : loaded.run(call)
    started?.()
    if (code !== undefined) call.exit(code)
  })
}

/** A terminal's keyboard, read from the program's start on. Other sources buffer their data themselves. */
class TypedEarly implements Source {
  readonly #source: Source
  readonly #lines: string[] = []
  #ended = false
  #reader: Reader | undefined
  readonly #stop: (() => void) | undefined

  constructor(source: Source) {
    this.#source = source
    if (!source.terminal) return
    this.#stop = source.read({
      text: (text) => {
        if (this.#reader === undefined) this.#lines.push(text)
        else this.#reader.text(text)
      },
      end: () => {
        if (this.#reader === undefined) this.#ended = true
        else this.#reader.end()
      },
    })
  }

  get terminal(): boolean {
    return this.#source.terminal
  }

  read(reader: Reader): () => void {
    if (this.#stop === undefined) return this.#source.read(reader)
    this.#reader = reader
    for (const line of this.#lines.splice(0)) reader.text(line)
    if (this.#ended) reader.end()
    return this.#stop
  }

  /** The program has begun: if it does not read, the keyboard is released. */
  release(): void {
    if (this.#reader === undefined) this.#stop?.()
  }
}
