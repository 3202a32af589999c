import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Process } from '../../../../simulator/host/virtual/process.ts'
import { settingsOf } from '../machine.ts'
import { born, surroundings } from './support.ts'

const SIZE = { columns: 80, rows: 24, colors: 'truecolor' } as const
const QUESTION = { kind: 'bare', pid: 1, stream: 'stdout', text: 'which colours?' } as const

/** A terminal, and a way to start a program on it that notes the signals it gets. */
function terminals() {
  const parts = surroundings()
  parts.terminals.set('tty1', SIZE)
  const got: string[] = []
  const on = (terminal: string | undefined, more: Parameters<typeof born>[1] = {}): Process => {
    const process = born(parts.processes, {
      terminal,
      settings: settingsOf('uvicorn', 1),
      print: () => ({ stream: 'stdout', text: `${process.pid} asks\n` }),
      startOptions: { onSignal: (signal) => got.push(`${signal} to ${process.pid}`) > 0 },
      ...more,
    })
    return process
  }
  const shown = () =>
    parts.trace.events.flatMap((each) => (each.type === 'echo' || each.type === 'output' ? [each.text] : []))
  return { ...parts, on, got, shown }
}

test.each([
  ['wider', { ...SIZE, columns: 100 }, true],
  ['higher', { ...SIZE, rows: 40 }, false],
  ['the same', { ...SIZE }, false],
  ['with fewer colours', { ...SIZE, colors: '16' }, false],
] as const)('a terminal that is %s now: its foreground job hears of another width', (_, size, heard) => {
  const { got, on, terminals: all } = terminals()
  all.set('tty2', SIZE)
  on('tty2')
  const { pid } = on('tty1')
  all.set('tty1', size)
  expect(got).toEqual(heard ? [`WINCH to ${pid}`] : [])
  expect(all.size('tty1')).toEqual(size)
  expect(all.size('tty2')).toEqual(SIZE)
})

test('a terminal that opens tells nobody, and one that nobody opened has no size', () => {
  const { got, on, terminals: all } = terminals()
  on('tty3')
  expect([all.size('tty3'), all.size(undefined)]).toEqual([undefined, undefined])
  all.set('tty3', SIZE)
  expect(got).toEqual([])
})

test('keys are shown where they are typed, and reach the job there alone', () => {
  const { got, on, shown, terminals: all } = terminals()
  all.set('tty2', SIZE)
  on('tty1')
  const { pid } = on('tty2')
  for (const key of ['INT', 'TSTP', 'QUIT'] as const) all.press('tty2', key)
  expect(shown()).toEqual(['^C', '^Z', '^\\'])
  expect(got).toEqual([`INT to ${pid}`, `TSTP to ${pid}`, `QUIT to ${pid}`])
  all.press('tty9', 'INT')
  expect(got).toHaveLength(3)
})

test.each([
  ['a terminal answers in a moment', 'tty1', {}, true, 0.2, 2],
  [
    'one that knows no such question is given up after a second',
    'tty1',
    { answers: false },
    true,
    1000,
    1000,
  ],
  ['a pipe is not asked', undefined, {}, false, 0, 0],
  ['nor a terminal that nobody opened', 'tty9', {}, false, 0, 0],
])('%s', async (_, terminal, more, asked, least, most) => {
  const { clock, on, shown, terminals: all } = terminals()
  all.set('tty1', { ...SIZE, ...more })
  const process = on(terminal)
  const at: number[] = []
  all.ask(process, QUESTION, () => at.push(clock.now))
  expect(at).toEqual([])
  await clock.runUntil(5000)
  expect(at).toHaveLength(1)
  expect(at[0]).toBeGreaterThanOrEqual(least)
  expect(at[0]).toBeLessThanOrEqual(most)
  expect(shown()).toEqual(asked ? [`${process.pid} asks\n`] : [])
})

test('a process whose output goes into a file does not ask its terminal', async () => {
  const { clock, on, shown, terminals: all } = terminals()
  let answers = 0
  const process = on('tty1', { streams: { stdout: () => undefined } })
  all.ask(process, QUESTION, () => (answers += 1))
  await clock.runUntil(0)
  expect({ answers, shown: shown() }).toEqual({ answers: 1, shown: [] })
})

test('property: whoever asks and lives is answered once, in the order of asking, and no terminal waits for another', async () => {
  const asker = fc.record({
    terminal: fc.constantFrom('mute', 'tty1', 'tty2'),
    at: fc.integer({ min: 0, max: 3000 }),
    ends: fc.option(fc.integer({ min: 0, max: 3000 }), { nil: undefined }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(asker, { maxLength: 12 }), async (askers) => {
      const { clock, on, processes, terminals: all } = terminals()
      all.set('tty2', SIZE)
      all.set('mute', { ...SIZE, answers: false })
      const asked: number[] = []
      const answered: { index: number; at: number }[] = []
      for (const [index, { terminal, at, ends }] of askers.entries()) {
        const process = on(terminal)
        clock.schedule(at, () => {
          if (!process.alive) return
          asked.push(index)
          all.ask(process, QUESTION, () => answered.push({ index, at: clock.now }))
        })
        if (ends !== undefined) clock.schedule(ends, () => processes.end(process.pid, 0))
      }
      await clock.runUntil(100_000)
      for (const terminal of ['mute', 'tty1', 'tty2']) {
        const here = (index: number) => askers[index]?.terminal === terminal
        const answers = answered.filter(({ index }) => here(index)).map(({ index }) => index)
        expect(answers).toEqual(asked.filter(here).filter((index) => answers.includes(index)))
      }
      const lived = asked.filter((index) => askers[index]?.ends === undefined)
      expect(lived.every((index) => answered.some((each) => each.index === index))).toBe(true)
      expect(new Set(answered.map(({ index }) => index)).size).toBe(answered.length)
      for (const { index, at } of answered) {
        // At most each earlier question of the same terminal was in front of it.
        const { terminal, at: from } = askers[index] ?? { terminal: '', at: NaN }
        const before = askers.filter((each) => each.terminal === terminal && each.at <= from).length
        expect(at - from).toBeLessThanOrEqual(before * (terminal === 'mute' ? 1000 : 2) + 0.001)
      }
      expect(clock.pending).toBe(0)
    }),
    { numRuns: 60 },
  )
})
