import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { COMMAND, NODE } from '../node/real/command.ts'
import type { Peers } from './peers.ts'

/** The folder of the applications. */
export const APPS = join(import.meta.dirname, 'apps')

/** A command line and its environment. */
export interface Launch {
  readonly file: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** A server with workers, which can be started. */
export interface Contestant {
  readonly name: string
  launch(port: number, workers: number): Launch
  /** How it is told to reload; `undefined` when it cannot. */
  readonly reload?: 'HUP' | ((launch: Launch) => Launch)
  /** The command exits at once and leaves a daemon: where its PID is found, and how it is ended. */
  readonly daemon?: { pidFile(launch: Launch): string; end(launch: Launch): Launch }
}

/** What our command serves: a web-standard handler, or a `(req, res)` listener, as the other programs in Node do. */
export type Shape = 'app' | 'listener'

const QUIET = ['--no-access-log', '--log-level', 'warning']

/** Our command as uvicorn. */
export const oursUvicorn = (shape: Shape = 'listener', more: readonly string[] = []): Contestant => ({
  name: 'server-workers uvicorn',
  reload: 'HUP',
  launch: (port, workers) =>
    ours('uvicorn', `main:${shape}`, '--port', `${port}`, '--workers', `${workers}`, ...QUIET, ...more),
})

/** Our command as gunicorn. */
export const oursGunicorn = (shape: Shape = 'listener', more: readonly string[] = []): Contestant => ({
  name: 'server-workers gunicorn',
  reload: 'HUP',
  launch: (port, workers) =>
    ours('gunicorn', `main:${shape}`, ...gunicornOptions(port, workers), '--log-level', 'warning', ...more),
})

function ours(...typed: readonly string[]): Launch {
  return { file: NODE, args: [COMMAND, ...typed] }
}

function gunicornOptions(port: number, workers: number): readonly string[] {
  return ['-k', 'uvicorn.workers.UvicornWorker', '-w', `${workers}`, '-b', `127.0.0.1:${port}`]
}

/** One process of `node:http`, with the adapter that we use when the application is a web-standard handler. */
export const plain = (shape: Shape): Contestant => ({
  name: 'node:http',
  launch: (port) => node(join(APPS, 'plain.mjs'), `${port}`, shape === 'app' ? 'fetch' : 'listener'),
})

/**
 * A lower bound for managers: processes of `node:http` that share a socket, and a parent that does nothing for them. It shows how much of
 * the result is Node's and the system's.
 */
export const bareShared: Contestant = {
  name: 'bare processes on one socket',
  launch: (port, workers) => node(join(APPS, 'shared-parent.mjs'), `${port}`, `${workers}`),
}

export const cluster: Contestant = {
  name: 'node:cluster',
  reload: 'HUP',
  launch: (port, workers) => node(join(APPS, 'cluster.mjs'), `${port}`, `${workers}`),
}

function node(...args: readonly string[]): Launch {
  return { file: NODE, args }
}

/** The other programs that are installed. */
export function peersOf({ folder, environments, versions }: Peers): readonly Contestant[] {
  const all: Contestant[] = []
  if (versions['throng'] !== undefined && folder !== undefined) {
    all.push({
      name: `throng ${versions['throng']}`,
      launch: (port, workers) => ({
        ...node(join(APPS, 'throng.mjs'), `${workers}`),
        env: { PORT: `${port}`, PEERS: join(folder, 'package.json') },
      }),
    })
  }
  if (versions['pm2'] !== undefined && folder !== undefined)
    all.push(pm2(join(folder, 'node_modules/pm2/bin/pm2'), versions['pm2']))
  const { gunicorn, uvicorn } = environments
  if (gunicorn !== undefined) {
    all.push({
      name: `gunicorn ${versions['gunicorn']}`,
      reload: 'HUP',
      launch: (port, workers) => ({
        file: join(gunicorn.folder, 'bin/gunicorn'),
        args: ['main:app', '--log-level', 'warning', ...gunicornOptions(port, workers)],
      }),
    })
  }
  if (uvicorn !== undefined) {
    all.push({
      name: `uvicorn ${versions['uvicorn']}`,
      launch: (port, workers) => ({
        file: join(uvicorn.folder, 'bin/uvicorn'),
        args: ['main:app', '--port', `${port}`, '--workers', `${workers}`, ...QUIET],
      }),
    })
  }
  return all
}

function pm2(program: string, version: string): Contestant {
  const command = (launch: Launch, ...words: readonly string[]): Launch => ({
    ...launch,
    args: [program, ...words],
  })
  return {
    name: `pm2 ${version}`,
    launch: (port, workers) => ({
      ...node(program, 'start', join(APPS, 'serve.mjs'), '-i', `${workers}`, '--name', 'bench', '--silent'),
      // A home folder of its own: one of the reader's is left alone.
      env: { PORT: `${port}`, PM2_HOME: mkdtempSync(join(tmpdir(), 'bench-pm2-')) },
    }),
    reload: (launch) => command(launch, 'reload', 'bench', '--silent'),
    daemon: {
      pidFile: ({ env }) => join(env?.['PM2_HOME'] ?? '', 'pm2.pid'),
      end: (launch) => command(launch, 'kill', '--silent'),
    },
  }
}
