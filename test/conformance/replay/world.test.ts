import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BETTER_ON_NODE, onNode } from '../exceptions/better-on-node.ts'
import { DEFAULT_EDITIONS, everyRecording } from '../every.ts'
import { firstCut } from '../recording/first-cut.ts'
import { imitate } from './imitate.ts'
import { judge } from '../judge/judge.ts'
import { load } from '../recording/load.ts'
import type { Recorded } from '../recording/scenario.ts'
import { someSeed } from './seeds.ts'
import { Tape } from './tape.ts'
import { timingOf } from '../recording/timing.ts'
import { expectedOnNode, replay, type World } from './world.ts'

const named = (recorded: Recorded) => [`${recorded.program} ${recorded.name}`, recorded] as const

describe('replay does what was done while recording', () => {
  test.each(firstCut().map(named))('%s', async (_, recorded) => {
    for (const bytes of [false, true])
      for (const hurry of [false, true]) {
        const tape = new Tape(recorded, { bytes })
        const observed = await replay(recorded, tape, { hurry })
        expect(judge(recorded, observed)).toEqual({ same: true, report: '' })
        expect(tape.done.at(-1)).toBe('stop')
      }
  })

  test('the steps, in order, with the workers by their place in spawn order', async () => {
    const recorded = load('uvicorn', '0.51.0', 'kill9-master')
    const tape = new Tape(recorded, { bytes: false })
    await replay(recorded, tape)
    expect(tape.done).toEqual([
      'uvicorn main:app --host 0.0.0.0 --port 8080 --workers 4',
      'kill -KILL parent',
      'alive',
      'GET /',
      'kill -TERM 0',
      'alive',
      'stop',
    ])
  })

  test('which worker served, where the recording tells', async () => {
    const done = async (program: 'uvicorn' | 'gunicorn', version: string, name: string) => {
      const recorded = load(program, version, name)
      const tape = new Tape(recorded, { bytes: false })
      await replay(recorded, tape)
      return tape.done.filter((what) => what.startsWith('GET'))
    }
    expect(await done('uvicorn', '0.51.0', 'worker-exit-1')).toEqual(['GET /exit/1 (worker 2)'])
    expect(await done('gunicorn', '20.1.0', 'worker-exit-1')).toEqual(['GET /exit/1 (worker 3)'])
    expect(await done('gunicorn', '20.1.0', 'worker-exit-3')).toEqual(['GET /exit/3 (worker 0)'])
    expect(await done('gunicorn', '20.1.0', 'hung-busy-loop')).toEqual(['GET /busy/14 (worker 1)'])
    expect(await done('gunicorn', '20.1.0', 'inflight-term')).toEqual(['GET /slow/4 (worker 3)'])
    expect(await done('uvicorn', '0.51.0', 'inflight-term')).toEqual(['GET /slow/4'])
  })

  test('waits as long as recorded, or in a hurry a little', async () => {
    const recorded = load('uvicorn', '0.51.0', 'ttou-at-one')
    const slow = new Tape(recorded, { bytes: false })
    await replay(recorded, slow)
    const fast = new Tape(recorded, { bytes: false })
    await replay(recorded, fast, { hurry: true })
    const { steps } = timingOf(recorded)
    const quiet = steps.reduce((sum, step) => sum + step.quiet, 0)
    expect(slow.now()).toBeGreaterThan(quiet)
    expect(slow.now()).toBeLessThan(quiet + 1)
    expect(fast.now()).toBeLessThan(2)
  })

  test('ends when what was recorded does not come', async () => {
    const recorded = load('uvicorn', '0.51.0', 'ctrl-c')
    const tape = new Tape(load('uvicorn', '0.51.0', 'start-4'), { bytes: false })
    const observed = await replay(recorded, tape)
    expect(judge(recorded, observed).same).toBe(false)
    expect(tape.now()).toBeLessThan(30)
  })

  test('refuses what its driver cannot do, and stops what it started', async () => {
    const recorded = load('uvicorn', '0.51.0', 'resize')
    const tape = new Tape(recorded, { bytes: false })
    Object.defineProperty(tape, 'resize', { value: undefined })
    await expect(replay(recorded, tape)).rejects.toThrow("cannot do the step 'resize' yet")
    expect(tape.done.at(-1)).toBe('stop')
  })
})

