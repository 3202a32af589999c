/** A guest whose main thread sleeps in the middle of its code, and the file that a runtime's applications are in. */
import { expect, it } from 'vitest'
import type { Guest, GuestFactory, GuestInput, GuestTurn } from '../../../simulator/host/virtual/guest.ts'
import { Kernel } from '../../../simulator/host/virtual/kernel.ts'
import { settingsOf } from './machine.ts'

/** `/sleep` sleeps for a second in the middle of its code, anything else is answered at once. */
class Sleeper implements Guest {
  #sleeps: number | undefined

  turn(input: GuestInput): GuestTurn {
    const answer = (id: number) =>
      [
        { type: 'head', id, status: 200, headers: [], after: 0 },
        { type: 'end', id, after: 0 },
      ] as const
    if (input.type === 'import') return { acts: [{ type: 'imported', after: 0 }], cpu: 0 }
    if (input.type === 'startup') return { acts: [{ type: 'started', supported: true, after: 0 }], cpu: 0 }
    if (input.type === 'request' && input.request.target === '/sleep') {
      this.#sleeps = input.request.id
      return { acts: [], cpu: 0, wakeAt: input.now + 1000, heldUntil: input.now + 1000 }
    }
    if (this.#sleeps !== undefined && input.type !== 'wake') throw new Error('it was spoken to in its sleep')
    if (input.type === 'wake' && this.#sleeps !== undefined) {
      const acts = answer(this.#sleeps)
      this.#sleeps = undefined
      return { acts, cpu: 0 }
    }
    return { acts: input.type === 'request' ? answer(input.request.id) : [], cpu: 0 }
  }

  end(): void {
    this.#sleeps = undefined
  }
}

async function launched(
  factory: GuestFactory,
  runtime: 'javascript' | 'python',
  program: 'uvicorn' | 'gunicorn',
) {
  const files = { 'main.js': 'js', 'main.py': 'py' }
  const kernel = new Kernel({ seed: 3, factory, runtime, files })
  kernel.openTerminal('server', { columns: 120, colors: 'none' })
  const settings = settingsOf(program, program === 'gunicorn' ? 1 : 2)
  kernel.launch({ settings, command: `${program} main:app`, env: {}, terminal: 'server' })
  await kernel.runUntil(3000)
  const ask = (target: string): { answered?: number } => {
    const request: { answered?: number } = {}
    const { now } = kernel
    kernel.request(
      { host: '127.0.0.1', port: 8080, method: 'GET', target, patience: 60_000 },
      { onEnd: () => (request.answered = kernel.now - now) },
    )
    return request
  }
  return { kernel, ask }
}

it('hears nothing while it sleeps, takes no core, and does first what it was at', async () => {
  const { kernel, ask } = await launched(() => new Sleeper(), 'python', 'gunicorn')
  const cpu = (): number => kernel.processes().reduce((sum, each) => sum + each.cpu, 0)
  const before = cpu()
  const sleeping = ask('/sleep')
  await kernel.runUntil(kernel.now + 100)
  const other = ask('/')
  await kernel.runUntil(kernel.now + 3000)
  expect(sleeping.answered).toBeGreaterThan(1000)
  expect(sleeping.answered).toBeLessThan(1050)
  expect(other.answered).toBeGreaterThan(900)
  expect(other.answered).toBeLessThan(950)
  expect(cpu() - before).toBeLessThan(100)
})

it("gunicorn's arbiter kills a worker that sleeps for longer than its timeout", async () => {
  const factory: GuestFactory = () => {
    const sleeper = new Sleeper()
    return {
      turn(input) {
        const turn = sleeper.turn(input)
        if (turn.heldUntil === undefined) return turn
        return { ...turn, wakeAt: input.now + 60_000, heldUntil: input.now + 60_000 }
      },
      end: () => sleeper.end(),
    }
  }
  const { kernel, ask } = await launched(factory, 'python', 'gunicorn')
  ask('/sleep')
  await kernel.runUntil(kernel.now + 12_000)
  const text = kernel.trace.map((each) => (each.type === 'output' ? each.text : '')).join('')
  expect(text).toContain('WORKER TIMEOUT')
})

it.each([
  ['javascript', 'main.js', 'js'],
  ['python', 'main.py', 'py'],
] as const)('where %s runs, main:app is %s', async (runtime, file, source) => {
  const made: unknown[] = []
  const factory: GuestFactory = (spec) => {
    made.push({ file: spec.file, source: spec.source })
    return new Sleeper()
  }
  await launched(factory, runtime, 'uvicorn')
  expect(made).toEqual([
    { file, source },
    { file, source },
  ])
})
