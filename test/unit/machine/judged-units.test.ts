/** Unit files judged as the real systemd-analyze judged them: the same sentences, the same exit code. */
import { expect, test } from 'vitest'
import recording from '../../recordings/units.json' with { type: 'json' }
import { UNITS, type JudgedUnit } from '../../recorder/units.ts'
import { machine } from './support.ts'

const FOLDER = '/etc/systemd/system'

/** What `systemd-analyze verify` says on the simulated machine. */
async function judged({ name, text, beside = {} }: JudgedUnit): Promise<{ said: string[]; status: number }> {
  const files = Object.entries({ ...beside, [name.replace(/@.*\./, '@.')]: text })
  const kernel = machine({
    files: Object.fromEntries(files.map(([file, content]) => [`${FOLDER}/${file}`, content])),
  })
  let shown = ''
  let status: number | undefined
  kernel.exec({
    argv: ['systemd-analyze', 'verify', name],
    env: {},
    streams: { stderr: (more) => (shown += more) },
    onEnd: (ended) => (status = 'code' in ended ? ended.code : -1),
  })
  await kernel.runUntil(1000)
  if (status === undefined) throw new Error('systemd-analyze has not ended')
  return { said: shown.split('\n').filter((line) => line !== ''), status }
}

test('the recording is of these units, and of enough', () => {
  expect(recording.units.map(({ about }) => about)).toEqual(UNITS.map(({ about }) => about))
  expect(UNITS.length).toBeGreaterThanOrEqual(40)
})

test.each(UNITS.map((unit, index) => ({ unit, original: recording.units[index] })))(
  '$unit.about',
  async ({ unit, original }) => {
    expect(await judged(unit)).toEqual({ said: original?.said, status: original?.status })
  },
)
