import { unitResultOf } from '../../machine/init/restart.ts'
import type { UnitResult } from '../../machine/init/api.ts'
import type { UnitCommand } from '../../machine/init/commands.ts'
import type { CommandKind, Service } from '../../machine/init/service.ts'
import { exitWords } from '../../machine/init/words.ts'
import type { ExitStatus } from '../../manager/machine.ts'
import type { Process } from './process.ts'
import { runUnitCommand, type WriteToJournal, type StartedCommand, type UnitParts } from './unit-command.ts'
import type { UnitProcesses } from './unit-processes.ts'
import type { UnitState } from './unit-state.ts'

/** Runs the commands of a unit, and keeps account of how they ended. What an earlier run of the unit began has nobody to tell. */
export class UnitCommands {
  readonly #unit: string
  readonly #parts: UnitParts
  readonly #state: UnitState
  readonly #processes: UnitProcesses
  readonly #say: WriteToJournal
  #life = 0

  constructor(
    unit: string,
    parts: UnitParts,
    state: UnitState,
    processes: UnitProcesses,
    say: WriteToJournal,
  ) {
    this.#unit = unit
    this.#parts = parts
    this.#state = state
    this.#processes = processes
    this.#say = say
  }

  /** Nothing that runs is waited for any more. */
  forget(): void {
    this.#life += 1
  }

  /** At the next event, if the power is still on. */
  soon(run: () => void): void {
    const life = this.#life
    this.#parts.clock.after(0, () => {
      if (life === this.#life) run()
    })
  }

  /** Starts a command; nothing when it could not even be tried. */
  run(
    service: Service,
    kind: CommandKind,
    command: UnitCommand,
    ended: (status: ExitStatus) => void,
  ): StartedCommand | undefined {
    const life = this.#life
    let process: Process | undefined
    const started: StartedCommand | undefined = runUnitCommand(this.#parts, {
      name: this.#unit,
      ...{ service, kind, command, say: this.#say },
      mainPid: this.#processes.main,
      ended: (status) => {
        if (life !== this.#life) return
        this.#processes.count(process)
        if (started !== undefined)
          this.#state.ended.push({ pid: started.pid, kind, command: started.argv.join(' '), status })
        ended(status)
      },
    })
    if (started !== undefined) process = this.#parts.processes.get(started.pid)
    return started
  }

  /**
   * Runs all commands of a kind, one after the other, as control processes; `next` hears of the first that failed. It is not called when the
   * unit has come into another state meanwhile.
   */
  control(
    service: Service,
    kind: CommandKind,
    { each, next }: { readonly each?: () => void; readonly next: (result: UnitResult) => void },
    index = 0,
  ): void {
    const command = service.commands[kind]?.[index]
    if (command === undefined) return next('success')
    const { sub } = this.#state
    each?.()
    const started = this.run(service, kind, command, (status) => {
      this.#processes.control = undefined
      if (this.#state.sub !== sub) return
      const result = unitResultOf(status, { ...service, type: 'oneshot' })
      if (result === 'success' || command.ignoreFailure)
        return this.control(service, kind, { ...(each && { each }), next }, index + 1)
      this.#say(`${this.#unit}: Control process exited, ${exitWords(status)}`, 5)
      next(result)
    })
    if (started === undefined) return this.soon(() => next('resources'))
    this.#processes.control = started.pid
  }
}
