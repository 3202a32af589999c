import type { Banner, LogRecord } from '../log.ts'
import type { Discovery, Manager, ManagerEffect, ManagerEvent, StepResult } from '../machine.ts'
import { bindUrl, closingLine, logQuestions, styleQuestions } from '../say.ts'
import type { Reload, SettingsOfFastapi } from '../settings.ts'
import type { SignalName } from '../signals.ts'
import type { Reloader } from '../uvicorn/reloader.ts'
import { uvicornReloader } from '../uvicorn/reloader.ts'
import type { Supervisor } from '../uvicorn/supervisor-state.ts'
import { uvicornSupervisor } from '../uvicorn/supervisor.ts'
import { fastapiRules } from './rules.ts'

/** The state of `fastapi run`: it finds and imports the application itself, then hands over to the uvicorn inside it. */
export interface FastapiCommand {
  readonly phase: 'new' | 'asking' | 'discovering' | 'running' | 'ended'
  readonly settings: SettingsOfFastapi
  readonly pid: number
  /** Whether the banner has been printed. */
  readonly opened: boolean
  /** Queries that have not been sent to the terminal yet. */
  readonly questions: readonly LogRecord[]
  readonly uvicorn: Supervisor | Reloader | undefined
}

/** fastapi-cli: the queries to the terminal (0.0.32), the banner, the check of the application, and then the uvicorn that it starts. */
export function fastapiCommand(settings: SettingsOfFastapi): Manager<FastapiCommand> {
  const initial = {
    phase: 'new',
    settings,
    pid: 0,
    opened: false,
    questions: [],
    uvicorn: undefined,
  } as const
  return { initial, step, handles }
}

/** During a query Ctrl+C has no effect. */
function handles(state: FastapiCommand, signal: SignalName): boolean {
  if (state.phase === 'asking') return signal === 'INT'
  const { uvicorn, settings } = state
  if (uvicorn === undefined) return false
  return 'reload' in uvicorn
    ? reloader(settings, uvicorn.reload).handles(uvicorn, signal)
    : uvicornSupervisor(settings).handles(uvicorn, signal)
}

type Taken = StepResult<FastapiCommand, ManagerEffect>

function step(state: FastapiCommand, event: ManagerEvent): Taken {
  switch (event.type) {
    case 'start': {
      const { pid } = event
      return ask({ ...state, pid, questions: styleQuestions(state.settings.speaks, pid) }, event.at)
    }
    case 'answered':
      return state.phase === 'asking' ? ask(state, event.at) : { state, effects: [] }
    case 'discovered':
      return state.phase === 'discovering'
        ? discovered(state, event.at, event.discovery)
        : { state, effects: [] }
    default:
      return delegate(state, event)
  }
}

/** Sends the next query to the terminal; after the last one, prints the banner and starts uvicorn. */
function ask(state: FastapiCommand, at: number): Taken {
  const [record, ...questions] = state.questions
  if (record !== undefined) {
    return { state: { ...state, phase: 'asking', questions }, effects: [{ type: 'ask', record }] }
  }
  return state.opened ? startUvicorn(state, at) : open(state)
}

function open(state: FastapiCommand): Taken {
  const command = state.settings.fastapi.command
  return {
    state: { ...state, phase: 'discovering' },
    effects: [show(state.pid, { show: 'title', command }), { type: 'discover' }],
  }
}

/** An application that is missing or that raises at import ends the command with code 1 before any server exists. */
function discovered(state: FastapiCommand, at: number, found: Discovery): Taken {
  const { pid, settings } = state
  if (!found.found) {
    const effects = [...refusal(state, found), { type: 'exit', code: 1 } as const]
    return { state: { ...state, phase: 'ended' }, effects }
  }
  const shown = opening(settings, found).map((block) => show(pid, block))
  const { module, attribute } = found
  const app = { typed: `${module}:${attribute}`, module, attribute }
  const questions = logQuestions(settings.speaks, pid)
  const asking = ask({ ...state, settings: { ...settings, app }, opened: true, questions }, at)
  return { state: asking.state, effects: [...shown, ...asking.effects] }
}

function startUvicorn(state: FastapiCommand, at: number): Taken {
  const { settings, pid } = state
  const { reload } = settings.uvicorn
  const event = { type: 'start', at, pid } as const
  return follow(
    { ...state, phase: 'running' },
    reload === undefined
      ? begun(uvicornSupervisor(settings), event)
      : begun(reloader(settings, reload), event),
  )
}

function begun<State>(manager: Manager<State>, event: ManagerEvent): StepResult<State, ManagerEffect> {
  return manager.step(manager.initial, event)
}

function reloader(settings: SettingsOfFastapi, reload: Reload): Manager<Reloader> {
  return uvicornReloader(settings, reload)
}

function delegate(state: FastapiCommand, event: ManagerEvent): Taken {
  if (state.phase !== 'running' || state.uvicorn === undefined) return { state, effects: [] }
  const { uvicorn, settings } = state
  return follow(
    state,
    'reload' in uvicorn
      ? reloader(settings, uvicorn.reload).step(uvicorn, event)
      : uvicornSupervisor(settings).step(uvicorn, event),
  )
}

function follow(state: FastapiCommand, taken: StepResult<Supervisor | Reloader, ManagerEffect>): Taken {
  const effects = taken.effects.flatMap((effect) => withFarewell(state.pid, effect))
  return { state: { ...state, uvicorn: taken.state }, effects }
}

function withFarewell(pid: number, effect: ManagerEffect): readonly ManagerEffect[] {
  return effect.type === 'exit' ? [{ type: 'log', record: closingLine(pid) }, effect] : [effect]
}

function opening(settings: SettingsOfFastapi, found: Discovery & { found: true }): readonly Banner[] {
  const { command, path, app, entrypoint } = settings.fastapi
  const [bind] = settings.binds
  const url = bind === undefined ? '' : bindUrl(bind, false)
  const importString = `${found.module}:${found.attribute}`
  const { showsSearch } = fastapiRules(settings.speaks.version)
  const search: readonly Banner[] = [
    { show: 'searching', folder: found.folder },
    { show: 'module', file: found.file },
    { show: 'code', module: found.module, attribute: found.attribute },
  ]
  return [
    ...(showsSearch ? search : []),
    path === undefined && app === undefined && entrypoint === undefined
      ? { show: 'app', importString, discovered: true }
      : { show: 'app', importString },
    { show: 'server', url, docs: `${url}/docs`, command },
    { show: 'logs' },
  ]
}

/** rich draws the exception's box after the banner has been closed. */
function refusal(
  { pid, settings }: FastapiCommand,
  found: Discovery & { found: false },
): readonly ManagerEffect[] {
  const searching = fastapiRules(settings.speaks.version).showsSearch
    ? [show(pid, { show: 'searching' })]
    : []
  const closing: ManagerEffect = { type: 'log', record: closingLine(pid) }
  if (found.reason === 'raised') {
    return [...searching, closing, show(pid, { show: 'exception', raised: found.raised })]
  }
  const hint = found.reason === 'no-app' ? found.hint : undefined
  const told: readonly ManagerEffect[] =
    hint === undefined ? [] : [{ type: 'log', record: { kind: 'bare', pid, stream: 'stderr', text: hint } }]
  return [...searching, show(pid, { show: 'error', text: complaint(found) }), closing, ...told]
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
