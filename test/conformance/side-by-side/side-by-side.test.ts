import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { stripAnsi, width } from '../../../simulator/terminal/index.ts'
import { everyRecording } from '../every.ts'
import { FIRST_EDITIONS } from '../recording/first-cut.ts'
import { imitate, PARENT } from '../replay/imitate.ts'
import { load } from '../recording/load.ts'
import type { ObservedLine } from '../recording/observed.ts'
import type { Recorded } from '../recording/scenario.ts'
import { layout, legend, type Item } from './layout.ts'
import { longestCommon } from './longest-common.ts'
import { Misused, readOptions } from './options.ts'
import { pair, type Mark } from './pair.ts'
import { withSteps } from './steps.ts'

const NAMES = [
  'start-4',
  'start-4-pipe',
  'hup',
  'hup-broken-code',
  'ctrl-c',
  'requests',
  'lifespan-fail',
  'ttou-at-one',
]

describe('a run that shows what was recorded', () => {
  test.each(everyRecording(FIRST_EDITIONS, NAMES))('$program $version $name: no difference', (recorded) => {
    const rows = pair(recorded, imitate(recorded), false)
    expect(rows.filter(({ mark }) => mark !== 'same' && mark !== 'left out')).toEqual([])
    for (const { mark, recorded: theirs, ours } of rows) if (mark === 'same') expect(ours).toBe(theirs)
  })
})

describe('differences', () => {
  const recorded = load('uvicorn', '0.51.0', 'kill9-worker')
  const run = imitate(recorded)

  const marksOf = (change: (lines: ObservedLine[]) => readonly ObservedLine[], same = false) =>
    pair(recorded, { ...run, lines: change([...run.lines]) }, same)
      .filter(({ mark }) => mark !== 'same')
      .map(({ mark, recorded: theirs, ours }) => ({ mark, theirs, ours }))
  const died = run.lines.findIndex(({ text }) => text.includes('died'))
  const line = run.lines[died]
  if (line === undefined) throw new Error('the recording has no such line')
  const text = '\\e[32mINFO\\e[0m:     Child process [<w3>] died'

  test('a line that is missing', () => {
    expect(marksOf((lines) => lines.toSpliced(died, 1))).toEqual([
      { mark: 'recorded', theirs: expect.stringMatching(/died$/) as unknown },
    ])
  })

  test('a line too many stands behind what its process said before', () => {
    const more = { ...line, text: `one more of ${PARENT}` }
    const lines = run.lines.toSpliced(died + 1, 0, more)
    const rows = pair(recorded, { ...run, lines }, false)
    const at = rows.findIndex(({ mark }) => mark === 'ours')
    expect(rows[at]).toMatchObject({ ours: 'one more of <parent>' })
    expect(rows[at - 1]?.recorded).toMatch(/died$/)
  })

  test('other colours', () => {
    const changed = marksOf((lines) => lines.with(died, { ...line, text: line.text.replace('[32m', '[31m') }))
    expect(changed).toMatchObject([{ mark: 'colours' }])
    expect(changed[0]?.ours).toBe(changed[0]?.theirs?.replace('\\e[32m', '\\e[31m'))
  })

  test('another order in one process; of different processes it is no difference', () => {
    const swapped = (lines: ObservedLine[], a: number, b: number) => {
      const [one, other] = [lines[a], lines[b]]
      return one && other ? lines.with(a, other).with(b, one) : lines
    }
    const before = run.lines.findLastIndex(({ pid }, i) => i < died && pid === PARENT)
    const after = run.lines.findIndex(({ pid }, i) => i > died && pid !== PARENT)
    expect(marksOf((lines) => swapped(lines, before, died)).map(({ mark }) => mark)).toEqual(['order'])
    expect(marksOf((lines) => swapped(lines, before, died), true)).toEqual([])
    expect(marksOf((lines) => swapped(lines, died, after))).toEqual([])
  })

  test('are named as in the recording', () => {
    const other = marksOf((lines) => lines.with(died, { ...line, text: `${line.text}!` }))
    const pids = other.map(({ ours }) => ours).filter((ours) => ours !== undefined)
    expect(pids).toHaveLength(1)
    expect(pids[0]).toBe(`${other.find(({ theirs }) => theirs !== undefined)?.theirs ?? text}!`)
  })
})

