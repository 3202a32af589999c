import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { connect as connectSecurely, type ConnectionOptions } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { folder, reachable, served, serving, start } from './real/app.ts'
import { ask, textOf } from './real/client.ts'
import { until } from './real/processes.ts'

const SHOW = `export const app = (req, res) => {
  const { remoteAddress, encrypted = false } = req.socket
  res.end(JSON.stringify({ remoteAddress, encrypted, A: process.env.A, root: process.env.ROOT_PATH }))
}`
const PIPES = { kind: 'pipes' } as const
const WORKER = 'gunicorn main:app --worker-class uvicorn.workers.UvicornWorker --bind 127.0.0.1:{port}'

async function answer(port: number, headers: OutgoingHttpHeaders = {}) {
  const asked = get({ host: '127.0.0.1', port, agent: false, headers })
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  return { headers: response.headers, status: response.statusCode, text: await text(response) }
}

describe('uvicorn', () => {
  it('--reload: a changed file is a new worker; a broken one waits for the next change', async () => {
    const cwd = folder({ 'main.mjs': `export const app = () => new Response('one')` })
    const { command, port } = await start('uvicorn main:app --port {port} --reload --workers 3', { cwd })
    await served(command, port, 1)
    expect(command.plain).toContain(`INFO:     Will watch for changes in these directories: ['${cwd}']\n`)
    expect(command.plain).toContain('WARNING:  "workers" flag is ignored when reloading is enabled.\n')
    expect(command.plain).toContain(`INFO:     Started reloader process [${command.pid}] using StatReload\n`)
    expect(await textOf(port, '/')).toBe('one')

    writeFileSync(join(cwd, 'main.mjs'), `export const app = () => { new Response('two')`)
    await command.printed(`WARNING:  StatReload detected changes in 'main.mjs'. Reloading...\n`)
    await command.printed('SyntaxError: ')
    writeFileSync(join(cwd, 'main.mjs'), `export const app = () => new Response('three')`)
    await served(command, port, 2)
    expect(await textOf(port, '/')).toBe('three')

    command.press('\u0003')
    expect(await command.end()).toEqual({ kind: 'code', code: 0 })
    expect(command.plain).toContain(`Stopping reloader process [${command.pid}]\n`)
    expect(command.workers).toHaveLength(3)
  })

  it('--reload with patterns names every file', async () => {
    const cwd = folder({
      'main.mjs': `export const app = () => new Response('hello')`,
      'a.css': '',
      'b.js': '',
    })
    mkdirSync(join(cwd, 'made'))
    const line = 'uvicorn main:app --port {port} --reload --reload-include *.css --reload-exclude made'
    const { command } = await serving(line, { cwd })
    writeFileSync(join(cwd, 'made/c.js'), '')
    writeFileSync(join(cwd, 'd.txt'), '')
    appendFileSync(join(cwd, 'a.css'), 'a {}')
    await command.printed(`WatchFiles detected changes in 'a.css'. Reloading...\n`)
    expect(command.plain).not.toContain('c.js')
  })

  it('headers of a proxy are believed from trusted addresses alone', async () => {
    const cwd = folder({ 'main.mjs': SHOW })
    const headers = { 'x-forwarded-for': '203.0.113.7, 127.0.0.1', 'x-forwarded-proto': 'https' }
    const trusting = await serving('uvicorn main:app --port {port}', { cwd })
    expect(JSON.parse((await answer(trusting.port, headers)).text)).toMatchObject({
      remoteAddress: '203.0.113.7',
      encrypted: true,
    })
    await trusting.command.printed('203.0.113.7:0 - "GET / HTTP/1.1" 200 OK')
    for (const option of ['--forwarded-allow-ips 10.0.0.0/8,::1', '--no-proxy-headers']) {
      const { command, port } = await serving(`uvicorn main:app --port {port} ${option}`, { cwd })
      expect(JSON.parse((await answer(port, headers)).text)).toMatchObject({
        remoteAddress: '127.0.0.1',
        encrypted: false,
      })
      await command.printed('GET / HTTP/1.1')
      expect(command.plain).not.toContain('203.0.113.7')
    }
  })

  it('--env-file, --root-path, --header, --server-header, --no-date-header, --factory, --lifespan off', async () => {
    const cwd = folder({
      'main.mjs': `export const make = async () => {
          const handle = (req, res) => res.end([process.env.A, process.env.ROOT_PATH].join())
          return Object.assign(handle, { startup() { throw new Error('not asked for') } })
        }`,
      '.env': 'A="from the file"\n',
    })
    const options =
      '--env-file .env --root-path /api --header X-One:1 --header X-Two:2:3 --server-header --no-date-header'
    const { command, port } = await start(
      `uvicorn main:make --factory --lifespan off --port {port} ${options}`,
      { cwd },
    )
    await command.printed('Uvicorn running on')
    const { headers, text: body } = await answer(port)
    expect(body).toBe('from the file,/api')
    expect(headers).toMatchObject({ 'x-one': '1', 'x-two': '2:3', server: 'server-workers' })
    expect(headers).not.toHaveProperty('date')
    expect(command.plain).toContain("INFO:     Loading environment from '.env'\n")
    expect(command.plain).not.toContain('application startup')
  })

  it('--limit-concurrency answers 503', async () => {
    const { command, port } = await serving('uvicorn main:app --port {port} --limit-concurrency 2')
    const other = connect({ host: '127.0.0.1', port })
    onTestFinished(() => void other.destroy())
    await once(other, 'connect')
    expect(await answer(port)).toMatchObject({ status: 503, text: 'Service Unavailable' })
    await command.printed('WARNING:  Exceeded concurrency limit.\n')
    await command.printed('503 Service Unavailable')
  })

  it('--h11-max-incomplete-event-size refuses a larger head', async () => {
    const { port } = await serving('uvicorn main:app --port {port} --h11-max-incomplete-event-size 2048')
    expect((await answer(port, { 'x-long': 'a'.repeat(4000) })).status).toBe(431)
    expect((await answer(port)).status).toBe(200)
  })

  it('--port 0 says which port it got', async () => {
    const { command } = await start('uvicorn main:app --port 0 --workers 2')
    await command.printed('Application startup complete.', 2)
    const [, port] = /http:\/\/127\.0\.0\.1:(\d+) /.exec(command.plain) ?? []
    await reachable(Number(port))
    expect(await ask(Number(port), '/')).toMatchObject({ result: '200' })
  })
})

