import type { Banner } from '../log.ts'
import type { Discovery, Manager, ManagerEffect, ManagerEvent, Step } from '../machine.ts'
import { bindUrl, farewell } from '../say.ts'
import type { Settings } from '../settings.ts'
import type { SignalName } from '../signals.ts'
import type { Supervisor } from '../uvicorn/supervisor.ts'
import { uvicornSupervisor } from '../uvicorn/supervisor.ts'

/** `fastapi run`: first it looks for the application and imports it itself, then the uvicorn inside takes over. */
export interface FastapiCommand {
  readonly phase: 'new' | 'discovering' | 'uvicorn' | 'ended'
  readonly settings: Settings
  readonly pid: number
  readonly uvicorn: Supervisor | undefined
}

/** fastapi-cli 0.0.7: the banner, the check of the application, and the uvicorn 0.34.0 that it starts. */
export function fastapiCommand(settings: Settings): Manager<FastapiCommand> {
  return { initial: { phase: 'new', settings, pid: 0, uvicorn: undefined }, step, handles }
}

function handles(state: FastapiCommand, signal: SignalName): boolean {
  return state.uvicorn !== undefined && uvicornSupervisor(state.settings).handles(state.uvicorn, signal)
}

function step(state: FastapiCommand, event: ManagerEvent): Step<FastapiCommand, ManagerEffect> {
  if (state.phase === 'ended') return { state, effects: [] }
  if (event.type === 'start') return begin(state, event.pid)
  if (event.type === 'discovered' && state.phase === 'discovering')
    return discovered(state, event.at, event.discovery)
  return delegate(state, event)
}

function begin(state: FastapiCommand, pid: number): Step<FastapiCommand, ManagerEffect> {
  const command = state.settings.fastapi?.command ?? 'run'
  return {
    state: { ...state, phase: 'discovering', pid },
    effects: [show(pid, { show: 'title', command }), { type: 'discover' }],
  }
}

/** An application that is missing or that raises at import ends the command with code 1 before any server exists. */
function discovered(
  state: FastapiCommand,
  at: number,
  found: Discovery,
): Step<FastapiCommand, ManagerEffect> {
  if (!found.found) {
    const effects = [...refusal(state.pid, found), { type: 'exit', code: 1 } as const]
    return { state: { ...state, phase: 'ended' }, effects }
  }
  const effects = opening(state.settings, found).map((block) => show(state.pid, block))
  const typed = `${found.module}:${found.attribute}`
  const settings = { ...state.settings, app: { typed, module: found.module, attribute: found.attribute } }
  const manager = uvicornSupervisor(settings)
  const started = manager.step(manager.initial, { type: 'start', at, pid: state.pid })
  return {
    state: { ...state, phase: 'uvicorn', settings, uvicorn: started.state },
    effects: [...effects, ...started.effects.flatMap((effect) => withFarewell(state.pid, effect))],
  }
}

function delegate(state: FastapiCommand, event: ManagerEvent): Step<FastapiCommand, ManagerEffect> {
  if (state.uvicorn === undefined) return { state, effects: [] }
  const { state: uvicorn, effects } = uvicornSupervisor(state.settings).step(state.uvicorn, event)
  return {
    state: { ...state, uvicorn },
    effects: effects.flatMap((effect) => withFarewell(state.pid, effect)),
  }
}

function withFarewell(pid: number, effect: ManagerEffect): readonly ManagerEffect[] {
  return effect.type === 'exit' ? [{ type: 'log', record: farewell(pid) }, effect] : [effect]
}

function opening(settings: Settings, found: Discovery & { found: true }): readonly Banner[] {
  const command = settings.fastapi?.command ?? 'run'
  const [bind] = settings.binds
  const url = bind === undefined ? '' : bindUrl(bind, false)
  const importString = `${found.module}:${found.attribute}`
  return [
    { show: 'searching', folder: found.folder },
    { show: 'module', file: found.file },
    { show: 'code', module: found.module, attribute: found.attribute },
    { show: 'app', importString },
    { show: 'server', url, docs: `${url}/docs`, command },
    { show: 'logs' },
  ]
}

/** rich draws an exception's box when the page has been closed. */
function refusal(pid: number, found: Discovery & { found: false }): readonly ManagerEffect[] {
  const searching = show(pid, { show: 'searching' })
  const closing: ManagerEffect = { type: 'log', record: farewell(pid) }
  if (found.reason === 'raised') {
    return [searching, closing, show(pid, { show: 'exception', raised: found.raised })]
  }
  return [searching, show(pid, { show: 'error', text: complaint(found) }), closing]
}

function complaint(found: Exclude<Discovery & { found: false }, { reason: 'raised' }>): string {
  switch (found.reason) {
    case 'no-path':
      return `Path does not exist ${found.path}`
    case 'no-default-file':
      return 'Could not find a default file to run, please provide an explicit path'
    case 'no-app':
      return found.wanted === undefined
        ? 'Could not find FastAPI app in module, try using --app'
        : `Could not find app name ${found.wanted} in ${found.module}`
  }
}

function show(pid: number, banner: Banner): ManagerEffect {
  return { type: 'log', record: { kind: 'banner', pid, banner } }
}
