import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { folder, programs, reachable, serving, start } from './real/app.ts'
import { ask, textOf } from './real/client.ts'
import { COMMAND, NODE } from './real/command.ts'
import { initSystem, PASSES_SOCKETS } from './real/init.ts'
import { freePort } from './real/ports.ts'
import { lives, processInfo, until } from './real/processes.ts'

const G = '--worker-class uvicorn.workers.UvicornWorker'
const HELLO = `exports.app = (req, res) => { res.end('hello') }`

const hasPython = spawnSync('python3', ['--version']).status === 0
const hasNotify = spawnSync('systemd-notify', ['--version']).status === 0

describe('a second master on a unix socket', () => {
  const begin = async () => {
    const cwd = folder({ 'main.js': HELLO })
    const socketPath = join(cwd, 'app.sock')
    const { command } = await start(`gunicorn main:app --workers 1 ${G} --bind unix:${socketPath}`, { cwd })
    await command.printed('Application startup complete.')
    command.kill(command.pid, 'USR2')
    await command.printed('Application startup complete.', 2)
    const second = command.children.find(({ task }) => task === 'second master')?.pid ?? 0
    expect(second).toBeGreaterThan(0)
    return { command, socketPath, second }
  }

  it('serves on when the first one quits, and takes the file along at its end', async () => {
    const { command, socketPath, second } = await begin()
    command.kill(command.pid, 'QUIT')
    await command.end()
    expect(await ask(0, '/', { socketPath })).toMatchObject({ result: '200' })
    command.kill(second, 'TERM')
    await until(() => !lives(second), 30, 'the second master ended')
    expect(existsSync(socketPath)).toBe(false)
  })

  it('may quit itself: the first one serves on', async () => {
    const { command, socketPath, second } = await begin()
    command.kill(second, 'TERM')
    // Until the first one has taken its end: one that is dead, and not yet known to be so, still counts.
    await until(() => processInfo(second) === undefined, 30, 'the first master knows of it')
    expect(await ask(0, '/', { socketPath })).toMatchObject({ result: '200' })
    command.kill(command.pid, 'TERM')
    await command.end()
    expect(existsSync(socketPath)).toBe(false)
  })
})

describe.skipIf(!hasPython || !hasNotify)('systemd is told (Type=notify)', () => {
  it.each([
    ['uvicorn', programs(2).uvicorn],
    ['gunicorn', programs(2).gunicorn],
  ])('%s: ready when all workers are, reloading, ready again, stopping', async (_, line) => {
    const cwd = folder({ 'main.js': HELLO })
    const { socket, heard } = await initSystem(cwd)
    const { command } = await serving(line, { cwd, env: { NOTIFY_SOCKET: socket } })
    const said = (text: string, times = 1) =>
      until(() => heard.filter((message) => message.includes(text)).length >= times, 30, `said ${text}`)
    await said('READY=1')
    expect(command.plain.includes('uvicorn itself tells it nothing')).toBe(line.startsWith('uvicorn'))
    expect(heard.at(-1)).toContain('STATUS=2 of 2 workers serve')
    command.kill(command.pid, 'HUP')
    await said('RELOADING=1')
    expect(heard.find((message) => message.includes('RELOADING=1'))).toMatch(/MONOTONIC_USEC=\d+/)
    await said('READY=1', 2)
    command.kill(command.pid, 'TERM')
    await said('STOPPING=1')
    await command.end()
    expect(heard.filter((message) => message.includes('STOPPING=1'))).toHaveLength(1)
  })

  it('one process: ready when it serves, and stopping', async () => {
    const cwd = folder({ 'main.js': HELLO })
    const { socket, heard } = await initSystem(cwd)
    const { command } = await serving('uvicorn main:app --port {port}', {
      cwd,
      env: { NOTIFY_SOCKET: socket },
    })
    await until(() => heard.some((message) => message.includes('READY=1')), 30, 'it is ready')
    command.kill(command.pid, 'TERM')
    await until(() => heard.some((message) => message.includes('STOPPING=1')), 30, 'it stops')
  })

  it('a second master says that it is the main process now', async () => {
    const cwd = folder({ 'main.js': HELLO })
    const { socket, heard } = await initSystem(cwd)
    const { command } = await serving(programs(1).gunicorn, { cwd, env: { NOTIFY_SOCKET: socket } })
    command.kill(command.pid, 'USR2')
    await command.printed('Application startup complete.', 2)
    const second = command.children.find(({ task }) => task === 'second master')?.pid ?? 0
    command.kill(command.pid, 'QUIT')
    await until(() => heard.some((message) => message.includes(`MAINPID=${second}`)), 30, 'it is told')
    command.kill(second, 'TERM')
  })
})

const canLimit = spawnSync('prlimit', ['--version']).status === 0

it.skipIf(!hasPython || !hasNotify || !canLimit)(
  'systemd is told as soon as a process can be started for that',
  async () => {
    const cwd = folder({ 'main.js': HELLO })
    const { socket, heard } = await initSystem(cwd)
    const { command } = await serving(programs(2).uvicorn, { cwd, env: { NOTIFY_SOCKET: socket } })
    await until(() => heard.some((message) => message.includes('READY=1')), 45, 'it is ready')
    const limit = (files: string) => spawnSync('prlimit', ['--pid', `${command.pid}`, `--nofile=${files}`])
    limit('8:4096')
    command.kill(command.living[0] ?? 0, 'KILL')
    await until(() => command.plain.includes('EMFILE'), 45, 'no process could be started')
    limit('4096:4096')
    await until(() => heard.some((message) => message.includes('STATUS=1 of 2')), 45, 'one was gone')
    await until(() => heard.at(-1)?.includes('STATUS=2 of 2') === true, 45, 'all serve again')
    expect(command.plain).not.toContain('cannot be run')
  },
)

