import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, type TestContext } from 'vitest'
import { folder, reachable } from '../real/app.ts'
import { ask, textOf } from '../real/client.ts'
import { freePort } from '../real/ports.ts'
import { asUvicorn, executable, file, program, replaced } from './tools.ts'

const app = (version: string) => `export const app = {
  ${version === 'broken' ? "startup() { throw new Error('no') }," : ''}
  async fetch(request) {
    if (!request.url.endsWith('/health')) await new Promise((done) => setTimeout(done, 50))
    return new Response('${version}')
  },
}
`

/** What systemd does with the guide's units, for a machine that has none: it starts their commands and ends them. */
const SYSTEMCTL = `
for unit do :; done
port=\${unit#*@}
unit_file="$HOME/units/\${unit%@*}@.service"
command() { sed -n 's/^ExecStart=//p' "$unit_file" | sed "s/%i/$port/g"; }
case "$1 $unit" in
  'reload caddy') exec caddy reload --force --adapter caddyfile --config "$HOME/etc/Caddyfile" --address "$ADMIN" ;;
  'start shop-migrate@'*) cd "$HOME/shop/$port" && exec $(command) ;;
  'start shop@'*) cd "$HOME/shop/$port" && { setsid $(command) >>"$HOME/log" 2>&1 & echo $! >"$HOME/$port.pid"; } ;;
  'stop '* | 'disable '*)
    [ -f "$HOME/$port.pid" ] || exit 0
    kill "$(cat "$HOME/$port.pid")" 2>/dev/null || :
    while grep -qs '^State:[[:space:]]*[^ZX]' "/proc/$(cat "$HOME/$port.pid")/status"; do :; done
    rm "$HOME/$port.pid" ;;
esac`

interface Machine {
  readonly home: string
  readonly proxy: number
  readonly ports: readonly [string, string]
  /** Runs one of the guide's scripts; gives its exit code, once it has ended. */
  readonly script: (name: string, argument: string) => Promise<unknown>
}

/** A machine with the guide's scripts and Caddy, and a repository with three versions, of which one does not start. */
async function machine(context: TestContext): Promise<Machine> {
  const caddy = program('caddy', 'caddy', context)
  for (const name of ['git', 'curl', 'python3']) program(name, name, context)
  const home = folder({})
  const [proxy, admin, first, second] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ]
  for (const name of ['etc', 'shop', 'units', 'bin', 'repository']) mkdirSync(join(home, name))
  asUvicorn(join(home, 'bin/uvicorn'))
  executable(join(home, 'bin/systemctl'), SYSTEMCTL)
  const env = {
    ...process.env,
    HOME: home,
    ADMIN: `127.0.0.1:${admin}`,
    PATH: `${home}/bin:${process.env['PATH'] ?? ''}`,
  }

  const git = (...words: string[]) =>
    expect(
      spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.example', ...words], {
        cwd: join(home, 'repository'),
        env,
      }).status,
    ).toBe(0)
  git('init', '--quiet')
  for (const version of ['v1', 'v2', 'broken']) {
    const files = {
      'main.js': app(version),
      'requirements.txt': '',
      'migrate.py': `open('../migrated', 'a').write('${version} ')`,
    }
    for (const [name, text] of Object.entries(files)) writeFileSync(join(home, 'repository', name), text)
    git('add', '.')
    git('commit', '--quiet', '--message', version)
    git('tag', version)
  }

  const ours = { '/srv/shop': `${home}/shop` }
  for (const name of ['shop-migrate@.service', 'shop-uvicorn@.service']) {
    const unit = replaced(file(`systemd/${name}`), ours)
    // The server is the one of the tests.
    const path = join(home, 'units', name.replace('-uvicorn', ''))
    writeFileSync(path, unit.replace(`${home}/shop/%i/.venv/bin/uvicorn`, `${home}/bin/uvicorn`))
  }
  const live = { '/etc/caddy': `${home}/etc`, 8001: String(first) }
  const release = replaced(file('release/release.sh'), {
    ...ours,
    ...live,
    8002: String(second),
    'https://git.example/you/shop.git': `file://${home}/repository`,
    // There is nothing to install, and no registry is asked.
    '-m venv': '-m venv --without-pip',
    '"$next/.venv/bin/pip" install --quiet -r "$next/requirements.txt"': ':',
  })
  const change = replaced(file('release/switch.sh'), {
    ...live,
    8002: String(second),
    '--retry 30': '--retry 8',
  })
  executable(join(home, 'shop/release.sh'), release)
  executable(join(home, 'shop/switch.sh'), change)

  writeFileSync(
    join(home, 'etc/Caddyfile'),
    `{\n  admin 127.0.0.1:${admin}\n}\n${file('caddy/shop.Caddyfile').replace('shop.example', `http://127.0.0.1:${proxy}`)}`,
  )
  writeFileSync(join(home, 'etc/shop.live'), 'respond nothing\n')
  const running = spawn(caddy, ['run', '--adapter', 'caddyfile', '--config', join(home, 'etc/Caddyfile')], {
    env,
  })
  const ended = once(running, 'exit')
  onTestFinished(async () => {
    for (const port of [first, second])
      spawnSync(join(home, 'bin/systemctl'), ['stop', `shop@${port}`], { env })
    running.kill()
    await ended
  })
  await reachable(proxy)
  return {
    home,
    proxy,
    ports: [String(first), String(second)],
    script: async (name, argument) => {
      const child = spawn(join(home, 'shop', name), [argument], { env, stdio: ['ignore', 'ignore', 'pipe'] })
      let said = ''
      child.stderr.on('data', (text: Buffer) => (said += text.toString()))
      const [code] = (await once(child, 'close')) as [number]
      return code === 0 ? 0 : said
    },
  }
}

/** Clients that ask one after the other as long as something goes on; gives what they got other than an answer. */
async function meanwhile(port: number, work: Promise<unknown>): Promise<{ asked: number; failed: string[] }> {
  let going = true
  void work.finally(() => (going = false))
  let asked = 0
  const failed: string[] = []
  const client = async () => {
    while (going) {
      const { result } = await ask(port, '/')
      asked++
      if (result !== '200') failed.push(result)
    }
  }
  await Promise.all([client(), client(), client(), client()])
  return { asked, failed }
}

test('a release, a release that does not start, and a rollback: no client notices', async (context) => {
  const { home, proxy, ports, script } = await machine(context)
  const version = () => textOf(proxy, '/')
  expect(await script('release.sh', 'v1')).toBe(0)
  expect(await version()).toBe('v1')

  const second = script('release.sh', 'v2')
  expect(await meanwhile(proxy, second)).toMatchObject({ failed: [] })
  expect([await second, await version()]).toEqual([0, 'v2'])

  const back = script('switch.sh', ports[0])
  expect(await meanwhile(proxy, back)).toMatchObject({ failed: [] })
  expect([await back, await version()]).toEqual([0, 'v1'])

  const broken = script('release.sh', 'broken')
  expect(await meanwhile(proxy, broken)).toMatchObject({ failed: [] })
  expect(await broken).toContain(`No answer on port ${ports[1]}`)
  expect(await version()).toBe('v1')
  // A rollback does not migrate.
  expect(readFileSync(join(home, 'shop/migrated'), 'utf8')).toBe('v1 v2 broken ')
})
