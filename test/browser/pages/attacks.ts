/** Lets the spec attack the page through everything that a learner's code has: a worker, a terminal, a link. */
import { openSandbox } from '../../../simulator/host/browser/sandbox/open.ts'
import { webWorkers } from '../../../simulator/host/browser/web-worker.ts'
import { loadWords } from '../../../simulator/host/browser/words.ts'
import type { GuestTurn } from '../../../simulator/host/virtual/guest.ts'
import { Screen } from '../../../src/machine-view/terminal/screen.ts'
import { fromFragment } from '../../../src/playground/link.ts'
import './whole-chunks.ts'

/** The longest time in which the page could draw nothing while something was done, in ms. */
async function longestFrame(work: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let last = performance.now()
  let going = true
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
    if (going) setTimeout(() => port2.postMessage(0), 0)
  }
  port2.postMessage(0)
  await work()
  going = false
  longest = Math.max(longest, performance.now() - last)
  port1.close()
  return longest
}

let screen: Screen | undefined

const attacks = {
  /** Runs applications one after the other. @returns the results of each one's import and first request */
  async workers(sources: readonly string[], patience = 20_000): Promise<(GuestTurn | undefined)[]> {
    const sandbox = await openSandbox()
    const workers = webWorkers(sandbox, { patience, memory: 1000, words: await loadWords('en') })
    const turns: (GuestTurn | undefined)[] = []
    try {
      for (const source of sources) {
        const guest = workers.factory({
          pid: 4711,
          ppid: 4700,
          env: {},
          argv: ['uvicorn', 'main:app'],
          cwd: '/home/user',
          target: { typed: 'main:app', module: 'main', attribute: 'app' },
          file: 'main.js',
          source,
          chance: 0.5,
        })
        await guest.turn({ type: 'import', now: 0, epoch: 0 })
        const request = { id: 1, method: 'GET', target: '/', headers: [] }
        const { spinning, ...turn } = await guest.turn({ type: 'request', now: 1, epoch: 0, request })
        turns.push(spinning === undefined ? turn : await spinning)
        guest.end()
      }
      return turns
    } finally {
      workers.end()
      sandbox.close()
    }
  },

  /** Writes texts to a terminal. @returns the longest frame, and the terminal's text at the end */
  async terminal(texts: readonly string[]): Promise<{ frame: number; text: string }> {
    screen?.dispose()
    screen = await Screen.open(
      document.querySelector<HTMLElement>('#terminal')!,
      { label: 'terminal', tooMuch: '', screenReader: false, fontSize: 12 },
      {
        onData: () => undefined,
        tabMoves: () => false,
        onToggleTab: () => undefined,
        onEscape: () => undefined,
      },
    )
    const shown = screen
    const frame = await longestFrame(async () => {
      for (const text of texts) shown.write(text)
      // Closes whatever was left open, so that the end is visible.
      shown.write('\x18\x1b\\\x1b[!p\x1bc')
      shown.write('THE END')
      while (!shown.text.includes('THE END')) await new Promise((next) => setTimeout(next, 1))
    })
    return { frame, text: shown.text.slice(-100) }
  },

  /** Reads links. @returns the longest frame, and the problem of each */
  async links(fragments: readonly string[]): Promise<{ frame: number; problems: (string | undefined)[] }> {
    const problems: (string | undefined)[] = []
    const frame = await longestFrame(async () => {
      for (const fragment of fragments) {
        const read = await fromFragment(fragment)
        problems.push('problem' in read ? read.problem.kind : undefined)
      }
    })
    return { frame, problems }
  },
}
export type Attacks = typeof attacks

Object.assign(globalThis, { attacks })
