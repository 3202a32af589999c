import type { Program } from '../program.ts'

/**
 * A program whose code is loaded when it is first used. Loading takes no virtual time, and the program always begins
 * through the kernel's queue, loaded or not: a session plays the same on a page that has the code already.
 */
export function later(name: string, load: () => Promise<Program>): Program {
  return {
    name,
    run(call) {
      let loaded: Program | undefined
      call.system.after(0, async () => {
        loaded = await load().catch(() => undefined)
      })
      call.after(0, () => {
        if (loaded === undefined) call.note(call.words.notLoaded.replace('{name}', () => name))
        const code = loaded === undefined ? 126 : loaded.run(call)
        if (code !== undefined) call.exit(code)
      })
      return undefined
    },
  }
}
