import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inTurn } from '../setup/seed.ts'
import { reachable, start } from './real/app.ts'
import { textOf } from './real/client.ts'
import type { Start } from './real/command.ts'
import { lives, until } from './real/processes.ts'

const hasBash = spawnSync('bash', ['-c', 'nohup true'], { stdio: 'ignore' }).status === 0

/** Each leaves a trace of its own: nohup takes a terminal's input away, a shell names what it has started. */
const ways: Readonly<Record<string, Partial<Start>>> = {
  'in a terminal': { by: ['nohup'], outlived: true },
  'in a shell without one': { by: ['bash', '-c', 'nohup "$@"', 'bash'], medium: { kind: 'pipes' } },
}

const lines = [
  ['uvicorn main:app --port {port}', 0],
  ['uvicorn --as 0.17.6 main:app --port {port} --workers 2', 2],
  ['uvicorn main:app --port {port} --reload', 1],
  ['fastapi run --port {port} main.js', 0],
] as const

describe.skipIf(!hasBash)('a hang-up does nothing to what `nohup` has started, as with the originals', () => {
  const cases = lines.flatMap(([line, workers]) =>
    Object.keys(ways).map((way) => [line, way, workers] as const),
  )

  it.each(inTurn('ways to start with nohup', cases, 1 / 2))('%s, %s', async (line, way, workers) => {
    const { command, port, cwd } = await start(line, ways[way] ?? {})
    const out = join(cwd, 'nohup.out')
    const log = () => (existsSync(out) ? readFileSync(out, 'utf8') : command.plain)
    await until(() => log().split('startup complete').length > Math.max(workers, 1), 30, 'all serve')
    await reachable(port)
    const before = command.living
    expect(before).toHaveLength(workers)
    for (const pid of [command.pid, ...before]) command.kill(pid, 'HUP')
    expect(await textOf(port, '/')).toBe('hello\n')
    command.kill(command.pid, 'TERM')
    await command.end()
    expect(before.filter(lives)).toEqual([])
    expect(log()).toContain('Shutting down')
  })
})
