/** An application in Python that stands beside one in JavaScript: the real uvicorn with the real FastAPI serves it, and both answer alike. */
import { get } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { beforeAll, describe, expect, test } from 'vitest'
import { defaultSpeaker } from '../../simulator/manager/versions.ts'
import { COMMAND, NODE } from '../node/real/command.ts'
import { folder } from '../node/real/app.ts'
import { until } from '../node/real/processes.ts'
import { begin, type Server } from './begin.ts'
import { environmentWith, type Environment } from './environment.ts'
import { WITHOUT_PYPI } from './pypi.ts'
import { isEndless, twins } from './twins.ts'

/** What one server said to one request. `pid` stands for the number of its process. */
interface Said {
  readonly end: 'answered' | 'closed' | 'still waiting'
  readonly status?: number
  readonly type?: string | undefined
  readonly body?: string
}

/** So long an answer is waited for; and so long one that never ends, in ms. */
const PATIENCE = 20_000
const ENDLESS = 1500

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

    test.each(twins.map((pair) => [pair.id, pair] as const))(
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
