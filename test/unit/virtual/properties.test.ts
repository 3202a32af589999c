import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TraceEvent } from '../../../simulator/machine/trace.ts'
import type { ManagerState, Program } from '../../../simulator/manager/index.ts'
import type { SignalName } from '../../../simulator/manager/signals.ts'
import { launched, settingsOf } from './machine.ts'

type Act =
  | { do: 'wait'; ms: number }
  | { do: 'signal manager'; signal: SignalName }
  | { do: 'signal worker'; nth: number; signal: SignalName }
  | { do: 'request'; target: string }
  | { do: 'ctrl-c' }
  | { do: 'edit'; source: string }

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 1500 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('signal manager' as const),
      signal: fc.constantFrom<SignalName>(
        'HUP',
        'TTIN',
        'TTIN',
        'TTOU',
        'TTOU',
        'USR1',
        'WINCH',
        'STOP',
        'CONT',
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('signal manager' as const),
      signal: fc.constantFrom<SignalName>('INT', 'TERM', 'QUIT', 'KILL'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('signal worker' as const),
      nth: fc.nat(5),
      signal: fc.constantFrom<SignalName>('KILL', 'TERM', 'INT', 'STOP', 'CONT'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('request' as const),
      target: fc.constantFrom('/', '/slow/1', '/busy/2', '/exit/0', '/exit/1', '/boom'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('ctrl-c' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      source: fc.constantFrom('', 'boot=raise', 'boot=exit1', 'boot=exit0', 'life=fail', 'life=slow1'),
    }),
  },
)

async function play(program: Program, workers: number, seed: number, lead: number, acts: readonly Act[]) {
  const machine = launched(settingsOf(program, workers), seed)
  const { kernel, manager } = machine
  const watch = watchers(machine)
  const runUntil = async (until: number) => {
    while ((kernel.nextAt() ?? Infinity) <= until) {
      await kernel.step()
      watch.look()
    }
    await kernel.runUntil(until)
  }
  await runUntil(lead)
  for (const each of acts) {
    switch (each.do) {
      case 'wait':
        await runUntil(kernel.now + each.ms)
        break
      case 'signal manager':
        kernel.signal(manager, each.signal)
        break
      case 'signal worker': {
        const living = machine.workers()
        const victim = living[each.nth % Math.max(1, living.length)]
        if (victim !== undefined) kernel.signal(victim.pid, each.signal)
        break
      }
      case 'request':
        kernel.request(
          { host: '127.0.0.1', port: 8080, method: 'GET', target: each.target, patience: 5000 },
          { onEnd: () => undefined },
        )
        break
      case 'ctrl-c':
        kernel.interrupt('server')
        break
      case 'edit':
        kernel.writeFile('main.js', each.source)
        break
    }
  }
  await runUntil(kernel.now + 40_000)
  return { ...machine, watch }
}

/** Looks at every event of the trace as it comes. */
function watchers({ kernel, manager, workers }: ReturnType<typeof launched>) {
  const told = new Set<number>()
  let most = 0
  let atExit: number | undefined
  const state = () => kernel.process(manager)?.manager?.state
  const look = () => {
    const now = state()
    if (now === undefined) return
    expect(wanted(now)).toBeGreaterThanOrEqual(1)
    const staying = workers().filter(({ pid }) => !told.has(pid)).length
    most = Math.max(most, staying - wanted(now))
  }
  kernel.subscribe((event) => {
    if (event.type === 'signalled' && event.from === manager && event.signal !== 'WINCH') told.add(event.pid)
    if (event.type === 'ended' && event.pid === manager && 'code' in event.status) atExit = workers().length
  })
  return {
    look,
    /** By how many the workers that nobody had told to go exceeded the wanted number at the worst. */
    excess: () => most,
    /** How many workers lived when the manager ended by its own decision. */
    leftAtExit: () => atExit,
  }
}

function wanted(state: ManagerState): number {
  if ('wanted' in state) return state.wanted
  return state.uvicorn?.wanted ?? state.settings.workers
}

const PROGRAMS: readonly Program[] = ['uvicorn', 'gunicorn', 'fastapi']

describe.each(PROGRAMS)('%s, whatever happens', (program) => {
  // Mostly the server is up when things begin to happen; sometimes it is still booting.
  const lead = fc.constantFrom(2000, 2000, 2000, 0, 300)
  const sequence = [
    fc.integer({ min: 1, max: 4 }),
    fc.nat(1e6),
    lead,
    fc.array(act, { maxLength: 14 }),
  ] as const
  const runs = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 150) }

  test('never has more workers than asked, but those being replaced, and TTOU never goes below one', async () => {
    await fc.assert(
      fc.asyncProperty(...sequence, async (...input) => {
        const { watch } = await play(program, ...input)
        // uvicorn boots one beside the worker that it is to replace; gunicorn has told the old ones when it rests.
        expect(watch.excess()).toBeLessThanOrEqual(program === 'gunicorn' ? 0 : 1)
      }),
      runs,
    )
  })

  test('leaves no worker behind when the manager ends by its own decision', async () => {
    await fc.assert(
      fc.asyncProperty(...sequence, async (...input) => {
        const { watch } = await play(program, ...input)
        expect(watch.leftAtExit() ?? 0).toBe(0)
      }),
      runs,
    )
  })

  test('reaps every process once', async () => {
    await fc.assert(
      fc.asyncProperty(...sequence, async (...input) => {
        const { kernel, manager } = await play(program, ...input)
        const ended = pids(kernel.trace, 'ended', kernel.now - 20)
        const reaped = pids(kernel.trace, 'reaped', kernel.now)
        expect(new Set(ended).size).toBe(ended.length)
        expect(new Set(reaped).size).toBe(reaped.length)
        // A manager that is itself stopped reaps nothing; whoever ended is a zombie then.
        const frozen = kernel.process(manager)?.frozen === true
        if (!frozen) expect(ended.filter((pid) => !reaped.includes(pid))).toEqual([])
      }),
      runs,
    )
  })

  test('does nothing while the manager is stopped', async () => {
    await fc.assert(
      fc.asyncProperty(...sequence, async (...input) => {
        const { kernel, manager } = await play(program, ...input)
        expect(deedsWhileStopped(kernel.trace, manager)).toEqual([])
      }),
      runs,
    )
  })
})

function pids(trace: readonly TraceEvent[], type: 'ended' | 'reaped', until: number): number[] {
  return trace.flatMap((event) => {
    const leaves = event.type === 'ended' || event.type === 'reaped'
    return leaves && event.type === type && event.at <= until ? [event.pid] : []
  })
}

function deedsWhileStopped(trace: readonly TraceEvent[], manager: number): TraceEvent[] {
  let stopped = false
  return trace.filter((event) => {
    if (event.type === 'stopped' && event.pid === manager) stopped = true
    if (event.type === 'continued' && event.pid === manager) stopped = false
    if (!stopped) return false
    const deed =
      (event.type === 'signalled' && event.from === manager) ||
      (event.type === 'forked' && event.ppid === manager) ||
      (event.type === 'output' && event.pid === manager)
    return deed
  })
}
