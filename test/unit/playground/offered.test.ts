import { expect, test } from 'vitest'
import type { TimedInput } from '../../../simulator/scenario/session/index.ts'
import { textPieces, mayChangeFiles, sessionReview } from '../../../src/playground/offered.ts'
import { freshSession, HELLO, MACHINE } from '../../../src/playground/presets.ts'

const fresh = freshSession(MACHINE, HELLO, 100)

test('every file, every command, and those that change files', () => {
  const inputs: readonly TimedInput[] = [
    ...fresh.inputs,
    { at: 1, type: 'line', terminal: 'server', text: 'ls' },
    { at: 2, type: 'line', terminal: 'server', text: 'cp notes.txt main.js' },
    { at: 3, type: 'write', file: 'other.txt', text: 'evil()' },
    { at: 4, type: 'keys', terminal: 'server', line: 'rm main.js', data: '\r' },
    ...[...'mv a b\r'].map((data): TimedInput => ({ at: 5, type: 'keys', terminal: 'server', data })),
    { at: 6, type: 'keys', terminal: 'server', data: '\x03' },
    { at: 7, type: 'keep', by: 'loop', name: 'app', command: 'uvicorn main:app' },
  ]
  const offered = sessionReview({ ...fresh, files: { ...fresh.files, 'notes.txt': 'hidden()' }, inputs })
  expect(offered.files.map(({ text }) => text)).toEqual(
    expect.arrayContaining(['hidden()', 'evil()', HELLO.app]),
  )
  expect(offered.commands).toEqual([
    'ls',
    'cp notes.txt main.js',
    'rm main.js',
    'mv a b',
    'uvicorn main:app',
    '^C',
  ])
  expect(offered.changing).toEqual(['cp notes.txt main.js', 'rm main.js', 'mv a b'])
})

test.each([
  'cp a b',
  'sudo mv a b',
  "'c'p a b",
  'c\\p a b',
  'c=c; d=p; $c$d a b',
  'echo x > main.js',
  'cat<a>>main.js',
  'ls | xargs rm',
  'curl -so main.js http://127.0.0.1/',
  'curl --output main.js http://127.0.0.1/',
  'timeout 1 tee main.js',
  '`echo c`p a b',
  '. ./notes',
  'bash notes',
  'docker run --name x app bash notes',
  'c{p..p} a b',
  'c\\',
  'c�xp a b',
  'ls; cp a b',
  'ls\ncp a b',
  'sleep 1 & mv a b',
  'csplit main.js 1',
  'gunicorn main:app --pid main.js',
  'gunicorn main:app --error-logfile=main.js',
  'gunicorn main:app -b unix:main.js',
  'curl "-o" main.js http://127.0.0.1/',
])('may change files: %s', (line) => {
  expect(mayChangeFiles(line)).toBe(true)
})

test.each([
  'ls -l',
  'uvicorn main:app --workers 4',
  'curl -s http://127.0.0.1:8080/',
  'ps aux',
  'kill -9 27369',
  'grep cpu main.js',
  'gunicorn main:app --workers 4 --worker-class uvicorn.workers.UvicornWorker -b 127.0.0.1:8080 --preload',
  'ps aux | grep uvicorn && curl -i -H "X-A: 1" http://127.0.0.1:8080/',
  '^C',
])('does not: %s', (line) => {
  expect(mayChangeFiles(line)).toBe(false)
})

test('a long line takes a time in proportion to its length: else this would take hours', () => {
  expect(mayChangeFiles(`${'curl '.repeat(200_000)} -${'a'.repeat(1_000_000)}`)).toBe(false)
  expect(mayChangeFiles('curl;'.repeat(200_000))).toBe(false)
})

test('pieces are short, and together they are all', () => {
  for (const text of ['', 'a\nb\n', 'x'.repeat(100_000), 'line\n'.repeat(50_000)]) {
    const pieces = textPieces(text)
    expect(pieces.join('')).toBe(text)
    for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(8001)
  }
})
