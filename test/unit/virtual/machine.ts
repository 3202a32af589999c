import { Kernel } from '../../../simulator/host/virtual/kernel.ts'
import { scripted } from '../../../simulator/host/virtual/scripted.ts'
import type { ExitStatus } from '../../../simulator/manager/machine.ts'
import type {
  CommonSettings,
  GunicornSettings,
  ProgramName,
  Settings,
  UvicornSettings,
} from '../../../simulator/manager/settings.ts'
import { defaultSpeaker } from '../../../simulator/manager/versions.ts'

/** What a test may set. What the program does not know it does not get. */
export type More = Partial<
  CommonSettings &
    Pick<UvicornSettings, 'healthcheckTimeout'> &
    Pick<GunicornSettings, 'timeout' | 'workerClass' | 'preload'>
>

const UVICORN_WORKER = 'uvicorn.workers.UvicornWorker'

/** Settings as a plain command line of the program gives them. */
export function settingsOf(program: ProgramName, workers: number, more: More = {}): Settings {
  const { healthcheckTimeout = 5, timeout = 4, workerClass = UVICORN_WORKER, preload, ...others } = more
  const common: CommonSettings = {
    speaks: defaultSpeaker(program),
    app: { typed: 'main:app', module: 'main', attribute: 'app' },
    binds: [{ kind: 'tcp', host: '0.0.0.0', port: 8080 }],
    workers,
    backlog: 2048,
    logLevel: 'info',
    accessLog: program !== 'gunicorn',
    keepAlive: 5,
    maxRequestsJitter: 0,
    ...(program === 'gunicorn' ? { gracefulTimeout: 30 } : {}),
    ...others,
  }
  const uvicorn = { healthcheckTimeout }
  switch (program) {
    case 'uvicorn':
      return { ...common, uvicorn }
    case 'fastapi':
      return { ...common, uvicorn, fastapi: { command: 'run', path: 'main.py' } }
    case 'gunicorn':
      return { ...common, gunicorn: { timeout, workerClass, ...(preload === undefined ? {} : { preload }) } }
  }
}

/** A machine with one terminal, and a server started in it. */
export function launched(settings: Settings, seed: number, source = '') {
  const kernel = new Kernel({ seed, factory: scripted, files: { 'main.js': source } })
  kernel.openTerminal('server', { columns: 80, colors: 'truecolor' })
  const run: { ended?: ExitStatus } = {}
  const manager = kernel.launch({
    settings,
    command: `${settings.speaks.program} main:app`,
    env: {},
    terminal: 'server',
    onEnd: (status) => (run.ended = status),
  })
  const workers = () => kernel.processes().filter((each) => each.kind === 'worker' && each.state !== 'Z')
  const text = () =>
    kernel.trace.map((each) => (each.type === 'output' || each.type === 'echo' ? each.text : '')).join('')
  return { kernel, manager, workers, text, run }
}
