import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder, programs, reachable, serving, start } from './real/app.ts'
import { inTurn } from '../setup/seed.ts'
import { COMMAND, NODE } from './real/command.ts'
import { until } from './real/processes.ts'

const PYTHON = { 'main.py': 'app = None\n' }
const G = '--worker-class uvicorn.workers.UvicornWorker'

/** Runs the command to its end, by a shell that may set limits first. */
function say(line: string, files: Readonly<Record<string, string>> | undefined, before = '') {
  const shell = `${before} exec "$0" -- "$1" ${line}`
  const { status, stdout, stderr } = spawnSync('sh', ['-c', shell, NODE, COMMAND], {
    cwd: folder(files),
    encoding: 'utf8',
    timeout: 60_000,
  })
  return { status, text: stdout + stderr }
}

describe('a mistake is answered with a sentence, and no stack trace', () => {
  it.each([
    ['uvicorn main:app', PYTHON, 'Your own `uvicorn` runs main.py'],
    [`gunicorn main:app ${G}`, PYTHON, 'Your own `gunicorn` runs main.py'],
    ['fastapi run main.py', PYTHON, 'Your own `fastapi` runs main.py'],
    ['fastapi run', PYTHON, ' demo'],
    ['fastapi dev', { 'api.py': '' }, 'Your own `fastapi` runs api.py'],
    ['uvicorn main:app --fd 77', undefined, '--fd: there is no descriptor 77 (EBADF)'],
    [`gunicorn main:app ${G} --bind fd://77`, undefined, '--bind: there is no descriptor 77 (EBADF)'],
    ['uvicorn main:app --fd 0 --workers 2 </dev/null', undefined, 'descriptor 0 is no socket'],
    // What is behind it is a pair of sockets, of which this is the one end.
    ['uvicorn main:app --fd 0 --workers 2', undefined, 'descriptor 0 is a connection, so'],
    [`gunicorn main:app ${G} --bind fd://0`, undefined, 'descriptor 0 is a connection, so'],
    [
      "uvicorn main:app --workers $(printf '9%.0s' $(seq 400))",
      undefined,
      'no machine has room for so many processes',
    ],
    [`gunicorn main:app ${G} --workers 10001`, undefined, '10000 is the most'],
    [
      `gunicorn main:app ${G} --check-config`,
      { 'main.mjs': 'export default () => undefined\n' },
      'The application is the default export: try main:default',
    ],
    ['uvicorn main:app --env-file .', undefined, '--env-file: . cannot be read: EISDIR'],
    ["uvicorn main:app --header 'X-Name: 日本'", undefined, '--header: the value of X-Name'],
    ["uvicorn main:app --header 'bad name: x'", undefined, "--header: 'bad name' is no name"],
    ["uvicorn main:app --header ': x'", undefined, "--header: '' is no name"],
    ['uvicorn main:app --header "$(printf \'X: a\\r\\nY: b\')"', undefined, '--header: the value of X'],
    [
      'uvicorn main:app --ssl-keyfile key.pem --ssl-certfile cert.pem --ssl-cert-reqs 2',
      undefined,
      'without --ssl-ca-certs it does not know',
    ],
    [
      `gunicorn main:app ${G} --keyfile key.pem --certfile cert.pem --cert-reqs 2`,
      undefined,
      'without --ca-certs it does not know',
    ],
    [
      `gunicorn main:app ${G} -e NODE_OPTIONS=--bogus --bind 127.0.0.1:0`,
      undefined,
      "NODE_OPTIONS is '--bogus'",
    ],
  ])('%s', (line, files, sentence) => {
    const { status, text } = say(line, files)
    expect(text).toContain(sentence)
    expect(text).not.toMatch(/^\s+at /m)
    expect([1, 2]).toContain(status)
  })

  it('the working folder is gone', () => {
    const { status, text } = say('uvicorn main:app', undefined, 'mkdir gone; cd gone; rmdir ../gone;')
    expect(text).toBe(
      'The folder that this command was started in is not there any more. Go to another one (cd) and start it again.\n',
    )
    expect(status).toBe(1)
  })

  /** How many files a Node has open that does nothing; with two more it can read the command. */
  const OPEN = Number(
    spawnSync(NODE, ['-p', 'fs.readdirSync("/proc/self/fd").length'], { encoding: 'utf8' }).stdout,
  )
  const scarce = Object.values(programs(2)).flatMap((line) =>
    [2, 3, 5, 7, 9].map((more) => [more, line] as const),
  )

  it.skipIf(OPEN === 0).each(inTurn('few files that may be opened', scarce, 1 / 3))(
    'it may open no more files than %i and those of Node: %s: a sentence, or a server',
    async (more, line) => {
      const by = ['sh', '-c', `ulimit -n ${OPEN + more}; exec "$@"`, 'sh']
      const { command } = await start(line, { by, medium: { kind: 'pipes' } })
      const said = () => /startup complete|did not start another/.test(command.plain)
      await until(() => command.ended !== undefined || said(), 60, 'it ended or served')
      if (command.ended === undefined) command.kill(command.pid, 'TERM')
      await command.end()
      // Node itself could not open it.
      if (command.plain.includes(`open '${COMMAND}'`)) return
      expect(command.plain).not.toMatch(/^\s+at |Unhandled 'error'/m)
      expect(command.plain).not.toBe('')
    },
  )

  it.each([
    ['uvicorn main:app --uds no/app.sock', 'ERROR:'],
    ['uvicorn main:app --uds no/app.sock --workers 2', 'ERROR:'],
    [`gunicorn main:app ${G} --bind unix:no/app.sock`, 'connection to no/app.sock failed: '],
  ])('the folder of the socket is not there: %s', (line, about) => {
    const { status, text } = say(line, undefined)
    expect(text).toContain(about)
    expect(text).toContain('[Errno 2]')
    expect(text).not.toMatch(/permission/i)
    expect(status).not.toBe(0)
  })

  it('a long import error is shown whole', () => {
    const { status, text } = say('fastapi run main.mjs', {
      'main.mjs': `throw new Error('word\\n'.repeat(50_000) + 'the end')`,
    })
    expect(text.split('word\n').length).toBeGreaterThan(50_000)
    expect(text.trimEnd()).toMatch(/the end$/)
    expect(status).not.toBe(0)
  })

  it('Ctrl+C while gunicorn boots is quiet, whenever it comes', async () => {
    const { command } = await start(programs(2).gunicorn)
    await command.printed('Listening at')
    command.press('\u0003')
    expect(await command.end()).toEqual({ kind: 'code', code: 0 })
    expect(command.plain).not.toContain('cannot listen on')
  })
})

