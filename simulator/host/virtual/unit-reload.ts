import type { UnitJobResult } from '../../machine/init/api.ts'
import type { Service } from '../../machine/init/service.ts'
import { unitWords } from '../../machine/init/words.ts'
import type { WriteToJournal, UnitParts } from './unit-command.ts'
import type { UnitCommands } from './unit-commands.ts'
import type { OnJobResult } from './unit-jobs.ts'
import type { UnitProcesses } from './unit-processes.ts'
import type { UnitState } from './unit-state.ts'
import type { UnitTimer } from './unit-timer.ts'

interface Parts extends Pick<UnitParts, 'signals'> {
  readonly state: UnitState
  readonly processes: UnitProcesses
  readonly commands: UnitCommands
  readonly timer: UnitTimer
  readonly say: WriteToJournal
}

/** `ExecReload=`: its commands run beside the service, whose main process is `$MAINPID` to them. */
export class UnitReload {
  readonly #parts: Parts
  #waiting: OnJobResult[] = []

  constructor(parts: Parts) {
    this.#parts = parts
  }

  run(service: Service | undefined, done: OnJobResult): void {
    const { commands, processes, say, signals, state, timer } = this.#parts
    if (state.active !== 'active') return done('not-active')
    if (service === undefined || (service.commands.ExecReload ?? []).length === 0)
      return done('not-applicable')
    this.#waiting.push(done)
    say(`Reloading ${unitWords(service)}...`, 6)
    const { sub } = state
    state.enter('reloading', 'reload')
    commands.control(service, 'ExecReload', {
      each: () =>
        timer.wait(service.startTimeout ?? 90_000, () => {
          say(`${service.name}: Reload operation timed out. Killing reload process.`, 4)
          if (processes.control !== undefined) signals.send(processes.control, 'KILL', 1)
        }),
      next: (result) => {
        timer.cancel()
        const failed = result !== 'success'
        state.enter('active', processes.main === undefined ? sub : 'running')
        say(`${failed ? 'Reload failed for' : 'Reloaded'} ${unitWords(service)}.`, failed ? 3 : 6)
        this.answer(failed ? 'failed' : 'done')
      },
    })
  }

  /** The unit has ended meanwhile, or the reload has. */
  answer(result: UnitJobResult): void {
    for (const done of this.#waiting.splice(0)) done(result)
  }

  forget(): void {
    this.#waiting = []
  }
}
