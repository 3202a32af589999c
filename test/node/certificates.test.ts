import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { Agent, get } from 'node:https'
import { join } from 'node:path'
import { connect, type SecureContextOptions } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { folder, serving, start } from './real/app.ts'

const FILES = '--ssl-keyfile localhost-key.pem --ssl-certfile localhost.pem'

const SERVERS = {
  'uvicorn, two workers': `uvicorn main:app --port {port} --workers 2 ${FILES}`,
  'uvicorn, one process': `uvicorn main:app --port {port} ${FILES}`,
  gunicorn:
    'gunicorn main:app --workers 2 -k uvicorn.workers.UvicornWorker --bind 127.0.0.1:{port} --keyfile localhost-key.pem --certfile localhost.pem',
} as const

describe('cert', () => {
  it('makes an authority once, and certificates that a client who trusts it believes', async () => {
    const home = folder({})
    const cwd = await made(home)
    const { stdout } = await cert(home, cwd)
    expect(stdout).toContain(
      `Signed by your certificate authority: ${join(home, 'server-workers/authority.pem')}`,
    )
    const certificate = new X509Certificate(readFileSync(join(cwd, 'localhost.pem')))
    expect(certificate.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1')
    expect(statSync(join(cwd, 'localhost-key.pem')).mode & 0o777).toBe(0o600)
    expect(statSync(join(home, 'server-workers/authority-key.pem')).mode & 0o777).toBe(0o600)

    const { port } = await serving(SERVERS['uvicorn, two workers'], { cwd })
    const ca = readFileSync(join(home, 'server-workers/authority.pem'), 'utf8')
    expect(await serialOf(port, ca)).toBe(certificate.serialNumber)
    await expect(serialOf(port, undefined)).rejects.toThrow(/unable to verify|self-signed|unable to get/)
  })

  it('takes names and addresses, and says what is neither', async () => {
    const [home, cwd] = [folder({}), folder({})]
    await cert(home, cwd, '*.example.test', 'münchen.test', '192.168.1.7', '--days', '3')
    const { subjectAltName, validTo } = new X509Certificate(readFileSync(join(cwd, 'any.example.test.pem')))
    expect(subjectAltName).toBe('DNS:*.example.test, DNS:xn--mnchen-3ya.test, IP Address:192.168.1.7')
    expect((Date.parse(validTo) - Date.now()) / 86_400_000).toBeCloseTo(3, 1)
    for (const [name, sentence] of [
      ['no name', "'no name' is neither the name of a host nor an address."],
      ['https://localhost/', 'Leave out what is not the host: localhost'],
      [
        '--days=900',
        "--days expects a whole number from 1 to 825 (browsers take no longer ones), got '900'.",
      ],
      ['--key', 'cert --help'],
    ] as const) {
      const { code, stderr } = await cert(home, cwd, name)
      expect(code).toBe(2)
      expect(stderr).toContain(sentence)
    }
  })

  it('--client makes one for who visits: a server that wants one lets nobody else in, one that takes any refuses a bad one', async () => {
    const home = folder({})
    const cwd = await made(home)
    const { code, stdout } = await cert(home, cwd, '--client', 'ada')
    expect(code).toBe(0)
    expect(stdout).toContain('--ssl-cert-reqs 2')
    const authority = join(home, 'server-workers/authority.pem')
    const own = pairIn(cwd, 'ada')
    const stranger = folder({})
    await cert(stranger, stranger, '--client', 'eve')
    const foreign = pairIn(stranger, 'eve')
    // The certificate of a server is none of a client.
    const others = pairIn(cwd, 'localhost')
    const line = `uvicorn main:app --port {port} --workers 2 ${FILES} --ssl-ca-certs ${authority}`
    for (const [reqs, letIn, refused] of [
      [0, [own, foreign, others, {}], []],
      [1, [own, {}], [foreign, others]],
      [2, [own], [foreign, others, {}]],
    ] as const) {
      const { port } = await serving(`${line} --ssl-cert-reqs ${reqs}`, { cwd })
      const ca = readFileSync(authority, 'utf8')
      for (const shown of letIn) expect(await statusOf(port, { ca, ...shown })).toBe(200)
      for (const shown of refused) await expect(statusOf(port, { ca, ...shown })).rejects.toThrow(/./)
    }
  })

  it('writes over no certificate that is not its own', async () => {
    const [home, cwd] = [folder({}), folder({ 'localhost.pem': 'mine', 'localhost-key.pem': 'mine' })]
    const { code, stderr } = await cert(home, cwd)
    expect(code).toBe(1)
    expect(stderr).toContain('localhost.pem is there already and was not made by this authority')
    expect(readFileSync(join(cwd, 'localhost-key.pem'), 'utf8')).toBe('mine')
  })

  it.each(['zh_CN.UTF-8', 'ko_KR.UTF-8'])('explains itself in %s', async (LANG) => {
    const { command } = await start('cert --help', { env: { LANG } })
    await command.end()
    expect(command.plain).toMatch(/\p{Script=Han}|\p{Script=Hangul}/u)
  })
})

describe('a certificate is taken up anew on SIGHUP, and no request is lost', () => {
  it.each(Object.entries(SERVERS))('%s', async (_, line) => {
    const home = folder({})
    const cwd = await made(home)
    const ca = readFileSync(join(home, 'server-workers/authority.pem'), 'utf8')
    const { command, port } = await serving(line, { cwd })
    const clients = [true, true, false, false].map((keepAlive) => new Client(port, ca, keepAlive))
    const seen = new Set<string>()
    for (let i = 0; i < 3; i++) {
      await cert(home, cwd)
      const { serialNumber } = new X509Certificate(readFileSync(join(cwd, 'localhost.pem')))
      command.kill(command.pid, 'HUP')
      // One after the other the workers are replaced; then every new connection gets it.
      for (let same = 0; same < 8;) same = (await serialOf(port, ca)) === serialNumber ? same + 1 : 0
      seen.add(serialNumber)
    }
    expect(seen.size).toBe(3)
    for (const client of clients) expect(await client.end()).toEqual([])
    expect(command.ended).toBeUndefined()
  })

  it('files that do not fit are told of, and the old ones stay', async () => {
    const home = folder({})
    const cwd = await made(home)
    const ca = readFileSync(join(home, 'server-workers/authority.pem'), 'utf8')
    const { command, port } = await serving(SERVERS['uvicorn, one process'], { cwd })
    const before = await serialOf(port, ca)
    writeFileSync(join(cwd, 'localhost.pem'), 'nothing')
    command.kill(command.pid, 'HUP')
    await command.printed('The certificate was not read again, and the old one stays:')
    expect(await serialOf(port, ca)).toBe(before)
  })
})

/** A folder with the application and a certificate. */
async function made(home: string): Promise<string> {
  const cwd = folder()
  const { code } = await cert(home, cwd)
  expect(code).toBe(0)
  return cwd
}

async function cert(home: string, cwd: string, ...words: readonly string[]) {
  const { command } = await start('cert', {
    cwd,
    typed: ['cert', ...words],
    env: { XDG_DATA_HOME: home },
    medium: { kind: 'pipes' },
  })
  const end = await command.end()
  return { code: end.kind === 'code' ? end.code : undefined, ...command.text }
}

/** A certificate and its key, as a client shows them. */
function pairIn(cwd: string, name: string) {
  return {
    cert: readFileSync(join(cwd, `${name}.pem`), 'utf8'),
    key: readFileSync(join(cwd, `${name}-key.pem`), 'utf8'),
  }
}

function statusOf(port: number, options: SecureContextOptions): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', servername: 'localhost', port, agent: false, ...options }, (response) => {
      response.resume()
      resolve(response.statusCode)
    }).once('error', reject)
  })
}

