import type { Step, TerminalName } from '../../simulator/scenario/index.ts'
import type { Key } from '../../simulator/shell/editor/keys.ts'
import type { LabActionsOptions } from './lab-actions-options.ts'
import { ProseCommands } from './prose-commands.ts'

/** The keys that make a terminal do something. */
const ACTING: ReadonlySet<Key['key']> = new Set(['enter', 'interrupt', 'suspend', 'quit', 'end-of-file'])

/** The reader's actions on the lab's machine and its time. */
export class LabActions {
  readonly #options: LabActionsOptions
  readonly prose: ProseCommands

  constructor(options: LabActionsOptions) {
    this.#options = options
    this.prose = new ProseCommands(options)
  }

  /** Types the server's command, and turns the clients on. */
  start(): void {
    const { labMachine, typing, onChange } = this.#options
    if (!labMachine().canStart) return
    typing.say('')
    labMachine().start()
    this.#options.navigation.showPicture()
    onChange()
  }

  pause(): void {
    const { host, labMachine, typing, onChange } = this.#options
    labMachine().toggle()
    typing.say('')
    onChange()
    host.requestUpdate()
  }

  async step(): Promise<void> {
    const { host, labMachine, onChange } = this.#options
    await labMachine().step()
    onChange()
    host.requestUpdate()
  }

  /** Starts over with a fresh machine; does nothing before the first one is ready. */
  reset(): void {
    const { labMachine } = this.#options
    if (labMachine().run !== undefined) void labMachine().fresh()
  }

  kill(pid: number): void {
    const { labMachine, onChange } = this.#options
    labMachine().goOn()
    labMachine().run?.machine.kernel.signal(pid, 'KILL')
    onChange()
  }

  toggleClients(): void {
    const { labMachine, onChange } = this.#options
    const desk = labMachine().run?.desk
    if (desk === undefined) return
    labMachine().goOn()
    desk.apply({ type: 'clients', on: !desk.clientsOn })
    onChange()
  }

  /** Plays the steps of one of the lab's own buttons. */
  control(steps: readonly Step[]): void {
    const { labMachine, onChange } = this.#options
    labMachine().goOn()
    labMachine().control(steps)
    onChange()
  }

  keys(terminal: TerminalName, keys: readonly Key[]): void {
    const { speech, labMachine, typing, onChange } = this.#options
    const session = labMachine().run?.sessions[terminal]
    if (session === undefined) return
    typing.typed(keys)
    for (const key of keys) session.key(key)
    if (keys.some(({ key }) => ACTING.has(key))) {
      labMachine().goOn()
      const { hints, actions } = speech().words
      const resume = { id: 'resume', label: actions.resume, primary: true, act: () => this.pause() }
      if (labMachine().paused) typing.say(hints.paused, [resume])
    }
    onChange()
  }
}
