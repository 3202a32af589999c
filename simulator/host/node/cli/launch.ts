import { existsSync } from 'node:fs'
import { arbiterRules } from '../../../manager/gunicorn/rules.ts'
import type { LogRecord } from '../../../manager/log.ts'
import { message } from '../../../manager/say.ts'
import type { ProgramName, Settings } from '../../../manager/settings.ts'
import { traitsOf } from '../../../manager/traits.ts'
import { workerKind } from '../../../manager/versions.ts'
import type { StartupNotice } from '../../../command/api.ts'
import { parseCommand } from '../../../command/index.ts'
import { askedVersion } from './as-version.ts'
import { commandFiles } from './command-files.ts'
import { Failure } from '../output/failure.ts'
import { enterFolder } from '../parent/folder.ts'
import { fill, words } from '../output/language.ts'
import { run } from '../parent/run.ts'
import { refuseMistakes } from './mistakes.ts'
import { refuseIncomplete } from './parts.ts'
import { medium } from '../output/medium.ts'
import { passedBinds, takePassedSockets } from '../parent/passed-sockets.ts'
import type { Succession } from '../ipc/protocol.ts'
import { SUCCESSOR_VARIABLE } from '../ipc/protocol.ts'
import { shellWord } from './shell-word.ts'
import { recordPrinter } from '../output/speak.ts'
import { commandAsTyped } from './command-as-typed.ts'
import { write } from '../output/write.ts'

/**
 * Runs a program's command line, in the version that `--as` asks for: starts a server, or prints the program's answer to its arguments
 * (help, a usage error).
 */
export function launch(program: ProgramName, line: readonly string[]): void {
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
  refuseIncomplete()
  refuseOtherWorkers(parsed.settings, line)
  const passed = takePassedSockets()
  const settings = withPassed(setUp(parsed.settings), passed)
  refuseMistakes(settings)
  const say = recordPrinter(settings)
  for (const notice of parsed.notices) say(record(notice))
  const { configFile, knowsInitSystem } = traitsOf(settings.speaks)
  if (configFile !== undefined && existsSync(configFile)) {
    say(message(process.pid, 'warning', [words().configFile]))
  }
  if (passed > 0 && settings.binds.every(({ kind }) => kind !== 'fd')) {
    say(message(process.pid, 'warning', [fill(words().systemd.passedSockets, { count: passed })]))
  }
  if (process.env['NOTIFY_SOCKET'] && !knowsInitSystem) {
    say(message(process.pid, 'info', [fill(words().systemd.told, { program })]))
  }
  run(settings, takeSuccession())
}

/** With gunicorn, the sockets that an init system passes replace its own; the other programs ignore them. */
function withPassed(settings: Settings, count: number): Settings {
  return traitsOf(settings.speaks).knowsInitSystem && count > 0
    ? { ...settings, binds: passedBinds(count) }
    : settings
}

/** Sets up the environment that the application will find. gunicorn changes into the folder of `--chdir`, also for its own files. */
function setUp(settings: Settings): Settings {
  const { env, rootPath, gunicorn, speaks } = settings
  Object.assign(process.env, env)
  if (rootPath !== undefined) process.env['ROOT_PATH'] = rootPath
  if (gunicorn?.name !== undefined) process.title = `gunicorn: master [${gunicorn.name}]`
  if (!traitsOf(speaks).goesToAppDir || settings.appDir === undefined) return settings
  enterFolder(settings.appDir)
  const { appDir: _, ...there } = settings
  return there
}

/** What a second master inherits from the first. Its children do not see the variable. */
function takeSuccession(): Succession | undefined {
  const text = process.env[SUCCESSOR_VARIABLE]
  delete process.env[SUCCESSOR_VARIABLE]
  return text === undefined ? undefined : (JSON.parse(text) as Succession)
}

function record({ level, text }: StartupNotice): LogRecord {
  return message(process.pid, level, [text])
}

const WORKER_CLASS = 'uvicorn.workers.UvicornWorker'

/** gunicorn's other worker classes cannot run the application, and their own messages would not explain why. */
function refuseOtherWorkers(settings: Settings, typed: readonly string[]): void {
  const { speaks, gunicorn } = settings
  const workerClass = gunicorn?.workerClass ?? 'sync'
  if (!traitsOf(speaks).hasWorkerClasses || /(?:^|\.)Uvicorn(?:H11)?Worker$/.test(workerClass)) return
  if (workerKind(settings) === 'asgi' && arbiterRules(speaks.version).hasAsgiWorker) return
  const better = [
    commandAsTyped(),
    speaks.program,
    ...withoutWorkerClass(typed),
    '--worker-class',
    WORKER_CLASS,
  ]
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
