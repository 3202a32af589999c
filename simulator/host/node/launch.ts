import { existsSync } from 'node:fs'
import type { LogRecord } from '../../manager/log.ts'
import { message } from '../../manager/say.ts'
import type { Program, Settings } from '../../manager/settings.ts'
import { compareVersions, workerKind } from '../../manager/versions.ts'
import type { Notice } from '../../command/api.ts'
import { parseCommand } from '../../command/index.ts'
import { askedVersion } from './as-version.ts'
import { only } from '../../command/only.ts'
import { commandFiles } from './command-files.ts'
import { Failure } from './failure.ts'
import { fill, words } from './language.ts'
import { run } from './manager/run.ts'
import { medium } from './medium.ts'
import type { Succession } from './protocol.ts'
import { SUCCESSOR_VARIABLE } from './protocol.ts'
import { shellWord } from './shell-word.ts'
import { speaker } from './speak.ts'
import { typedAs } from './typed-as.ts'
import { write } from './write.ts'

/**
 * Runs a program's command line, in the version that `--as` asks for: a server starts, or what the program has to say of its
 * arguments is printed.
 */
export function launch(program: Program, line: readonly string[]): void {
  const { speaks, typed } = askedVersion(program, line)
  const stderr = medium('stderr')
  const parsed = parseCommand([program, ...typed], {
    speaks,
    env: process.env,
    columns: stderr.columns,
    colors: stderr.terminal && stderr.colors !== 'none',
    real: true,
    cwd: process.cwd(),
    files: commandFiles,
    get words() {
      return words()
    },
  })
  if (parsed.kind === 'print') {
    write(parsed.stream, parsed.text)
    process.exitCode = parsed.code
    return
  }
  refuseOtherWorkers(parsed.settings, line)
  const settings = setUp(parsed.settings)
  const say = speaker(settings)
  for (const notice of parsed.notices) say(record(notice))
  if (program === 'gunicorn' && existsSync('gunicorn.conf.py')) {
    say(message(process.pid, 'warning', [words().configFile]))
  }
  run(settings, takeSuccession())
}

/** Makes the surroundings that the application will find. gunicorn goes to the folder of `--chdir`, also for its own files. */
function setUp(settings: Settings): Settings {
  const { env, rootPath, gunicorn, speaks, appDir, ...rest } = settings
  Object.assign(process.env, env)
  if (rootPath !== undefined) process.env['ROOT_PATH'] = rootPath
  if (gunicorn?.name !== undefined) process.title = `gunicorn: master [${gunicorn.name}]`
  if (speaks.program !== 'gunicorn' || appDir === undefined) return settings
  process.chdir(appDir)
  return { ...rest, ...only({ env, rootPath, gunicorn }), speaks }
}

/** What this process takes over, when it is a second master. Its children are not told. */
function takeSuccession(): Succession | undefined {
  const text = process.env[SUCCESSOR_VARIABLE]
  delete process.env[SUCCESSOR_VARIABLE]
  return text === undefined ? undefined : (JSON.parse(text) as Succession)
}

function record({ level, text }: Notice): LogRecord {
  return message(process.pid, level, [text])
}

const WORKER_CLASS = 'uvicorn.workers.UvicornWorker'

/** gunicorn's own worker classes could not run the application; their complaint would be a riddle. */
function refuseOtherWorkers(settings: Settings, typed: readonly string[]): void {
  const { speaks, workerClass = 'sync' } = settings
  if (speaks.program !== 'gunicorn' || /(?:^|\.)Uvicorn(?:H11)?Worker$/.test(workerClass)) return
  // 26.1.0 has one of its own that can.
  if (workerKind(settings) === 'asgi' && compareVersions(speaks.version, '26.0.0') >= 0) return
  const better = [typedAs(), 'gunicorn', ...withoutWorkerClass(typed), '--worker-class', WORKER_CLASS]
  const command = better.map(shellWord).join(' ')
  throw new Failure(fill(words().workerClass, { class: workerClass, command }))
}

/** The arguments without a worker class: `-k X`, `-kX`, `--worker-class X`, `--worker-class=X`. */
function withoutWorkerClass(typed: readonly string[]): readonly string[] {
  return typed.filter((word, i) => {
    const before = typed[i - 1]
    const isValue = before === '-k' || before === '--worker-class'
    return !isValue && !word.startsWith('-k') && !/^--worker-class(?:=|$)/.test(word)
  })
}