describe('steps', () => {
  const shown = (recorded: Recorded) =>
    withSteps(pair(recorded, imitate(recorded), true), recorded).map((item) =>
      'done' in item ? `> ${item.done}` : (item.recorded ?? ''),
    )

  test('stand where they were done', () => {
    const items = shown(load('gunicorn', '20.1.0', 'hup'))
    const at = items.indexOf('> kill -HUP <parent>')
    expect(items[at + 1]).toBe('[<ts>] [<parent>] [INFO] Handling signal: hup')
    expect(items.at(-1)).toBe('> alive: master alive; workers: <w5> <w6> <w7> <w8>')
  })

  test('a key comes before its echo', () => {
    const items = shown(load('uvicorn', '0.51.0', 'ctrl-c'))
    expect(items[items.indexOf('> press Ctrl+C') + 1]).toBe('^C')
  })

  test('come first where streams were kept apart', () => {
    expect(shown(load('uvicorn', '0.51.0', 'start-4-pipe')).slice(0, 2)).toEqual([
      '> GET / → 200',
      '> kill -TERM <parent>',
    ])
  })
})

describe('the page', () => {
  const row = (mark: Mark, recorded?: string, ours?: string): Item => ({
    mark,
    lines: 0,
    ...(recorded === undefined ? {} : { recorded }),
    ...(ours === undefined ? {} : { ours }),
  })
  const items = [
    row('same', '\\e[32mINFO\\e[0m: 데이터베이스 주소가 없습니다 ⚡️ '.repeat(4), 'x'),
    { done: 'kill -HUP <parent>' },
    row('recorded', 'gone'),
    row('ours', undefined, 'more'),
    row('colours', '\\e[32ma\\e[0m', '\\e[31ma\\e[0m'),
    row('left out', 'frame 1'),
    row('left out', 'frame 2'),
    row('left out', undefined, 'at x.js:1'),
  ]

  test.each([181, 120, 80, 40, 30])('at %i columns nothing is wider', (columns) => {
    for (const colors of [true, false]) {
      for (const line of layout(items, { columns, colors })) {
        expect(width(stripAnsi(line))).toBeLessThanOrEqual(columns)
        if (!colors) expect(line).toBe(stripAnsi(line))
      }
    }
  })

  test('two columns with a sign in front', () => {
    const lines = layout(items, { columns: 121, colors: false }).slice(-5)
    const side = 58
    expect(lines.map((line) => line.replace(/─+$/, '─'))).toEqual([
      '── kill -HUP <parent> ─',
      `- ${'gone'.padEnd(side)} │`,
      `+ ${''.padEnd(side)} │ more`,
      `≠ ${'␛[32ma␛[0m'.padEnd(side)} │ ␛[31ma␛[0m`,
      `· ${'(2 lines not compared)'.padEnd(side)} │ (1 line not compared)`,
    ])
  })

  test('on a narrow page below each other', () => {
    expect(layout(items, { columns: 60, colors: false }).slice(-6)).toEqual([
      '- gone',
      '+ more',
      '- ␛[32ma␛[0m',
      '+ ␛[31ma␛[0m',
      '- (2 lines not compared)',
      '· (1 line not compared)',
    ])
  })

  test('questions to the terminal can be seen', () => {
    const asked = [row('same', '\\e]11;?\\e\\\\e]10;?\\e\\ \\e[36m▕\\e[0m  up', '')]
    expect(layout(asked, { columns: 121, colors: false }).at(-1)).toMatch(
      /^ {2}⟨background\?⟩⟨foreground\?⟩ ▕ {2}up +│$/,
    )
  })

  test('only the signs that were used are explained', () => {
    const page = { columns: 80, colors: false }
    expect(legend([row('same', 'a', 'a'), row('ours', undefined, 'b')] as never, page)).toEqual([
      '+ only in ours',
    ])
  })
})

