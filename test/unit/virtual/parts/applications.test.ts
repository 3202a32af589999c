import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Applications } from '../../../../simulator/host/virtual/applications.ts'
import type { GuestInput, GuestSpec, GuestTurn } from '../../../../simulator/host/virtual/guest.ts'
import type { AppError } from '../../../../simulator/manager/machine.ts'
import { born, surroundings } from './support.ts'

const APP = { typed: 'main:app', module: 'main', attribute: 'app' }

/** Applications whose code does in each turn what `code` says. */
function applications(
  code: (input: GuestInput) => GuestTurn = () => ({ acts: [{ type: 'imported', after: 0 }], cpu: 0 }),
  runtime: 'javascript' | 'python' = 'javascript',
) {
  const parts = surroundings({ 'main.js': 'one', 'main.py': 'py', 'shop/api.js': 'two' })
  const made: GuestSpec[] = []
  const heard: string[] = []
  const factory = Object.assign(
    (spec: GuestSpec) => {
      made.push(spec)
      return {
        turn(input: GuestInput) {
          heard.push(`${spec.pid} ${input.type} at ${input.now}`)
          return code(input)
        },
        end: () => void heard.push(`${spec.pid} ends`),
      }
    },
    {
      prepare: (pid: number) => void heard.push(`prepare ${pid}`),
      forget: (pid: number) => void heard.push(`forget ${pid}`),
    },
  )
  const apps = new Applications({ ...parts, factory, runtime })
  parts.processes.watch({ stopped: (process) => apps.ended(process) })
  const process = (more: Parameters<typeof born>[1] = {}) => born(parts.processes, more)
  return { ...parts, apps, made, heard, process }
}

test('the file of a module is that of the language which runs here', () => {
  const { apps, cwd } = applications()
  expect(['main.js', 'main.py', 'api.js'].map((path) => apps.source(path, cwd))).toEqual([
    'one',
    'one',
    undefined,
  ])
  const { apps: python } = applications(undefined, 'python')
  expect(['main.js', 'main.py'].map((path) => python.source(path, cwd))).toEqual([undefined, 'py'])
})

test('a module is made for the process that asks; one that is not there is not made', () => {
  const { apps, made, process } = applications()
  const one = process({ env: { A: '1' }, command: 'uvicorn shop.api:app' })
  const target = { typed: 'shop.api:app', module: 'shop.api', attribute: 'app' }
  expect(apps.make(one, target)).toBeDefined()
  expect(apps.make(one, { ...target, module: 'api' })).toBeUndefined()
  expect(made).toMatchObject([{ pid: one.pid, file: 'shop/api.js', source: 'two', env: { A: '1' }, target }])
  expect(made[0]?.argv).toEqual(['uvicorn', 'shop.api:app'])
})

test('what a master has imported its workers have as it was then; others read the file; with the master it is forgotten', () => {
  const { apps, files, made, process, processes } = applications()
  const [master, other] = [process({ kind: 'manager' }), process({ kind: 'manager' })]
  void apps.preload(master, APP, () => undefined)
  files.write('main.js', 'new')
  const own = process({ kind: 'worker', ppid: master.pid })
  const foreign = process({ kind: 'worker', ppid: other.pid })
  expect([apps.isPreloaded(own), apps.isPreloaded(foreign), apps.isPreloaded(master)]).toEqual([
    true,
    false,
    false,
  ])
  for (const each of [own, foreign]) apps.make(each, APP)
  expect(made.slice(-2).map(({ source }) => source)).toEqual(['one', 'new'])
  processes.terminate(master, { signal: 'KILL' })
  expect(apps.isPreloaded({ ...own, ppid: master.pid })).toBe(false)
})

test('the host hears who will need code, and who will not any more', () => {
  const { apps, heard, process, processes } = applications()
  const one = process()
  apps.prepare(one)
  processes.end(one.pid, 0)
  expect(heard).toEqual([`prepare ${one.pid}`, `forget ${one.pid}`])
})

