import { Kernel } from '../../../simulator/host/virtual/kernel.ts'
import { scripted } from '../../../simulator/host/virtual/scripted.ts'
import type { ExitStatus } from '../../../simulator/manager/machine.ts'
import type { Program, Settings } from '../../../simulator/manager/settings.ts'
import { newest } from '../../../simulator/manager/versions.ts'

/** Settings as a plain command line of the program gives them. */
export function settingsOf(program: Program, workers: number, more: Partial<Settings> = {}): Settings {
  return {
    speaks: newest(program),
    app: { typed: 'main:app', module: 'main', attribute: 'app' },
    binds: [{ kind: 'tcp', host: '0.0.0.0', port: 8080 }],
    workers,
    backlog: 2048,
    logLevel: 'info',
    accessLog: program !== 'gunicorn',
    keepAlive: 5,
    healthcheckTimeout: 5,
    timeout: 4,
    maxRequestsJitter: 0,
    ...(program === 'gunicorn' ? { gracefulTimeout: 30, workerClass: 'uvicorn.workers.UvicornWorker' } : {}),
    ...(program === 'fastapi' ? { fastapi: { command: 'run', path: 'main.py' } } : {}),
    ...more,
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
