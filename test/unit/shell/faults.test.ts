/** A fault of the simulator itself: the command that met it ends with a sentence, and the machine goes on. */
import { expect, test, vi } from 'vitest'
import english from '../../../content/lab/en.json' with { type: 'json' }
import { Kernel } from '../../../simulator/host/virtual/kernel.ts'
import { scripted } from '../../../simulator/host/virtual/scripted.ts'
import { stripAnsi } from '../../../simulator/terminal/index.ts'
import { Desk } from '../../../simulator/shell/desk/index.ts'

const SETTINGS = {
  machine: {
    cores: 4,
    memory: 930_000_000,
    seed: 7,
    versions: { uvicorn: '0.51.0', gunicorn: '20.1.0', fastapi: '0.0.32' },
  },
  clients: { clients: 1, method: 'GET', target: '/', pause: [150, 900], patience: 10_000 },
} as const

const FAULT = new RangeError('Invalid string length')

function withNet() {
  const heard: unknown[] = []
  let shown = ''
  const kernel = new Kernel({ seed: 7, factory: scripted, onFault: (error) => desk.fault(error) })
  const desk = new Desk(kernel, SETTINGS, {
    words: english.shell,
    onScreen: (_, text) => (shown += text),
    onFault: (error) => heard.push(error),
  })
  kernel.subscribe((event) => desk.take(event))
  desk.apply({ type: 'open', terminal: 'server', columns: 120 })
  const line = (text: string): void => desk.apply({ type: 'line', terminal: 'server', text })
  return { kernel, desk, heard, line, shown: () => stripAnsi(shown) }
}

const SENTENCE = `# ${english.shell.failed.replace('{reason}', FAULT.message)}\n`

test('one in an event ends the command in the foreground, and time goes on', async () => {
  const { kernel, heard, line, shown } = withNet()
  line('sleep 60')
  kernel.after(1000, () => {
    throw FAULT
  })
  await kernel.runUntil(2000)
  expect(heard).toEqual([FAULT])
  expect(shown()).toContain(SENTENCE)
  line('echo still here')
  expect(shown()).toContain('\nstill here\n')
  expect(kernel.now).toBe(2000)
  expect(kernel.processes().map(({ command }) => command)).not.toContain('sleep 60')
})

test('one in work that is awaited does so too', async () => {
  const { kernel, heard, line, shown } = withNet()
  line('sleep 60')
  kernel.after(1000, () => Promise.reject(FAULT))
  await kernel.runUntil(2000)
  expect(heard).toEqual([FAULT])
  expect(shown()).toContain(SENTENCE)
})

test('one in what is typed gives the prompt back', () => {
  const { kernel, heard, line, shown } = withNet()
  const reading = vi.spyOn(kernel, 'readFile').mockImplementation(() => {
    throw FAULT
  })
  line('echo $(< notes.txt) < notes.txt')
  reading.mockRestore()
  expect(heard).toEqual([FAULT])
  expect(shown()).toContain(SENTENCE)
  line('echo still here')
  expect(shown()).toContain('\nstill here\n')
})

test('without a net whoever moves the time gets it', async () => {
  const kernel = new Kernel({ seed: 7, factory: scripted })
  kernel.after(1, () => {
    throw FAULT
  })
  await expect(kernel.runUntil(10)).rejects.toBe(FAULT)
})

test('a time that is no number is refused: it would be the end of all time', () => {
  const kernel = new Kernel({ seed: 7, factory: scripted })
  expect(() => kernel.after(NaN, () => undefined)).toThrow('a virtual time was expected, but it was NaN')
})