describe('what may be asked', () => {
  test.each<[string, RegExp]>([
    ['', /^expected an edition and a scenario\.\n\nusage: npm run compare/],
    [
      'gunicorn-1 hup',
      /^'gunicorn-1' was not recorded\. Recorded are[^]*:\n {2}gunicorn-[^]* uvicorn-0\.51\.0/,
    ],
    ['uvicorn-0.30.7 hup', /Did you mean uvicorn-0\.30\.6\? Recorded are[^]*:\n {2}uvicorn-0\.30\.6 /],
    [
      'gunicorn-20.1.0',
      /^expected a scenario behind the edition; recorded of gunicorn-20\.1\.0 are:\n[^]* hup /,
    ],
    ['gunicorn-20.1.0 huup', /^'huup' was not recorded\. Did you mean hup\? Recorded of [^]*:\n {2}hup /],
    [
      'uvicorn-0.17.6 usr2',
      /^'usr2' was not recorded of uvicorn-0\.17\.6, but of gunicorn-20\.1\.0, gunicorn-26/,
    ],
    ['uvicorn 0.51.0 hup', /Try: npm run compare -- uvicorn-0\.51\.0 hup$/],
    ['gunicorn-20.1.0 bad-arguments', /is no scenario/],
    ['gunicorn-20.1.0 hup ttin', /got 'ttin' as well/],
    ['gunicorn-20.1.0 hup --seed 0', /expected a whole number from 1 on behind --seed, got '0'/],
    ['gunicorn-20.1.0 hup --seed 1 --seeds 2', /expected --seed or --seeds, got both/],
    ['gunicorn-20.1.0 hup --host page', /expected --host virtual, --host node or --host browser, got 'page'/],
    ['gunicorn-20.1.0 hup --host nod', /got 'nod'\. Did you mean node\?$/],
    ['gunicorn-20.1.0 hup --host node --seed 1', /real processes have no seed/],
    ['gunicorn-20.1.0 hup --hots node', /Unknown option '--hots'\. Did you mean --host\?[^]*usage:/],
  ])('%s', (typed, complaint) => {
    const read = () => readOptions(typed === '' ? [] : typed.split(' '))
    expect(read).toThrow(Misused)
    expect(read).toThrow(complaint)
  })

  test('by the name of the folder, or of the program', () => {
    expect(readOptions(['fastapi-cli-0.0.7', 'hup'])).toEqual(readOptions(['fastapi-0.0.7', 'hup']))
    expect(readOptions(['gunicorn-26.1.0-asgi', 'hup', '--seed', '7'])).toMatchObject({
      program: 'gunicorn',
      version: '26.1.0-asgi',
      host: 'virtual',
      seed: 7,
    })
  })
})

test('the longest common sequence', () => {
  const common = (a: string, b: string) =>
    longestCommon([...a], [...b], (x, y) => x === y)
      .map(([x]) => x)
      .join('')
  expect(common('abcbdab', 'bdcaba')).toHaveLength(4)
  expect(common('abc', '')).toBe('')
  expect(common('xaxbxc', 'abc')).toBe('abc')
})

describe('npm run compare', () => {
  const run = (...words: string[]) =>
    spawnSync(process.execPath, [join(import.meta.dirname, './transcript.ts'), ...words], {
      encoding: 'utf8',
    })

  test('shows both, says that they are the same, and ends with 0', () => {
    const { stdout, status, stderr } = run('uvicorn-0.51.0', 'start-1')
    expect(stderr).toBe('')
    expect(stdout).toContain('$ uvicorn main:app --host 0.0.0.0 --port 8080 --workers 1\n')
    expect(stdout).toMatch(
      /\n {2}INFO: {5}Waiting for application startup\. +│ INFO: {5}Waiting for application startup\.\n/,
    )
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('The same as recorded.')
    expect(status).toBe(0)
  })

  test('is misused with 2 and a sentence', () => {
    const { stdout, status, stderr } = run('uvicorn-0.51.0', 'nosuch')
    expect([stdout, status]).toEqual(['', 2])
    expect(stderr).toMatch(/^compare: 'nosuch' was not recorded/)
  })
})