describe('TLS', () => {
  const files = '--ssl-keyfile key.pem --ssl-certfile cert.pem --ssl-ca-certs cert.pem'
  const shake = (port: number, options: ConnectionOptions) => {
    const socket = connectSecurely({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options })
    onTestFinished(() => void socket.destroy())
    return new Promise<string>((resolve) => {
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
      socket.once('data', (data: Buffer) => resolve(data.toString().split('\r\n')[0] ?? ''))
      socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
    })
  }

  it('--ssl-cert-reqs 2 wants a certificate of the client', async () => {
    const { port, cwd } = await serving(`uvicorn main:app --port {port} ${files} --ssl-cert-reqs 2`)
    const cert = readFileSync(join(cwd, 'cert.pem'))
    const key = readFileSync(join(cwd, 'key.pem'))
    expect(await shake(port, { cert, key })).toBe('HTTP/1.1 200 OK')
    expect(await shake(port, {})).toMatch(/^ERR_SSL_|^ECONNRESET/)
  })

  it('--ssl-version 5 speaks TLS 1.2 alone', async () => {
    const { port } = await serving(`uvicorn main:app --port {port} ${files} --ssl-version 5`)
    expect(await shake(port, { maxVersion: 'TLSv1.2' })).toBe('HTTP/1.1 200 OK')
    expect(await shake(port, { minVersion: 'TLSv1.3' })).toMatch(/^(?:ERR_SSL_|EPROTO)/)
  })
})

describe('fastapi dev', () => {
  it('shows its banner, watches, and reloads', async () => {
    const cwd = folder({ 'main.mjs': `export const app = () => new Response('one')` })
    const { command, port } = await start('fastapi dev --port {port}', { cwd })
    await served(command, port, 1)
    expect(command.plain).toContain('Starting FastAPI in development mode')
    expect(await textOf(port, '/')).toBe('one')
    writeFileSync(join(cwd, 'main.mjs'), `export const app = () => new Response('two')`)
    await served(command, port, 2)
    expect(await textOf(port, '/')).toBe('two')
  })

  it('--entrypoint names module and application', async () => {
    const cwd = folder({ 'shop.mjs': `export const counter = () => new Response('the counter')` })
    const line = 'fastapi run --as 0.0.32 --entrypoint shop:counter --port {port}'
    const { command, port } = await start(line, { cwd, medium: PIPES })
    await command.printed('Uvicorn running on')
    expect(command.plain).toContain('Using import string: shop:counter')
    expect(await textOf(port, '/')).toBe('the counter')
  })

  it('--no-reload is one process', async () => {
    const { command } = await start('fastapi dev --no-reload --port {port} main.js')
    await command.printed('Application startup complete.')
    expect(command.workers).toEqual([])
  })
})

