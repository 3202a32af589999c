import { describe, expect, test } from 'vitest'
import { parseCommand } from '../../../simulator/command/index.ts'
import { scenario, SCENARIOS } from '../../../simulator/scenario/index.ts'
import { newMachine } from '../shell/terminal.ts'
import { Clients } from '../../../simulator/machine/clients/clients.ts'

const lab = scenario('server-workers')
const context = { env: {}, columns: 80, colors: false, words: { notYet: '{option}?' } }

test.each([lab.start, ...lab.offered.server])('%s is a command of its program', (line) => {
  const argv = line.split(' ')
  const program = argv[0]
  if (program !== 'uvicorn' && program !== 'gunicorn' && program !== 'fastapi') throw new Error(line)
  const parsed = parseCommand(argv, { ...context, speaks: lab.speaks[program] })
  expect(parsed).toMatchObject({ kind: 'run', settings: { workers: 4 } })
})

test('the application and its twin are there', () => {
  expect(Object.keys(lab.files)).toEqual(expect.arrayContaining([lab.app.file, lab.app.twin]))
})

test('every option that Tab offers is one that the program knows', () => {
  for (const program of ['uvicorn', 'gunicorn', 'fastapi'] as const) {
    for (const word of lab.completions[program] ?? []) {
      const words = word.split(' ')
      const app = program === 'fastapi' ? ['run', 'main.py'] : ['main:app']
      const options = words[0]?.startsWith('-') ? words : []
      const worker = program === 'gunicorn' ? ['--worker-class', 'uvicorn.workers.UvicornWorker'] : []
      const argv = [program, ...app, ...(options[0] === '--worker-class' ? [] : worker), ...options]
      const parsed = parseCommand(argv, { ...context, speaks: lab.speaks[program] })
      expect(parsed, word).toMatchObject({ kind: 'run' })
    }
  }
})

test('a name that is none is answered with those that are', () => {
  expect(() => scenario('nope')).toThrow(
    `There is no scenario "nope". There are: ${SCENARIOS.map(({ id }) => id).join(', ')}.`,
  )
})

describe('clients', () => {
  test('ask one after the other, and stop when they are turned off', async () => {
    const kernel = newMachine()
    const clients = new Clients(kernel, lab.clients, 1, () => ({ host: '127.0.0.1', port: 8080 }))
    clients.on = true
    await kernel.runUntil(5000)
    const asked = kernel.trace.filter(({ type }) => type === 'connected').length
    // Nobody listens: each is refused at once and pauses half a second on average.
    expect(asked).toBeGreaterThan(20)
    expect(asked).toBeLessThan(200)
    clients.on = false
    await kernel.runUntil(20_000)
    expect(kernel.trace.filter(({ type }) => type === 'connected')).toHaveLength(asked)
    expect(kernel.nextAt()).toBeUndefined()
  })

  test('wait while nobody knows where the server is', async () => {
    const kernel = newMachine()
    new Clients(kernel, lab.clients, 1, () => undefined).on = true
    await kernel.runUntil(5000)
    expect(kernel.trace).toEqual([])
  })
})
