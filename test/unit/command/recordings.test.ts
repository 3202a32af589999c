import { describe, expect, test } from 'vitest'
import { parseCommand } from '../../../simulator/command/index.ts'
import type { Parsed } from '../../../simulator/command/index.ts'
import { asRecorded } from '../../conformance/recording/bad-arguments.ts'
import {
  editions,
  isRecorded,
  load,
  loadBadArguments,
  scenarios,
  type Edition,
} from '../../conformance/recording/load.ts'
import { allLines, type Recorded } from '../../conformance/recording/scenario.ts'

/** gunicorn's own worker class, and uvicorn with uvloop and httptools, were recorded as editions of their own. */
const versionOf = (version: string) => version.replace(/-(asgi|standard)$/, '')

function parse({ program, version, command, env, medium }: Recorded): Parsed {
  return parseCommand(command.split(' '), {
    speaks: { program, version: versionOf(version) },
    env,
    columns: medium.kind === 'pty' ? medium.columns : 80,
    colors: medium.kind === 'pty',
    words: { notYet: 'not yet: {option}' },
  })
}

const named = ({ program, version }: Edition) => `${program} ${version}`

describe.each(editions().map((edition) => [named(edition), edition] as const))(
  '%s',
  (_, { program, version }) => {
    const recordings = scenarios(program, version).map((name) => load(program, version, name))

    test.each(recordings)('$name: $command', (recorded) => {
      const parsed = parse(recorded)
      if (parsed.kind !== 'run') throw new Error(`expected settings, got: ${parsed.text}`)
      const { settings } = parsed
      const { command, env } = recorded
      expect(settings.speaks).toEqual({ program, version: versionOf(version) })
      expect(settings.workers).toBe(Number(word(command, 'workers') ?? env['WEB_CONCURRENCY'] ?? 1))
      expect(settings.binds).toEqual([boundBy(recorded)])
      expect(settings.tls?.keyfile).toBe(word(command, '(?:ssl-)?keyfile'))
      expect(settings.tls?.certfile).toBe(word(command, '(?:ssl-)?certfile'))
      expect(settings.gunicorn?.workerClass).toBe(word(command, 'worker-class'))
      expect(settings.logLevel).toBe(word(command, 'log-level') ?? 'info')
      expect(settings.maxRequests).toBe(numberOf(word(command, '(?:limit-)?max-requests')))
      expect(settings.gracefulTimeout).toBe(
        numberOf(word(command, '(?:graceful-timeout|timeout-graceful-shutdown)')) ??
          (program === 'gunicorn' ? 30 : undefined),
      )
      expect(settings.gunicorn?.timeout).toBe(
        numberOf(word(command, 'timeout')) ?? (program === 'gunicorn' ? 30 : undefined),
      )
      expect(settings.gunicorn?.preload ?? false).toBe(command.includes('--preload'))
      expect(settings.accessLog).toBe(program !== 'gunicorn' || command.includes('--access-logfile -'))
      if (program === 'fastapi') {
        const [, path] = / (\S+\.py)$/.exec(command) ?? []
        expect(settings.fastapi).toEqual({ command: 'run', path, ...only('app', word(command, 'app')) })
      } else {
        expect(settings.app.typed).toBe(command.split(' ')[1])
      }
    })
  },
)

/** The value of an option in a command line. */
function word(command: string, option: string): string | undefined {
  return new RegExp(` --${option} (\\S+)`).exec(command)?.[1]
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}

function only(name: string, value: string | undefined): object {
  return value === undefined ? {} : { [name]: value }
}

function boundBy({ program, command }: Recorded): object {
  if (program === 'fastapi') return { kind: 'tcp', host: '0.0.0.0', port: 8000 }
  const path = word(command, 'uds') ?? / --bind unix:(\S+)/.exec(command)?.[1]
  if (path !== undefined) return { kind: 'unix', path }
  const fd = word(command, 'fd')
  if (fd !== undefined) return { kind: 'fd', fd: Number(fd) }
  const [, host, port] =
    / --bind \[?([^\]]+?)\]?:(\d+)/.exec(command) ?? / --host (\S+) --port (\d+)/.exec(command) ?? []
  return { kind: 'tcp', host, port: Number(port) }
}

const withArguments = editions().filter(({ program, version }) =>
  isRecorded(program, version, 'bad-arguments'),
)

test('many editions have recordings of wrong arguments', () => {
  expect(withArguments.map(named).sort()).toEqual([
    'fastapi 0.0.32',
    'fastapi 0.0.34',
    'fastapi 0.0.7',
    'gunicorn 20.1.0',
    'gunicorn 26.1.0',
    'gunicorn 26.2.0',
    'uvicorn 0.17.6',
    'uvicorn 0.51.0',
    'uvicorn 0.54.0',
    'uvicorn 0.54.0-standard',
  ])
})

describe.each(withArguments.map((edition) => [named(edition), edition] as const))(
  '%s, wrong and unusual arguments',
  (_, { program, version }) => {
    const all = loadBadArguments(program, version)
    const cases = all.cases.map((one) => asRecorded(all, one))
    const started = cases.filter(hasStarted)
    const decided = cases.filter((recorded) => !started.includes(recorded))

    test.each(decided)('$command: decided by its words', (recorded) => {
      const parsed = parse(recorded)
      if (parsed.kind !== 'print') throw new Error('expected text, got settings')
      const shown = parsed.text.replaceAll('\u001b', '\\e')
      // The recording was cut after the last line with text in it.
      expect(shown.trimEnd()).toBe(allLines(recorded).join('\n').trimEnd())
      expect(recorded.exit).toEqual({ kind: 'code', code: parsed.code })
      expect(parsed.stream).toBe(parsed.code === 0 ? 'stdout' : 'stderr')
    })

    test.each(started)('$command: left to the server', (recorded) => {
      expect(parse(recorded).kind).toBe('run')
    })
  },
)

/** Whether a server said something, of itself or of why it cannot be: then the words were good enough for settings. */
function hasStarted(recorded: Recorded): boolean {
  const lines = allLines(recorded)
  return (
    recorded.exit.kind === 'running' ||
    recorded.command.includes('--check-config') ||
    lines.some((line) =>
      /(?:INFO|ERROR)(?:\\e\[0m:|\])|Starting |OverflowError|^Error: class uri /.test(line),
    )
  )
}

describe('versions that we do not have', () => {
  test('are refused, with the names of those that we have', () => {
    const refused = (words: { notYet: string; unknownVersion?: string }) =>
      parseCommand(['gunicorn', 'main:app'], {
        speaks: { program: 'gunicorn', version: '21.2.0' },
        env: {},
        columns: 80,
        colors: false,
        words,
      })
    const words = { notYet: '{option}?', unknownVersion: 'no {program} {version}; take {versions}' }
    expect(refused(words)).toEqual({
      kind: 'print',
      stream: 'stderr',
      text: 'no gunicorn 21.2.0; take 26.2.0, 26.1.0, 20.1.0\n',
      code: 2,
    })
    expect(refused({ notYet: '{option}?' })).toMatchObject({
      text: 'gunicorn 21.2.0 (26.2.0, 26.1.0, 20.1.0)?\n',
      code: 2,
    })
  })
})
