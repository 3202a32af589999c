import { expect, it } from 'vitest'
import { inTurn } from '../setup/seed.ts'
import { main, rows } from '../unit/command/bad-rows.ts'
import { start } from './real/app.ts'
import { until } from './real/processes.ts'

/** So that what is taken serves: on a port of its own, before what is tried. */
const RUNS = {
  uvicorn: ['--port', '{port}'],
  gunicorn: ['--bind', '127.0.0.1:{port}', '--worker-class', 'uvicorn.workers.UvicornWorker'],
  fastapi: ['--port', '{port}'],
} as const

/** Every eleventh: of each program, with each kind of value. */
const cases = rows
  .filter((_, i) => i % 11 === 0)
  .map((row) => [[row.program, ...row.before, main(row.option)].join(' '), row.kind, row] as const)

/** A sentence and an end, or a server; the unit test tries all of them, as far as the command line is read. */
it.each(inTurn('bad values on real processes', cases, 1 / 10))(
  '%s: %s, on real processes: no stack trace, and no end without a word',
  async (_, _kind, { program, before, after, option, typed }) => {
    const words = option.takes === 'nothing' ? [typed] : [main(option), typed]
    const { command } = await start('', { typed: [program, ...before, ...RUNS[program], ...words, ...after] })
    const serves = () => /startup complete|Listening at/.test(command.plain)
    await until(() => command.ended !== undefined || serves(), 45, 'it ended or served')
    if (command.ended === undefined) command.kill(command.pid, 'TERM')
    await command.end()
    expect(command.plain).not.toMatch(/^\s+at \S|node:internal|Warning: /m)
    expect(command.plain).not.toBe('')
  },
)