describe('gunicorn', () => {
  it('logs to files, in a format of its own, also after they were moved away', async () => {
    const cwd = folder({
      'main.mjs': `console.log('printed'); export const app = (req, res) => { res.setHeader('x-b', 'two'); res.end('hello') }`,
    })
    const format =
      '%(h)s|%(u)s|%(r)s|%(m)s|%(U)s|%(q)s|%(H)s|%(s)s|%(b)s|%(B)s|%(a)s|%({X-A}i)s|%({x-b}o)s|%({A}e)s|%(x)s|%%'
    const env = { GUNICORN_CMD_ARGS: `--access-logformat '${format}' --capture-output`, WEB_CONCURRENCY: '2' }
    const line = `${WORKER} --access-logfile access.log --error-logfile error.log -e A=1 --pid app.pid`
    const { command, port } = await start(line, { cwd, env, medium: PIPES })
    const read = (name: string) => (existsSync(join(cwd, name)) ? readFileSync(join(cwd, name), 'utf8') : '')
    const started = () => read('error.log').split('Application startup complete.').length - 1
    await until(() => started() === 2, 15, 'both workers had started')
    await reachable(port)
    expect(read('app.pid')).toBe(`${command.pid}\n`)
    await answer(port, { 'x-a': '"one"', authorization: `Basic ${btoa('me:secret')}`, 'user-agent': 'test' })
    const logged =
      String.raw`127.0.0.1|me|GET / HTTP/1.1|GET|/||HTTP/1.1|200|5|5|test|\"one\"|two|1|-|%` + '\n'
    await until(() => read('access.log') !== '', 5, 'the request was logged')
    expect(read('access.log')).toBe(logged)
    expect(read('error.log')).toContain('\nprinted\n')

    renameSync(join(cwd, 'access.log'), join(cwd, 'access.log.1'))
    const again = async () => {
      while (read('access.log') === '') await answer(port)
    }
    await again()
    command.kill(command.pid, 'TERM')
    await command.end()
    expect(command.text).toEqual({ stdout: '', stderr: '' })
    expect(existsSync(join(cwd, 'app.pid'))).toBe(false)
  })

  it('listens on several addresses, and calls its processes by name', async () => {
    const { command, port, cwd } = await start(`${WORKER} -b unix:app.sock -b 127.0.0.1:0 -w2 --name shop`)
    await served(command, port, 2)
    expect(command.plain).toMatch(
      /Listening at: http:\/\/127\.0\.0\.1:\d+,unix:app\.sock,http:\/\/127\.0\.0\.1:\d+ \(/,
    )
    const [, second] = /sock,http:\/\/127\.0\.0\.1:(\d+)/.exec(command.plain) ?? []
    expect(await ask(port, '/')).toMatchObject({ result: '200' })
    expect(await ask(Number(second), '/')).toMatchObject({ result: '200' })
    expect(await ask(0, '/', { socketPath: join(cwd, 'app.sock') })).toMatchObject({ result: '200' })
    const titles = execFileSync('ps', ['-o', 'args=', '-p', [command.pid, ...command.workers].join()], {
      encoding: 'utf8',
    })
    expect(titles.trim().split('\n').sort()).toEqual([
      'gunicorn: master [shop]',
      'gunicorn: worker [shop]',
      'gunicorn: worker [shop]',
    ])
  })

  it('--check-config tells whether the application can be loaded', async () => {
    const good = await start(`${WORKER} --check-config`)
    expect(await good.command.end()).toEqual({ kind: 'code', code: 0 })
    expect(good.command.plain).toBe('')
    const bad = await start(`${WORKER.replace('main:app', 'nosuch:app')} --check-config`)
    expect(await bad.command.end()).toEqual({ kind: 'code', code: 1 })
    expect(bad.command.plain).toContain('\nError while loading the application:\n')
    expect(bad.command.plain).toContain("ModuleNotFoundError: No module named 'nosuch'")
  })

  it('another one that runs is not overwritten in the PID file', async () => {
    const cwd = folder()
    writeFileSync(join(cwd, 'app.pid'), `${process.pid}\n`)
    const { command } = await start(`${WORKER} -p app.pid`, { cwd })
    expect(await command.end()).toEqual({ kind: 'code', code: 1 })
    expect(command.plain).toContain(
      `\nError: Already running on PID ${process.pid} (or pid file 'app.pid' is stale)\n`,
    )
  })

  it.each(['/dev/zero', 'pipe', '.'])('a PID file at %s, which is no file, is refused', async (path) => {
    const cwd = folder()
    execFileSync('mkfifo', [join(cwd, 'pipe')])
    const { command } = await start(`${WORKER} -p ${path}`, { cwd })
    expect(await command.end()).toEqual({ kind: 'code', code: 1 })
    expect(command.plain).toContain(`\nError: ${path} is no regular file. Can't create pidfile.\n`)
  })

  it.each([
    ['--daemon', 'Let systemd or Supervisor start it'],
    ['--preload', 'each worker imports it by itself'],
    ['--config main.js', 'or into GUNICORN_CMD_ARGS'],
    ['--threads 2', "gunicorn's other worker classes"],
  ])('%s is refused with the reason', async (option, reason) => {
    const { command } = await start(`${WORKER} ${option}`)
    expect(await command.end()).toEqual({ kind: 'code', code: 2 })
    expect(command.plain.replaceAll('\n', ' ')).toContain(reason)
  })
})
