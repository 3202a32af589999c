import type { Manager, ManagerEffect, ManagerEvent, StepResult } from '../machine.ts'
import { tracebackText } from '../say.ts'
import type { SettingsOfGunicorn } from '../settings.ts'
import { hint, preloadError } from './app-failure.ts'

/** The state of `gunicorn --check-config` and `--print-config`: the application is imported, and no server starts. */
export interface ConfigCheck {
  readonly settings: SettingsOfGunicorn
  readonly pid: number
}

/** gunicorn's `Application.run` with `--check-config` (20.1.0, 26.1.0): exit code 0, or 1 after the error. */
export function gunicornCheck(settings: SettingsOfGunicorn): Manager<ConfigCheck> {
  return { initial: { settings, pid: 0 }, step, handles: () => false }
}

function step(state: ConfigCheck, event: ManagerEvent): StepResult<ConfigCheck, ManagerEffect> {
  switch (event.type) {
    case 'start': {
      const { pid } = event
      const print = state.settings.gunicorn.check?.print
      const shown: readonly ManagerEffect[] =
        print === undefined
          ? []
          : [{ type: 'log', record: { kind: 'bare', pid, stream: 'stdout', text: print } }]
      return { state: { ...state, pid }, effects: [...shown, { type: 'preload' }] }
    }
    case 'preloaded':
      return { state, effects: [{ type: 'exit', code: 0 }] }
    case 'preload-failed': {
      const text = `\nError while loading the application:\n\n${tracebackText(preloadError(event.error))}`
      return {
        state,
        effects: [
          { type: 'log', record: { kind: 'bare', pid: state.pid, stream: 'stderr', text } },
          ...hint(state.pid, event.error),
          { type: 'exit', code: 1 },
        ],
      }
    }
    default:
      return { state, effects: [] }
  }
}
