import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Start } from './command.ts'
import { Command, FIXTURE } from './command.ts'
import { freePort } from './ports.ts'
import { until } from './processes.ts'

/** A folder with these files, removed after the test. Without files it holds the application of the recordings. */
export function folder(files?: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(tmpdir(), 'sw-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  if (files === undefined) cpSync(FIXTURE, path, { recursive: true })
  for (const [name, text] of Object.entries(files ?? {})) writeFileSync(join(path, name), text)
  return path
}

/** A command that runs, in a folder and on a port of its own. */
export interface Running {
  readonly command: Command
  readonly port: number
  readonly cwd: string
}

/**
 * Starts the command; `{port}` in a word is a port of its own. It is stopped after the test, and nothing of it may be left.
 * `typed` are the words, when they hold spaces.
 */
export async function start(
  line: string,
  {
    cwd = folder(),
    typed = line.split(' ').filter(Boolean),
    ...rest
  }: Partial<Start> & { typed?: readonly string[] } = {},
): Promise<Running> {
  const port = await freePort()
  const words = typed.map((word) => word.replaceAll('{port}', String(port)))
  const command = new Command(words, {
    cwd,
    ...rest,
  })
  onTestFinished(() => command.stop())
  return { command, port, cwd }
}

/** Starts the command and waits until all its workers serve. */
export async function serving(line: string, options: Partial<Start> = {}): Promise<Running> {
  const running = await start(line, options)
  const [, workers = '1'] = /--workers (\d+)/.exec(line) ?? []
  await served(running.command, running.port, Number(workers))
  return running
}

/** Waits until so many workers have said that they are ready, and one listens: as with the originals, that comes after the line. */
export async function served(command: Command, port: number, workers: number): Promise<void> {
  await command.printed('Application startup complete.', workers)
  await reachable(port)
}

/** Waits until somebody listens. No request is sent, so nothing is logged. */
export async function reachable(port: number): Promise<void> {
  let open = false
  const knock = () => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      open = true
      socket.destroy()
    })
    socket.once('error', () => setTimeout(knock, 10))
  }
  knock()
  await until(() => open, 20, `somebody listened on port ${port}`)
}

/** The three programs, each with as many workers. */
export const programs = (workers: number) =>
  ({
    uvicorn: `uvicorn main:app --host 127.0.0.1 --port {port} --workers ${workers}`,
    gunicorn: `gunicorn main:app --workers ${workers} --worker-class uvicorn.workers.UvicornWorker --bind 127.0.0.1:{port}`,
    fastapi: `fastapi run --workers ${workers} --host 127.0.0.1 --port {port} main.js`,
  }) as const