describe('real processes at another place', () => {
  test('port, folder and file are those of the place, in the command and in the lines', () => {
    const place = { port: 8123, directory: '/tmp/a1/shop', file: 'main.js' }
    const uvicorn = expectedOnNode(load('uvicorn', '0.51.0', 'start-4'), place)
    expect(uvicorn.command).toBe('uvicorn main:app --host 0.0.0.0 --port 8123 --workers 4')
    expect(uvicorn.lines).toContain(
      String.raw`\e[32mINFO\e[0m:     Uvicorn running on \e[1mhttp://0.0.0.0:8123\e[0m (Press CTRL+C to quit)`,
    )
    const gunicorn = expectedOnNode(load('gunicorn', '20.1.0', 'port-in-use'), place)
    expect(gunicorn.command).toContain('--bind 0.0.0.0:8123')
    expect(gunicorn.lines).toContain("[<ts>] [<parent>] [ERROR] Can't connect to ('0.0.0.0', 8123)")
    const fastapi = expectedOnNode(load('fastapi', '0.0.7', 'start-4'), place)
    expect(fastapi.command).toBe('fastapi run --port 8123 --workers 4 main.js')
    const lines = (fastapi.lines as readonly string[]).join('\n')
    expect(lines).toContain(String.raw`Importing from \e[35m/tmp/a1/\e[0m\e[95mshop\e[0m`)
    expect(lines).toContain('🐍 main.js')
    expect(lines).toContain(String.raw`http://0.0.0.0:8123/docs\e[0m`)
    expect(lines).not.toContain(':8000')
  })

  test('a place where fastapi-cli would wrap otherwise is refused', () => {
    const recorded = load('fastapi', '0.0.7', 'start-4')
    expect(() => expectedOnNode(recorded, { port: 41_234 })).toThrow('take a port of four digits')
    expect(() => expectedOnNode(recorded, { directory: `/tmp/${'x'.repeat(60)}` })).toThrow(
      'take a shorter folder',
    )
  })

  test('no worker outlives its manager', () => {
    for (const recorded of firstCut(['kill9-master'])) {
      const node = expectedOnNode(recorded, {})
      expect(node.steps.flatMap((step) => (step.do === 'alive' ? [step.workers] : []))).toEqual([[], []])
      expect(node.steps.find((step) => step.do === 'get')).toMatchObject({ result: 'connection refused' })
      const text = (node.lines as readonly string[]).join('\n')
      expect(text.match(/Application startup complete/g)).toHaveLength(4)
      expect(text).not.toContain('Shutting down')
    }
  })
})

describe('every way in which Node is better', () => {
  const guide = readFileSync('content/docs/run.mdx', 'utf8')
  const words = JSON.parse(readFileSync('simulator/host/node/output/words/en.json', 'utf8')) as object
  const rows = BETTER_ON_NODE.map((entry) => [entry.id, entry] as const)

  test.each(rows)('%s: the command says so in one line, the guide too, and a test shows it', (_, entry) => {
    const line = entry.said
      .split('.')
      .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], words)
    expect(line).toEqual(expect.stringMatching(/^\S.*$/))
    expect(guide).toContain(entry.guide)
    expect(existsSync(join('test/node', entry.shown))).toBe(true)
  })

  test.each(rows.filter(([, { recordings }]) => recordings))(
    '%s: some recording needs it',
    (id, { recordings }) => {
      const concerned = [...firstCut(), ...everyRecording(DEFAULT_EDITIONS)].filter((recorded) =>
        recordings?.apply(recorded),
      )
      expect(concerned, id).not.toEqual([])
      for (const recorded of concerned)
        expect(judge(onNode(recorded), imitate(recorded)).same, id).toBe(false)
    },
  )
})

describe('some seed gives the recorded outcome', () => {
  const recorded = load('uvicorn', '0.51.0', 'ttin')
  const world = (right: number): World => ({
    run: async (_, { seed }) => {
      const other = load('uvicorn', '0.51.0', seed === right ? 'ttin' : 'ttou')
      return replay(recorded, new Tape(other, { bytes: false }))
    },
  })

  test('the first such seed is found', async () => {
    expect(await someSeed(recorded, world(3), { seeds: 5 })).toMatchObject({ same: true, seed: 3, tried: 3 })
  })

  test('else the nearest outcome is reported', async () => {
    const found = await someSeed(recorded, world(9), { seeds: 2 })
    expect(found.same).toBe(false)
    expect(found.report).toContain('no seed from 1 to 2 gives the recorded outcome')
    expect(found.report).toContain('uvicorn 0.51.0 ttin: not as recorded.')
  })
})