it('Type=notify without the program that can tell it: one line says so', async () => {
  const cwd = folder({ 'main.js': HELLO })
  const { command } = await serving('uvicorn main:app --port {port}', {
    cwd,
    env: { NOTIFY_SOCKET: join(cwd, 'notify'), PATH: '/nowhere' },
  })
  await command.printed('NOTIFY_SOCKET is set, but systemd-notify cannot be run (ENOENT)')
})

describe.skipIf(!hasPython)('sockets that an init system passes', () => {
  const passing = (cwd: string, addresses: string, line: string) => {
    const words = line.split(' ')
    const child = spawn('python3', ['-c', PASSES_SOCKETS, addresses, NODE, COMMAND, ...words], { cwd })
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece))
    child.stderr.setEncoding('utf8').on('data', (piece: string) => (text += piece))
    onTestFinished(() => void child.kill('SIGKILL'))
    return {
      child,
      printed: (part: string) =>
        until(() => text.includes(part), 30, `'${part}' was printed; there is:\n${text}`),
      text: () => text,
    }
  }

  it('gunicorn serves on them in place of its own, and leaves their files', async () => {
    const cwd = folder({
      'main.js': `exports.app = (req, res) => { res.end(String(process.env.LISTEN_FDS)) }`,
    })
    const [port, other] = [await freePort(), await freePort()]
    const socketPath = join(cwd, 'app.sock')
    const line = `gunicorn main:app --workers 1 ${G} --bind 127.0.0.1:${other}`
    const { child, printed, text } = passing(cwd, `${port},${socketPath}`, line)
    await printed('Application startup complete.')
    expect(text()).toContain(`Listening at: http://127.0.0.1:${port},unix:${socketPath} (`)
    expect(await textOf(port, '/')).toBe('undefined')
    expect(await ask(0, '/', { socketPath })).toMatchObject({ result: '200' })
    expect(await ask(other, '/')).toMatchObject({ result: 'connection refused' })
    child.kill('SIGTERM')
    await until(() => child.exitCode !== null, 30, 'it ended')
    expect(existsSync(socketPath)).toBe(true)
  })

  it('uvicorn says that it does not look for them, and serves on one by --fd 3', async () => {
    const cwd = folder({ 'main.js': HELLO })
    const [port, other] = [await freePort(), await freePort()]
    const own = passing(cwd, String(port), `uvicorn main:app --port ${other}`)
    await own.printed('The init system has passed sockets (LISTEN_FDS=1)')
    await reachable(other)
    own.child.kill('SIGTERM')
    await until(() => own.child.exitCode !== null || own.child.signalCode !== null, 30, 'it ended')

    const third = await freePort()
    const { printed, text } = passing(cwd, String(third), 'uvicorn main:app --fd 3 --workers 2')
    await printed('Application startup complete.')
    expect(await textOf(third, '/')).toBe('hello')
    expect(text()).not.toContain('LISTEN_FDS')
  })
})

describe('a link to the release', () => {
  const release = (srv: string, name: string) => {
    mkdirSync(join(srv, name))
    writeFileSync(join(srv, name, 'main.js'), HELLO.replace('hello', name))
    rmSync(join(srv, 'current'), { force: true })
    symlinkSync(name, join(srv, 'current'))
  }

  it.each([
    ['gunicorn', `gunicorn main:app --workers 1 ${G} --bind 127.0.0.1:{port} --chdir`, 'chdir'],
    ['gunicorn', `gunicorn main:app --workers 1 ${G} --bind 127.0.0.1:{port}`, 'cd'],
    ['uvicorn', 'uvicorn main:app --port {port} --workers 2', 'cd'],
    ['fastapi', 'fastapi run main.js --port {port} --workers 2', 'cd'],
  ])('%s, %s: each reload goes to where it leads by now', async (program, line, how) => {
    const srv = folder({})
    release(srv, 'one')
    const current = join(srv, 'current')
    const where = how === 'cd' ? { cwd: current, env: { PWD: current } } : { cwd: srv }
    const { command, port } = await start(how === 'cd' ? line : `${line} ${current}`, where)
    const workers = program === 'gunicorn' ? 1 : 2
    const reload = async (times: number) => {
      command.kill(command.pid, 'HUP')
      await command.printed('Application startup complete.', workers * times)
      await command.printed('Finished server process', workers * (times - 1))
    }
    await command.printed('Application startup complete.', workers)
    await reachable(port)
    expect(await textOf(port, '/')).toBe('one')
    release(srv, 'two')
    await reload(2)
    expect(await textOf(port, '/')).toBe('two')
    rmSync(join(srv, 'one'), { recursive: true })
    release(srv, 'three')
    await reload(3)
    expect(await textOf(port, '/')).toBe('three')
    const says = program !== 'gunicorn'
    expect(command.plain.includes(`${current} leads to ${join(srv, 'three')} now`)).toBe(says)

    rmSync(current)
    command.kill(command.pid, 'HUP')
    await command.printed('cannot be entered: ENOENT')
    expect(await textOf(port, '/')).toBe('three')
  })
})
