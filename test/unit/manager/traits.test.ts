import { expect, test } from 'vitest'
import type { ProgramName } from '../../../simulator/manager/settings.ts'
import { byProgram, isProgram, programIn, traitsOf } from '../../../simulator/manager/traits.ts'
import { trustedProxies, uvicornInside, VERSIONS } from '../../../simulator/manager/versions.ts'

test.each([
  ['gunicorn main:app', 'gunicorn'],
  ['/home/user/.venv/bin/fastapi run', 'fastapi'],
  ['python -m uvicorn main:app', 'uvicorn'],
  ['/usr/bin/python3 /usr/local/bin/gunicorn uvicorn:app', 'gunicorn'],
  ['uvicorn gunicorn_shop:app', 'uvicorn'],
  ['python worker.py', undefined],
])('%s runs %s', (commandLine, program) => {
  expect(programIn(commandLine)).toBe(program)
})

test('a word that every object knows is no program', () => {
  expect(['uvicorn', 'constructor', ''].map(isProgram)).toEqual([true, false, false])
})

test('every version of a program that needs a uvicorn knows which', () => {
  const inside = byProgram((program) =>
    VERSIONS[program].map((version) => uvicornInside({ program, version })),
  )
  expect(inside.uvicorn).toEqual(VERSIONS.uvicorn)
  expect(inside.gunicorn).toHaveLength(VERSIONS.gunicorn.length)
  expect(traitsOf({ program: 'fastapi' }).packageName).toBe('fastapi-cli')
})

test.each<[ProgramName, string, boolean]>([
  ['uvicorn', '0.51.0', false],
  ['uvicorn', '0.54.0', true],
  ['gunicorn', '20.1.0', false],
  ['gunicorn', '26.1.0', true],
  ['fastapi', '0.0.32', false],
  ['fastapi', '0.0.34', true],
])('%s %s believes proxies of IPv6: %s', (program, version, six) => {
  expect(trustedProxies({ program, version }).includes('::1')).toBe(six)
})