describe('the application is the default export', () => {
  const forms = {
    'main.mjs': `export default { fetch: () => new Response('hello') }\n`,
    'main.cjs': `module.exports = (request, response) => response.end('hello')\n`,
  }
  const cases = Object.entries(forms).flatMap(([file, text]) => [
    [`uvicorn main:app --port 0`, file, text, 'main:default'] as const,
    [`uvicorn main:app --port 0 --workers 2`, file, text, 'main:default'] as const,
    [`gunicorn main:app ${G} --bind 127.0.0.1:0`, file, text, 'main:default'] as const,
    [`fastapi run --port 0 --app app ${file}`, file, text, '--app default'] as const,
  ])

  it.each(inTurn('lines where the application is the default export', cases, 1 / 2))(
    '%s, in %s',
    async (line, file, text, instead) => {
      const { command } = await start(line, { cwd: folder({ [file]: text }) })
      await command.printed(`The application is the default export: try ${instead}`)
      if (line.includes('--workers')) command.press('\u0003')
      expect((await command.end()).kind).toBe('code')
      expect(command.plain).not.toMatch(/^\s+at /m)
    },
  )
})

describe('the reloader', () => {
  const reloading = async (files: Readonly<Record<string, string>>) => {
    const cwd = folder(files)
    mkdirSync(join(cwd, 'dist'))
    writeFileSync(join(cwd, 'dist/part.js'), 'module.exports = 1\n')
    symlinkSync('loop.js', join(cwd, 'loop.js'))
    symlinkSync('/proc/1/root/nowhere.js', join(cwd, 'unreadable.js'))
    return serving('uvicorn main:app --host 127.0.0.1 --port {port} --reload', { cwd })
  }

  it('lives with links in a circle, and sees a folder that is removed and built anew', async () => {
    const { command, cwd } = await reloading({ 'main.mjs': `export const app = () => new Response('hello')` })
    rmSync(join(cwd, 'dist'), { recursive: true })
    // The look that finds this has found that to be gone.
    writeFileSync(join(cwd, 'main.mjs'), `export const app = () => new Response('once more')`)
    await command.printed("StatReload detected changes in 'main.mjs'")
    mkdirSync(join(cwd, 'dist'))
    writeFileSync(join(cwd, 'dist/part.js'), 'module.exports = 2\n')
    await command.printed("StatReload detected changes in 'dist/part.js'")
    expect(command.plain).not.toMatch(/ELOOP|^\s+at /m)
  })
})

describe('a log line', () => {
  it.each([
    [
      `gunicorn main:app --workers 1 ${G} --bind 127.0.0.1:{port} --access-logfile - --access-logformat`,
      '%(h)s %(u)s end',
    ],
    ['uvicorn main:app --host 127.0.0.1 --port {port} --forwarded-allow-ips', '*'],
  ])('%s: what a client sends begins no other line, and moves no cursor', async (line, last) => {
    const { command, port } = await start(line, { typed: [...line.split(' '), last] })
    await command.printed('Application startup complete.')
    await reachable(port)
    const user = Buffer.from('eve\n[forged]\u001b[2K\r:x').toString('base64')
    const socket = connect({ host: '127.0.0.1', port })
    socket.resume()
    const request = `GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Basic ${user}\r\nX-Forwarded-For: 1.2.3.4\u009b2Kforged\r\n\r\n`
    socket.write(Buffer.from(request, 'latin1'))
    await once(socket, 'end')
    await command.printed(last.startsWith('%') ? 'end' : 'GET /')
    expect(command.plain).not.toMatch(/^\[forged\]/m)
    expect(command.plain).not.toMatch(/[\u0080-\u009f]/)
    expect(command.plain).toContain(
      last.startsWith('%') ? 'eve\\x0a[forged]\\x1b[2K\\x0d end' : '1.2.3.4\\x9b2Kforged',
    )
  })
})
