import { expect, test } from 'vitest'
import { Output } from '../../../../simulator/host/virtual/output.ts'
import { born, bottom } from './support.ts'

function written() {
  const parts = bottom()
  const output = new Output(parts)
  const read: string[] = []
  output.readBy((process, text) => read.push(`${process.pid}: ${text}`))
  const events = () => parts.trace.events.filter(({ type }) => type === 'output')
  return { ...parts, output, read, events }
}

test('what goes to the terminal is read by the journal and shown', () => {
  const { events, output, processes, read } = written()
  const process = born(processes, { terminal: 'server' })
  output.write(process, 'stdout', 'hello\n')
  expect(read).toEqual([`${process.pid}: hello\n`])
  expect(events()).toMatchObject([
    { pid: process.pid, stream: 'stdout', text: 'hello\n', terminal: 'server' },
  ])
})

test('a redirected stream goes where it leads; the other one stays', () => {
  const { events, output, processes, read } = written()
  const file: string[] = []
  const process = born(processes, { terminal: 'server', streams: { stdout: (text) => file.push(text) } })
  output.write(process, 'stdout', 'to the file\n')
  output.write(process, 'stderr', 'to the screen\n')
  expect(file).toEqual(['to the file\n'])
  expect(read).toEqual([`${process.pid}: to the screen\n`])
  expect(events().map((event) => 'terminal' in event)).toEqual([false, true])
})

test('a program that is no server has no log', () => {
  const { events, output, processes, read } = written()
  output.log(born(processes), { kind: 'bare', pid: 1, stream: 'stdout', text: 'unsaid' })
  expect([read, events()]).toEqual([[], []])
})
