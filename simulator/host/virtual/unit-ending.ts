import type { UnitResult } from '../../machine/init/api.ts'
import type { Service } from '../../machine/init/service.ts'
import type { SignalName } from '../../manager/signals.ts'
import { nameOf, type Process } from './process.ts'
import type { WriteToJournal, UnitParts } from './unit-command.ts'
import type { UnitCommands } from './unit-commands.ts'
import type { UnitProcesses } from './unit-processes.ts'
import { killSignal } from './unit-signals.ts'
import type { UnitState } from './unit-state.ts'
import type { UnitTimer } from './unit-timer.ts'

interface Parts extends Pick<UnitParts, 'signals'> {
  readonly state: UnitState
  readonly processes: UnitProcesses
  readonly commands: UnitCommands
  readonly timer: UnitTimer
  readonly say: WriteToJournal
  /** Nothing of the service runs any more. */
  readonly over: (service: Service) => void
}

/** How the processes of a service are ended: `ExecStop=`, a signal, patience, SIGKILL, `ExecStopPost=`. */
export class UnitEnding {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Runs `ExecStop=`, then ends what is left. */
  stop(service: Service, result: UnitResult = 'success'): void {
    const { commands, say, state, timer } = this.#parts
    state.failed(result)
    if ((service.commands.ExecStop ?? []).length === 0) return this.terminate(service)
    state.enter('deactivating', 'stop')
    commands.control(service, 'ExecStop', {
      each: () =>
        timer.wait(service.stopTimeout, () => {
          say(`${service.name}: stop operation timed out. Terminating.`, 4)
          this.giveUp(service, 'timeout')
        }),
      next: (failed) => this.giveUp(service, failed),
    })
  }

  /** It has failed; what runs of it is ended. */
  giveUp(service: Service, result: UnitResult): void {
    this.#parts.state.failed(result)
    this.terminate(service)
  }

  /** Ends the processes that are there, where that is `KillMode=`. */
  terminate(service: Service): void {
    const { processes, signals, state } = this.#parts
    const { killMode } = service
    const all = processes.targets(killMode)
    if (all.length === 0) return this.over(service)
    const { main, control } = processes
    const first = killMode === 'mixed' ? all.filter(({ pid }) => pid === main || pid === control) : all
    if (first.length === 0) return this.#kill(service, all)
    state.enter('deactivating', 'stop-sigterm')
    this.#patience(service)
    for (const { pid } of first) signals.send(pid, killSignal(service), 1)
  }

  #patience(service: Service): void {
    const { processes, say, state, timer } = this.#parts
    timer.wait(service.stopTimeout, () => {
      say(`${service.name}: State 'stop-sigterm' timed out. Killing.`, 4)
      state.failed('timeout')
      this.#kill(service, processes.targets(service.killMode))
    })
  }

  #kill(
    { name }: Service,
    processes: readonly Process[],
    sub: 'stop-sigkill' | 'final-sigkill' = 'stop-sigkill',
  ): void {
    const { say, signals, state } = this.#parts
    state.enter('deactivating', sub)
    for (const process of processes) {
      say(`${name}: Killing process ${process.pid} (${nameOf(process)}) with signal SIGKILL.`, 5)
      signals.send(process.pid, 'KILL', 1)
    }
  }

  /** The OOM killer has taken one of its processes. */
  outOfMemory(service: Service): void {
    const { commands, processes, say, signals, state } = this.#parts
    say(`${service.name}: A process of this unit has been killed by the OOM killer.`, 5)
    if (service.oomPolicy === 'continue' || state.active === 'deactivating') return
    state.result = 'oom-kill'
    const signal: SignalName = service.oomPolicy === 'kill' ? 'KILL' : killSignal(service)
    if (processes.main === undefined) return
    state.enter('deactivating', 'stop-sigterm')
    // The OOM killer is still ending its victim.
    commands.soon(() => {
      for (const { pid } of processes.all()) signals.send(pid, signal, 1)
    })
    this.#patience(service)
  }

  /** No process of it runs any more, or none that it may end. */
  over(service: Service): void {
    const { commands, over, processes, say, state, timer } = this.#parts
    timer.cancel()
    if ((service.commands.ExecStopPost ?? []).length === 0) return over(service)
    state.enter('deactivating', 'stop-post')
    commands.control(service, 'ExecStopPost', {
      each: () =>
        timer.wait(service.stopTimeout, () => {
          say(`${service.name}: State 'stop-post' timed out. Terminating.`, 4)
          state.failed('timeout')
          this.#kill(service, processes.targets(service.killMode), 'final-sigkill')
          if (processes.all().length === 0 || service.killMode === 'none') over(service)
        }),
      next: (result) => {
        timer.cancel()
        state.failed(result)
        over(service)
      },
    })
  }
}
