import { spawn } from 'node:child_process'
import { onTestFinished } from 'vitest'
import { freePort } from '../node/real/ports.ts'
import { until } from '../node/real/processes.ts'

/** A server that runs `main:app` as one process. */
export interface Server {
  readonly port: number
  readonly pid: number
  /** Its exit code as soon as it has ended. */
  readonly code: () => number | null
}

/** Starts a server of one process and waits until it serves, or has ended. It ends with the test. */
export async function begin(
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