test.each([
  ['imported', { type: 'imported', after: 0 }, undefined],
  [
    'raised',
    { type: 'import-failed', after: 0, error: { kind: 'no-attribute', module: 'main', attribute: 'app' } },
    'no-attribute',
  ],
  ['crashed', { type: 'crashed', after: 0, raised: { name: 'Error', message: 'x', frames: [] } }, 'raised'],
] as const)(
  'an import that comes to an end (%s) is told once, and the code is let go',
  async (_, act, kind) => {
    const { apps, clock, heard, process } = applications(() => ({ acts: [act], cpu: 0 }))
    const one = process()
    const errors: (AppError | undefined)[] = []
    void apps.importOnce(one, APP, (error) => errors.push(error))
    await clock.runUntil(1000)
    expect(errors.map((error) => error?.kind)).toEqual([kind])
    expect(heard).toEqual([`${one.pid} import at 0`, `${one.pid} ends`])
  },
)

test('an import may exit its process, and of a module that is not there nothing is made', async () => {
  const { apps, clock, made, process } = applications(() => ({
    acts: [{ type: 'exit', code: 3, after: 0 }],
    cpu: 0,
  }))
  const errors: (AppError | undefined)[] = []
  void apps.importOnce(process(), { ...APP, module: 'gone' }, (error) => errors.push(error))
  expect([errors, made]).toEqual([[{ kind: 'no-module', module: 'gone' }], []])
  let code: unknown
  const one = process({ onEnd: (status) => (code = status) })
  void apps.importOnce(one, APP, (error) => errors.push(error))
  await clock.runUntil(1000)
  expect([code, errors.length]).toEqual([{ code: 3 }, 1])
})

test('an import that computes takes its time and a core', async () => {
  const { apps, clock, cores, process } = applications(() => ({
    acts: [{ type: 'imported', after: 400 }],
    cpu: 400,
  }))
  const one = process()
  let at = NaN
  void apps.importOnce(one, APP, () => (at = clock.now))
  await clock.runUntil(1000)
  expect([at, cores.usedBy(one)]).toEqual([400, 400])
})

test('an import that waits goes on when its timer rings, not while the process is stopped', async () => {
  const { apps, clock, process, signals } = applications((input) =>
    input.type === 'wake'
      ? { acts: [{ type: 'imported', after: 0 }], cpu: 0 }
      : { acts: [], cpu: 0, wakeAt: input.now + 100 },
  )
  const [free, stopped] = [process(), process()]
  const done: string[] = []
  for (const [name, each] of [
    ['free', free],
    ['stopped', stopped],
  ] as const)
    void apps.importOnce(each, APP, () => done.push(`${name} at ${clock.now}`))
  signals.send(stopped.pid, 'STOP')
  await clock.runUntil(500)
  expect(done).toEqual(['free at 100'])
  signals.send(stopped.pid, 'CONT')
  await clock.runUntil(600)
  expect(done).toEqual(['free at 100', 'stopped at 500'])
})

test('property: code of a process that has ended gets no turn any more, whatever it waited for', async () => {
  const kinds = fc.constantFrom('wake', 'call', 'compute')
  await fc.assert(
    fc.asyncProperty(kinds, fc.integer({ min: 0, max: 120 }), async (kind, end) => {
      const { apps, clock, heard, process, processes } = applications((input) =>
        kind === 'wake'
          ? { acts: [], cpu: 0, wakeAt: input.now + 50 }
          : kind === 'compute'
            ? { acts: [{ type: 'imported', after: 100 }], cpu: 100 }
            : { acts: [{ type: 'call', call: 1, method: 'store.get', args: ['a'], after: 0 }], cpu: 0 },
      )
      const one = process()
      let done = 0
      void apps.importOnce(one, APP, () => (done += 1))
      await clock.runUntil(end)
      const over = done
      processes.end(one.pid, 0)
      const before = heard.length
      await clock.runUntil(1000)
      expect([heard.slice(before), done - over]).toEqual([[], 0])
    }),
    { numRuns: 60 },
  )
})
