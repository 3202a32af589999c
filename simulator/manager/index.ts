import type { FastapiCommand } from './fastapi/command.ts'
import { fastapiCommand } from './fastapi/command.ts'
import type { ConfigCheck } from './gunicorn/check.ts'
import { gunicornCheck } from './gunicorn/check.ts'
import type { Arbiter } from './gunicorn/arbiter-state.ts'
import { gunicornArbiter } from './gunicorn/arbiter.ts'
import type { ManagerEffect, ManagerEvent } from './machine.ts'
import type { Settings } from './settings.ts'
import type { SignalName } from './signals.ts'
import type { Reloader } from './uvicorn/reloader.ts'
import { uvicornReloader } from './uvicorn/reloader.ts'
import { starterOfWorkers } from './uvicorn/rules.ts'
import type { Spawner } from './uvicorn/spawner.ts'
import { uvicornSpawner } from './uvicorn/spawner.ts'
import type { Supervisor } from './uvicorn/supervisor-state.ts'
import { uvicornSupervisor } from './uvicorn/supervisor.ts'

export type * from './log.ts'
export type * from './machine.ts'
export type * from './settings.ts'
export type { SignalName } from './signals.ts'

/** The state of a running manager of any program. */
export type ManagerState = Supervisor | Spawner | Reloader | Arbiter | ConfigCheck | FastapiCommand

/** A manager together with its state: what a host drives. The state machines below it stay pure. */
export interface RunningManager {
  readonly state: ManagerState
  /** The settings as the manager knows them now: `fastapi run` finds out later what `main:app` is. */
  readonly settings: Settings
  readonly take: (event: ManagerEvent) => readonly ManagerEffect[]
  readonly handles: (signal: SignalName) => boolean
}

/** Makes the manager that these settings ask for. `seed` decides what the original draws at random. */
export function createManager(settings: Settings, seed: number): RunningManager {
  if (settings.gunicorn !== undefined) {
    return settings.gunicorn.check === undefined
      ? running(gunicornArbiter(settings, seed))
      : running(gunicornCheck(settings))
  }
  if (settings.fastapi !== undefined) return running(fastapiCommand(settings))
  const { reload } = settings.uvicorn
  if (reload !== undefined) return running(uvicornReloader(settings, reload))
  return starterOfWorkers(settings.speaks.version) === 'supervisor'
    ? running(uvicornSupervisor(settings))
    : running(uvicornSpawner(settings))
}

function running<State extends ManagerState>(manager: {
  initial: State
  step: (state: State, event: ManagerEvent) => { state: State; effects: readonly ManagerEffect[] }
  handles: (state: State, signal: SignalName) => boolean
}): RunningManager {
  let state = manager.initial
  return {
    get state() {
      return state
    },
    get settings() {
      return state.settings
    },
    take(event) {
      const step = manager.step(state, event)
      state = step.state
      return step.effects
    },
    handles: (signal) => manager.handles(state, signal),
  }
}
