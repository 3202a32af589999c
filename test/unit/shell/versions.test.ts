import { describe, expect, test } from 'vitest'
import english from '../../../content/lab/en.json' with { type: 'json' }
import { Kernel } from '../../../simulator/host/virtual/kernel.ts'
import { scripted } from '../../../simulator/host/virtual/scripted.ts'
import type { ProgramName } from '../../../simulator/manager/settings.ts'
import { decodeKeys } from '../../../simulator/shell/editor/keys.ts'
import { Desk } from '../../../simulator/shell/desk/index.ts'
import { stripAnsi } from '../../../simulator/terminal/index.ts'

type Versions = Readonly<Record<ProgramName, string>>

const OLD: Versions = { uvicorn: '0.17.6', gunicorn: '20.1.0', fastapi: '0.0.7' }
const NEW: Versions = { uvicorn: '0.30.6', gunicorn: '26.1.0', fastapi: '0.0.32' }

/** A desk before a machine with these versions; `answers`: the screen answers questions for its colours, as an emulator does. */
function deskWith(versions: Versions) {
  const kernel = new Kernel({ seed: 1, factory: scripted, files: { 'main.js': '', 'main.py': '' }, versions })
  let raw = ''
  const answers: string[] = []
  const desk = new Desk(
    kernel,
    {
      machine: { cores: 4, memory: 4 * 1024 ** 3, seed: 1, versions },
      clients: { clients: 1, method: 'GET', target: '/', pause: [100, 200], patience: 1000 },
    },
    {
      words: english.shell,
      onScreen: (terminal, text) => {
        raw += text
        for (const [, code = ''] of text.matchAll(/\x1b\](1[01]);\?\x1b\\/g)) {
          const answer = `\x1b]${code};rgb:1e1e/1e1e/2e2e\x1b\\`
          answers.push(answer)
          desk.apply({ type: 'keys', terminal, data: answer })
        }
      },
    },
  )
  kernel.subscribe((event) => desk.take(event))
  desk.apply({ type: 'open', terminal: 'server', columns: 80 })
  return {
    kernel,
    answers,
    line: (text: string) => desk.apply({ type: 'line', terminal: 'server', text }),
    keys: (data: string) => desk.apply({ type: 'keys', terminal: 'server', data }),
    /** What stands behind the prompt. */
    get typed() {
      return desk.terminals.get('server')?.line.text
    },
    get text() {
      return stripAnsi(raw)
    },
  }
}

describe('a machine has the versions that were chosen for it', () => {
  test.each([
    ['uvicorn --version', OLD, 'Running uvicorn 0.17.6 '],
    ['gunicorn --version', OLD, 'gunicorn (version 20.1.0)'],
    ['fastapi --version', OLD, 'FastAPI CLI version: 0.0.7'],
    ['uvicorn --version', NEW, 'Running uvicorn 0.30.6 '],
    ['gunicorn --version', NEW, 'gunicorn (version 26.1.0)'],
    ['fastapi --version', NEW, 'FastAPI CLI version: 0.0.32'],
    ['pip list', NEW, /fastapi-cli +0\.0\.32\s+gunicorn +26\.1\.0\s+uvicorn +0\.30\.6/],
  ] as const)('%s', async (line, versions, said) => {
    const desk = deskWith(versions)
    desk.line(line)
    await desk.kernel.runUntil(3000)
    expect(desk.text).toMatch(said instanceof RegExp ? said : new RegExp(RegExp.escape(said)))
  })

  test('and they behave so: SIGHUP ends uvicorn 0.17.6, and 0.30.6 gets new workers from it', async () => {
    const old = deskWith(OLD)
    const newer = deskWith(NEW)
    for (const desk of [old, newer]) {
      desk.line('uvicorn main:app --workers 2 &')
      await desk.kernel.runUntil(5000)
      desk.line('pkill -HUP -o uvicorn')
      await desk.kernel.runUntil(12_000)
    }
    expect(old.text).toMatch(/Hangup +uvicorn main:app/)
    expect(newer.text).not.toContain('Hangup')
    expect(newer.text.match(/Started server process/g)).toHaveLength(4)
  })

  test('of which there is one that we have', () => {
    expect(() => deskWith({ ...OLD, gunicorn: '21.2.0' })).toThrow(
      'expected a version of gunicorn from 26.2.0, 26.1.0, 20.1.0, got 21.2.0',
    )
  })
})

describe("a program's question for the terminal's colours", () => {
  test('is answered to the program, and neither question nor answer is to be seen', async () => {
    const desk = deskWith(NEW)
    desk.line('fastapi run --workers 2 main.py')
    await desk.kernel.runUntil(8000)
    expect(desk.answers.length).toBeGreaterThan(6)
    // Nobody waits a second for an answer: with six and more questions it would not be up yet.
    expect(desk.text).toContain('Application startup complete.')
    desk.keys('\x03')
    await desk.kernel.runUntil(16_000)
    expect(desk.text).not.toMatch(/rgb:|1[01];/)
    // What was taken for typed would stand behind the prompt now.
    expect(desk.text).toContain('Stopping parent process')
    expect(desk.typed).toBe('')
  })

  test('comes as no key, however the emulator ends its answer', () => {
    const answers = [
      '\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\',
      '\x1b]10;rgb:ffff/ffff/ffff\x07',
      '\x1bP>|xterm.js(6.0.0)\x1b\\',
      '\x1b[?1;2c',
    ]
    expect(decodeKeys(answers.join(''))).toEqual([])
    expect(decodeKeys(`a${answers.join('b')}c`)).toEqual(
      ['a', 'b', 'b', 'b', 'c'].map((text) => ({ key: 'text', text })),
    )
  })
})
