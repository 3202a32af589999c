import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { file, program } from './tools.ts'
import { rootWith, verify } from './verify.ts'

const UNITS = readdirSync(join(import.meta.dirname, '../../../content/deploy/systemd'))

/** The unit that is judged: of a template, the one for port 8001. */
const nameOf = (name: string) => name.replace('@.', '@8001.')
const text = (name: string) => file(`systemd/${name}`)

describe.each(UNITS.filter((name) => name.endsWith('.service')))('%s', (name) => {
  test('systemd has no complaint, so Debian 12 with its 252 has none', (context) => {
    const path = program('systemd-analyze', 'systemd', context)
    const unit = nameOf(name)
    expect(verify(path, rootWith(unit, text(name)), unit)).toEqual({ complaints: '', code: 0 })
  })

  test('a word that systemd does not know is complained about', (context) => {
    const path = program('systemd-analyze', 'systemd', context)
    const unit = nameOf(name)
    const broken = text(name).replace('ExecStart=', 'Restartt=no\nExecStart=')
    expect(verify(path, rootWith(unit, broken), unit).complaints).toContain(
      "'Restartt' in section [Service], ignoring",
    )
  })

  // What runs once and ends is not restarted.
  test.skipIf(text(name).includes('Type=oneshot'))(
    'it goes on trying while a database is away for ten minutes',
    () => {
      expect(text(name).split('\n')).toEqual(
        expect.arrayContaining(['Restart=always', 'RestartSec=2', 'StartLimitIntervalSec=0']),
      )
    },
  )
})

test.each(UNITS.filter((name) => text(name).includes('/uvicorn ')))(
  '%s: uvicorn cuts the last requests itself, so that its shutdown code runs before systemd kills it',
  (name) => {
    const [, own] = /--timeout-graceful-shutdown (\d+)/.exec(text(name)) ?? []
    const [, outside] = /^TimeoutStopSec=(\d+)$/m.exec(text(name)) ?? []
    expect(Number(own)).toBeLessThan(Number(outside))
  },
)

test('a version on a port of its own is served like the one of the small server, without the steps of its release', () => {
  for (const kind of ['uvicorn', 'fastapi', 'gunicorn']) {
    const alone = text(`shop-${kind}.service`)
      .split('\n')
      .filter((line) => !/^(?:ExecStartPre|ExecReload|TimeoutStartSec)=/.test(line))
      .join('\n')
      .replace('a web API', 'a web API, on port %i')
      .replaceAll('/srv/shop', '/srv/shop/%i')
      .replace('8000', '%i')
    expect(text(`shop-${kind}@.service`)).toBe(alone)
  }
})

test('the timer starts the dump every night, also after a night without power', (context) => {
  const path = program('systemd-analyze', 'systemd', context)
  const root = rootWith('shop-backup.service', text('shop-backup.service'))
  writeFileSync(join(root, 'etc/systemd/system/shop-backup.timer'), text('shop-backup.timer'))
  writeFileSync(join(root, 'etc/systemd/system/timers.target'), '[Unit]\nDescription=timers\n')
  expect(verify(path, root, 'shop-backup.timer')).toEqual({ complaints: '', code: 0 })
  expect(text('shop-backup.timer')).toContain('Persistent=true')
})
