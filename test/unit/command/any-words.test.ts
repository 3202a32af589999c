import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCommand } from '../../../simulator/command/index.ts'
import type { ProgramName } from '../../../simulator/manager/settings.ts'
import { VERSIONS } from '../../../simulator/manager/versions.ts'

const word = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '--',
    '-',
    '=',
    '--=',
    'run',
    'dev',
    'main:app',
    '-1',
    '--host',
    '--port',
    '--workers',
    '-w',
    '-b',
    '-h',
  ),
  fc.string().map((text) => `-${text}`),
  fc.string().map((text) => `--${text}`),
  fc
    .tuple(fc.constantFrom('--bind', '--port', '--workers', '-w', '--reload'), fc.string())
    .map(([a, b]) => `${a}=${b}`),
)
const variables = [
  'WEB_CONCURRENCY',
  'GUNICORN_CMD_ARGS',
  'PORT',
  'UVICORN_PORT',
  'UVICORN_RELOAD',
  'UVICORN_APP',
]

const speakers = (Object.keys(VERSIONS) as ProgramName[]).flatMap((program) =>
  VERSIONS[program].map((version) => ({ program, version })),
)

test.each(speakers)('$program $version: no words make it throw', (speaks) => {
  const { program } = speaks
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 8 }),
      fc.dictionary(fc.constantFrom(...variables), fc.string()),
      fc.integer({ min: 1, max: 200 }),
      fc.boolean(),
      (words, env, columns, colors) => {
        const parsed = parseCommand([program, ...words], {
          speaks,
          env,
          columns,
          colors,
          words: { notYet: '{option}' },
        })
        if (parsed.kind === 'run') {
          expect(parsed.settings.speaks).toEqual(speaks)
          expect(parsed.settings.binds.length).toBeGreaterThan(0)
          expect(Number.isInteger(parsed.settings.workers)).toBe(true)
        } else {
          expect(parsed.text).toMatch(/\n$/)
          expect(parsed.code === 0).toBe(parsed.stream === 'stdout')
        }
      },
    ),
    { numRuns: 500 },
  )
})
