/** An application in Python that stands beside one in JavaScript: the real uvicorn with the real FastAPI serves it, and both answer alike. */
import { spawn } from 'node:child_process'
import { get } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { defaultSpeaker } from '../../simulator/manager/versions.ts'
import { SCENARIOS } from '../../simulator/scenario/index.ts'
import { presets } from '../../src/playground/all-presets.ts'
import { COMMAND, NODE } from '../node/real/command.ts'
import { folder } from '../node/real/app.ts'
import { freePort } from '../node/real/ports.ts'
import { until } from '../node/real/processes.ts'
import { environmentWith, type Environment } from './environment.ts'
import { WITHOUT_PYPI } from './pypi.ts'

/** What one server said to one request. `pid` stands for the number of its process. */
interface Said {
  readonly end: 'answered' | 'closed' | 'still waiting'
  readonly status?: number
  readonly type?: string | undefined
  readonly body?: string
}

/** Both files, and what is asked, one after the other. */
interface Twins {
  readonly id: string
  readonly js: string
  readonly py: string
  readonly asked: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** So long an answer is waited for; and so long one that never ends, in ms. */
const PATIENCE = 20_000
const ENDLESS = 1500

const ENVIRONMENT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'crash-import': { DATABASE_URL: 'postgres://localhost/app' },
}

/** What a preset's clients and its suggested commands ask for, twice each where it may count. */
const ofPresets: readonly Twins[] = presets.map(({ id, app, twin, clients, offered }) => {
  const typed = offered.flatMap((line) => /^curl http:\/\/[^/]+(\/\S*)/.exec(line)?.[1] ?? [])
  // What ends or blocks its process is asked last.
  const asked = [...new Set([...typed, clients.target])].toSorted(
    (a, b) => Number(isLast(a)) - Number(isLast(b)),
  )
  return {
    id,
    js: app,
    py: twin,
    asked: id === 'counter' ? [...asked, ...asked] : asked,
    env: ENVIRONMENT[id] ?? {},
  }
})

/** The applications of the chapters, asked what their labs' clients ask. */
const ofLabs: readonly Twins[] = SCENARIOS.flatMap(({ id, files, clients }) => {
  const [js, py] = [files['main.js'], files['main.py']]
  const asked =
    id === 'replication'
      ? ['/', '/count', '/count', '/metrics', '/wait', '/compute', '/block']
      : ['/', clients.target]
  if (js === undefined || py === undefined) return []
  return [
    {
      id: `the lab ${id}`,
      js,
      py,
      asked: id === 'restarts' ? [...asked, '/busy/0', '/slow/0', '/crash'] : asked,
    },
  ]
})

/** Each pair of files once. */
const all = [...ofPresets, ...ofLabs].filter(
  (twins, at, list) => list.findIndex(({ js, py }) => js === twins.js && py === twins.py) === at,
)

/** Presets of which no worker ever serves: both must end, with the same code. */
const NEVER_SERVES = ['failing-startup']

describe.skipIf(WITHOUT_PYPI !== undefined)(
  `the twins in Python, on the real uvicorn with the real FastAPI${WITHOUT_PYPI ?? ''}`,
  () => {
    let environment: Environment | undefined
    beforeAll(async () => {
      environment = await environmentWith(`twins-${defaultSpeaker('uvicorn').version}`, [
        `uvicorn==${defaultSpeaker('uvicorn').version}`,
        'fastapi',
      ])
    }, 120_000)

    test.each(all.map((twins) => [twins.id, twins] as const))(
      '%s answers as main.js',
      async (id, { js, py, asked, env = {} }) => {
        const cwd = folder({ 'main.js': js, 'main.py': py, 'package.json': '{"type": "module"}' })
        const python = join(environment?.folder ?? '', 'bin/python')
        const [ours, theirs] = await Promise.all([
          begin([NODE, COMMAND, 'uvicorn'], cwd, env),
          begin([python, '-m', 'uvicorn'], cwd, env),
        ])
        if (NEVER_SERVES.includes(id)) {
          await until(() => ours.code() !== null && theirs.code() !== null, 30, 'both had ended')
          expect(ours.code()).toBe(theirs.code())
          expect(theirs.code()).toBe(3)
          return
        }
        for (const path of asked)
          expect([path, await ask(ours, path)]).toEqual([path, await ask(theirs, path)])
      },
    )
  },
)

interface Server {
  readonly port: number
  readonly pid: number
  /** Its exit code as soon as it has ended. */
  readonly code: () => number | null
}

/** Starts a server of one process and waits until it serves, or has ended. */
async function begin(
  program: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Server> {
  const port = await freePort()
  const [file = '', ...rest] = program
  const child = spawn(file, [...rest, 'main:app', '--port', String(port)], {
    cwd,
    env: { ...process.env, ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (piece: string) => (output += piece))
  onTestFinished(() => void child.kill('SIGKILL'))
  await until(
    () => output.includes('Uvicorn running on') || child.exitCode !== null,
    60,
    `it served; it said ${output}`,
  )
  return { port, pid: child.pid ?? 0, code: () => child.exitCode }
}

/** Asks, and tells what came without what must differ: the number of the process, and the words of an error. */
function ask({ port, pid }: Server, path: string): Promise<Said> {
  return new Promise((resolve) => {
    let status: number | undefined
    let type: string | undefined
    let begun = ''
    const request = get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      status = response.statusCode
      type = response.headers['content-type']?.replace(/; *charset=.*/, '')
      response.on('data', (piece: Buffer) => (begun += piece.toString()))
      text(response).then(
        (body) => done({ end: 'answered', status: status ?? 0, type, body: without(body, pid) }),
        () => done({ end: 'closed' }),
      )
    })
    const tired = setTimeout(
      () => {
        // An answer that goes on without end: how it begins.
        done(
          status === undefined
            ? { end: 'still waiting' }
            : { end: 'still waiting', status, type, body: without(begun, pid) },
        )
        request.destroy()
      },
      isEndless(path) ? ENDLESS : PATIENCE,
    )
    const done = (said: Said) => {
      clearTimeout(tired)
      resolve(said)
    }
    request.once('error', () => done({ end: 'closed' }))
  })
}

/** JSON however it is spaced. */
function without(body: string, pid: number): string {
  try {
    const value = JSON.parse(body) as Record<string, unknown>
    return JSON.stringify(
      Object.fromEntries(Object.entries(value).map(([key, one]) => [key, one === pid ? 'pid' : one])),
    )
  } catch {
    return body.replaceAll(String(pid), 'pid')
  }
}

function isEndless(path: string): boolean {
  return path === '/hang' || path === '/events'
}

function isLast(path: string): boolean {
  return path === '/crash' || path === '/hang'
}
