import { expect, test } from 'vitest'
import { Clock } from '../../../../simulator/host/virtual/clock.ts'
import { Installed } from '../../../../simulator/host/virtual/installed.ts'
import { Trace } from '../../../../simulator/host/virtual/trace.ts'
import { VERSIONS } from '../../../../simulator/manager/versions.ts'

const trace = () => new Trace(new Clock(0), 100)

test('what nobody chose is the newest; another is installed for one program alone, and told', () => {
  const told = trace()
  const installed = new Installed(told, { gunicorn: '20.1.0' })
  expect(installed.version('uvicorn')).toBe(VERSIONS.uvicorn[0])
  installed.install('uvicorn', '0.30.6')
  expect([installed.version('uvicorn'), installed.version('gunicorn'), installed.version('fastapi')]).toEqual(
    ['0.30.6', '20.1.0', VERSIONS.fastapi[0]],
  )
  expect(told.events).toMatchObject([{ type: 'installed', program: 'uvicorn', version: '0.30.6' }])
})

test('a version that is not known is refused, and the one before stays', () => {
  const told = trace()
  const installed = new Installed(told, {})
  const before = installed.version('gunicorn')
  expect(() => installed.install('gunicorn', '1.0')).toThrow('got 1.0')
  expect([installed.version('gunicorn'), told.events]).toEqual([before, []])
  expect(() => new Installed(told, { fastapi: '1.0' })).toThrow('expected a version of fastapi')
})
