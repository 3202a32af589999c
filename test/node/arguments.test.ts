import { describe, expect, it } from 'vitest'
import { DEFAULT_EDITIONS } from '../conformance/every.ts'
import { loadBadArguments } from '../conformance/recording/load.ts'
import { folder, start } from './real/app.ts'

/** gunicorn's complaints of other worker classes would be a riddle; ours names the class to take. */
const OTHER_WORKER_CLASS =
  /--worker-class (?!uvicorn\.workers\.UvicornWorker)|^gunicorn (?:main:app extra|nosuch:app --check)/

describe.each(DEFAULT_EDITIONS)('$program $version, bad arguments', ({ program, version }) => {
  const { cases, medium } = loadBadArguments(program, version)
  const ended = cases.filter(({ exit, command }) => exit.kind === 'code' && !OTHER_WORKER_CLASS.test(command))
  // What starts and goes on is among the scenarios; what names workers as well.
  const own = ended.filter(({ lines }) => !lines.some((line) => line.includes('<w1>')))

  it.each(own)('$command', async ({ command: line, lines, exit }) => {
    const typed = line.replace('main.py', 'main.js')
    const { command, cwd } = await start(typed, { medium })
    expect(await command.end()).toEqual(exit)
    const printed = command.text.stdout.replaceAll('\r\n', '\n').replaceAll('\u001b', '\\e')
    const ours = readable(printed.split('\n'), command.pid, cwd)
    const theirs = readable(lines, command.pid, cwd)
    // Of a traceback the last line: what is inside is Python's.
    const isTraceback = lines.some((text) => text.includes('Traceback'))
    if (isTraceback) expect(ours.at(-1)).toBe(theirs.at(-1))
    else expect(ours).toEqual(theirs)
  })
})

describe('gunicorn without a worker class of uvicorn', () => {
  it.each([
    ['gunicorn main:app', 'gunicorn main:app --worker-class uvicorn.workers.UvicornWorker'],
    [
      'gunicorn main:app -k sync --bind 127.0.0.1:81 --workers=4',
      'gunicorn main:app --bind 127.0.0.1:81 --workers=4 --worker-class uvicorn.workers.UvicornWorker',
    ],
    [
      'gunicorn --worker-class=uvicorn.workers.Nosuch main:app',
      'gunicorn main:app --worker-class uvicorn.workers.UvicornWorker',
    ],
  ])('%s: says what to type', async (line, better) => {
    const { command } = await start(line, { cwd: folder() })
    expect(await command.end()).toEqual({ kind: 'code', code: 1 })
    expect(command.plain).toMatch(/^gunicorn's worker class '[\w.]+' cannot run an application like yours/)
    expect(command.plain.trimEnd().split('\n').at(-1)).toBe(`  server-workers ${better}`)
  })
})

/** Lines with the names of the recordings, without empty ones. */
function readable(lines: readonly string[], parent: number, cwd: string): readonly string[] {
  const named = lines.map((line) =>
    line
      .replace(/(\[|m)\d+(?=\\e\[0m\]|\])/g, (whole, before: string) =>
        whole === `${before}${parent}` ? `${before}<parent>` : whole,
      )
      .replace(/\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000\]/, '[<ts>]')
      .replaceAll(cwd, '/home/user/code/awesomeapp'),
  )
  return named.filter((line) => line.trim() !== '')
}