/** The number of the certificate that a new connection gets. */
function serialOf(port: number, ca: string | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const trust = ca === undefined ? {} : { ca }
    const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ...trust }, () => {
      resolve(socket.getPeerX509Certificate()?.serialNumber ?? '')
      socket.destroy()
    })
    socket.once('error', reject)
  })
}

/** One request after the other. */
class Client {
  #isOver = false
  readonly #done: Promise<readonly string[]>

  constructor(port: number, ca: string, keepAlive: boolean) {
    this.#done = this.#run(port, new Agent({ keepAlive, maxSockets: 1, ca }))
  }

  /** What went wrong. */
  end(): Promise<readonly string[]> {
    this.#isOver = true
    return this.#done
  }

  async #run(port: number, agent: Agent): Promise<readonly string[]> {
    const failures: string[] = []
    while (!this.#isOver) {
      await new Promise<void>((resolve) => {
        const fail = (reason: unknown) => {
          failures.push(String(reason))
          resolve()
        }
        get({ host: '127.0.0.1', servername: 'localhost', port, agent }, (response) => {
          response.resume().once('end', resolve).once('error', fail)
          if (response.statusCode !== 200) fail(response.statusCode)
        }).once('error', fail)
      })
    }
    agent.destroy()
    return failures
  }
}
