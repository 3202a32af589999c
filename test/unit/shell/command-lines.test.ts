/** Command lines answered as Debian's bash and tools answered them: the same text, the same status. */
import { expect, test } from 'vitest'
import recording from '../../recordings/command-lines.json' with { type: 'json' }
import type { ExitStatus } from '../../../simulator/manager/machine.ts'
import { DIFFERENT } from '../../conformance/exceptions/command-lines.ts'
import { FILES, LINES } from '../../recorder/command-lines.ts'
import { machine } from '../machine/support.ts'

async function ours(line: string): Promise<{ shown: string; status: ExitStatus | undefined }> {
  const kernel = machine({ files: FILES })
  kernel.removeFile('main.js')
  let status: ExitStatus | undefined
  let shown = ''
  const write = (more: string): void => {
    shown += more
  }
  kernel.exec({
    argv: ['bash', '-c', line],
    env: { HOME: '/home/user' },
    streams: { stdout: write, stderr: write },
    onEnd: (ended) => (status = ended),
  })
  await kernel.runUntil(20_000)
  return { shown, status }
}

test('the recording is of these lines', () => {
  expect(recording.lines.map(({ line }) => line)).toEqual(LINES)
})

test.each(recording.lines)('$line', async ({ line, shown, status }) => {
  const answer = await ours(line)
  const original = { shown, status: { code: status } }
  // An exception that is no longer needed is taken out of the table.
  if (DIFFERENT.has(line)) expect(answer).not.toEqual(original)
  else expect(answer).toEqual(original)
})

test('nineteen lines of twenty are answered as in life', () => {
  expect([...DIFFERENT.keys()].filter((line) => !LINES.includes(line))).toEqual([])
  expect(DIFFERENT.size / LINES.length).toBeLessThanOrEqual(0.05)
})
