import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folder } from '../real/app.ts'
import { file, program } from './tools.ts'

test.for(['caddy/Caddyfile', 'caddy/shop.Caddyfile', 'compose/Caddyfile'])(
  'Caddy understands %s',
  (path, context) => {
    const caddy = program('caddy', 'caddy', context)
    const home = folder({ Caddyfile: file(path), 'shop.live': 'reverse_proxy 127.0.0.1:8001\n' })
    const command = ['adapt', '--config', join(home, 'Caddyfile'), '--adapter', 'caddyfile']
    const { status, stdout, stderr } = spawnSync(caddy, command, {
      encoding: 'utf8',
      env: { ...process.env, HOME: home },
    })
    expect({ status, stderr }).toMatchObject({ status: 0 })
    expect(stdout).toContain('"handler":"reverse_proxy"')
  },
)
