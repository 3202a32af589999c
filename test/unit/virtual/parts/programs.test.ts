import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Installed } from '../../../../simulator/host/virtual/installed.ts'
import { Programs } from '../../../../simulator/host/virtual/programs.ts'
import type { MachineShell, OwnProcess } from '../../../../simulator/machine/machine-shell.ts'
import type { ExecOptions, System } from '../../../../simulator/machine/system.ts'
import type { ExitStatus } from '../../../../simulator/manager/machine.ts'
import { serving } from './support.ts'

/** Programs, and an interpreter that knows `say`, `wait` and `guard`: it prints its words, and waits for a signal or for its end. */
function programs() {
  const parts = serving({ 'main.js': '', 'migrate.py': '' })
  const installed = new Installed(parts.trace, { gunicorn: '20.1.0' })
  const made = new Programs({ ...parts, installed })
  const ran: OwnProcess[] = []
  const heard: string[] = []
  const shell: MachineShell = {
    find: (_, [name = '']) => (['say', 'wait', 'guard'].includes(name) ? 'there' : 'ENOENT'),
    run(_, process) {
      ran.push(process)
      const [name, ...words] = process.argv
      process.write('stdout', `${words.join(' ')}\n`)
      if (name === 'say') parts.processes.end(process.pid, words.length)
      return {
        onSignal: (signal) => name === 'guard' && heard.push(signal) > 0,
        onStop: () => void heard.push('stopped'),
        onContinue: () => void heard.push('goes on'),
        onEnd: () => void heard.push('ended'),
      }
    },
  }
  // This interpreter asks nothing of the system.
  made.interpreter = { shell, system: {} as System }
  const ends: ExitStatus[] = []
  const run = (line: string, more: Partial<ExecOptions> & { unit?: string } = {}) =>
    made.run({ argv: line.split(' '), env: {}, onEnd: (status) => ends.push(status), ...more })
  const text = () => parts.trace.events.map((each) => (each.type === 'output' ? each.text : '')).join('')
  const wait = (ms: number) => parts.clock.runUntil(parts.clock.now + ms)
  return { ...parts, installed, programs: made, ran, heard, ends, run, text, wait }
}

test('what nobody knows is not found, and no process begins', () => {
  const { processes, programs: made, run } = programs()
  expect([run('nothing'), run(''), made.run({ argv: [], env: {} })]).toEqual(Array(3).fill('not-found'))
  made.interpreter = undefined
  expect(run('say hello')).toBe('not-found')
  expect(processes.all()).toEqual([])
})

test.each([
  ['uvicorn main:app --port 9000', 'uvicorn main:app --port 9000'],
  ['/usr/local/bin/gunicorn -b :9000 main:app', '/usr/local/bin/gunicorn -b :9000 main:app'],
  ['fastapi run --port 9000', 'fastapi run --port 9000'],
])('%s is a server', async (line, command) => {
  const { network, processes, run, wait } = programs()
  const pid = run(line) as number
  await wait(4000)
  expect(processes.get(pid)).toMatchObject({ kind: 'manager', command })
  expect(network.listeners.all().map(({ bind }) => bind.kind === 'tcp' && bind.port)).toEqual([9000])
})

test('a server is the version that is installed when it starts', async () => {
  const { installed, run, text, wait } = programs()
  run('gunicorn -b :9000 main:app')
  await wait(1000)
  installed.install('gunicorn', '26.1.0')
  run('gunicorn -b :9001 main:app')
  await wait(1000)
  expect(text().match(/Starting gunicorn [\d.]+/g)).toEqual([
    'Starting gunicorn 20.1.0',
    'Starting gunicorn 26.1.0',
  ])
})

test('a wrong command line is a process that says so and ends', async () => {
  const { ends, processes, run, text, wait } = programs()
  run('uvicorn --workers none main:app')
  run('gunicorn --no-such-option')
  await wait(100)
  expect(ends).toEqual([{ code: 2 }, { code: 2 }])
  expect(text()).toContain("'none' is not a valid integer")
  expect(text()).toContain('gunicorn: error: unrecognized arguments: --no-such-option')
  expect(processes.all()).toEqual([])
})

test.each([
  ['python migrate.py', 0, 'migrate: '],
  ['python3 other.py', 2, "can't open file '/srv/app/other.py'"],
  ['python', 2, "can't open file"],
  ['alembic upgrade head', 0, 'Running upgrade'],
  ['alembic', 2, 'usage'],
])('%s ends with %i', async (line, code, said) => {
  const { ends, run, text, wait } = programs()
  run(line)
  await wait(60_000)
  expect(ends).toEqual([{ code }])
  expect(text()).toContain(said)
})

test('the interpreter is given the process that it runs in, and what it writes is of that process', async () => {
  const { ends, ran, run, trace, wait } = programs()
  const parent = run('wait', { env: { A: '1' }, unit: 'web.service' }) as number
  const pid = run('say hello there', { ppid: parent, group: parent }) as number
  expect(ran).toEqual([])
  await wait(10)
  expect(ran.at(-1)).toMatchObject({ pid, group: parent, argv: ['say', 'hello', 'there'], cwd: '/srv/app' })
  expect(
    trace.events.flatMap((each) => (each.type === 'output' && each.pid === pid ? [each.text] : [])),
  ).toEqual(['hello there\n'])
  expect(ends).toEqual([{ code: 2 }])
})

test('signals are for the program first, and its end is told to it and to who started it, once', async () => {
  const { ends, heard, run, signals, wait } = programs()
  const [guard, simple] = [run('guard') as number, run('wait') as number]
  await wait(10)
  for (const signal of ['TERM', 'STOP', 'CONT'] as const) signals.send(guard, signal)
  signals.send(simple, 'TERM')
  await wait(10)
  expect(heard).toEqual(['TERM', 'stopped', 'goes on', 'ended'])
  expect(ends).toEqual([{ signal: 'TERM' }])
  signals.send(guard, 'KILL')
  signals.send(guard, 'KILL')
  expect([heard.length, ends.length]).toEqual([5, 2])
})

test('what was killed before it began does not run, and nothing is written for a child that has ended', async () => {
  const { heard, processes, ran, run, signals, text, wait } = programs()
  signals.send(run('guard never') as number, 'KILL')
  await wait(10)
  expect([ran, heard, text()]).toEqual([[], [], ''])
  run('wait here')
  await wait(10)
  const child = processes.begin('child')
  ran[0]?.write('stdout', 'by the child\n', child)
  processes.end(child, 0)
  ran[0]?.write('stdout', 'too late\n', child)
  expect(text()).toBe('here\nby the child\n')
})

test('property: whatever is typed and whenever it is killed, a program has one process and ends once', async () => {
  const word = fc.constantFrom(
    'uvicorn',
    'gunicorn',
    'fastapi',
    'python',
    'say',
    'wait',
    'run',
    'main:app',
    'migrate.py',
    '-w',
    '2',
    '--help',
    '',
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(word, { maxLength: 5 }),
      fc.integer({ min: 0, max: 3000 }),
      async (words, killed) => {
        const { ends, processes, run, signals, wait } = programs()
        const pid = run(words.join(' '))
        await wait(killed)
        if (pid === 'not-found') expect(processes.all()).toEqual([])
        else signals.send(pid, 'KILL')
        await wait(120_000)
        expect(ends).toHaveLength(pid === 'not-found' ? 0 : 1)
      },
    ),
    { numRuns: 60 },
  )
})
