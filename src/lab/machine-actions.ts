import type { LitElement } from 'lit'
import type { Step, TerminalName } from '../../simulator/scenario/index.ts'
import type { Key } from '../../simulator/shell/editor/keys.ts'
import type { Viewport } from '../machine-view/viewport.ts'
import type { InsertCommand } from '../machine-view/terminal/insert-command.ts'
import type { Typing } from '../machine-view/terminal/typing.ts'
import type { Speech } from '../machine-view/words.ts'
import type { LabMachine } from './lab-machine.ts'
import type { Navigation } from './navigation.ts'
import type { Terminals } from './terminals.ts'

export interface MachineActionsOptions {
  readonly host: LitElement
  readonly speech: () => Speech
  readonly labMachine: () => LabMachine
  readonly terminals: Terminals
  readonly typing: Typing
  readonly viewport: Viewport
  readonly navigation: Navigation
  /** Called after an action: something must be redrawn. */
  readonly onChange: () => void
}

/** The reader's actions on the lab's machine and its time. */
export class MachineActions {
  readonly #options: MachineActionsOptions
  /** A command from the prose that arrived before the machine was ready. */
  #early: InsertCommand | undefined

  constructor(options: MachineActionsOptions) {
    this.#options = options
  }

  /** Types the server's command, and turns the clients on. */
  start(): void {
    const { labMachine, typing, onChange } = this.#options
    if (!labMachine().canStart) return
    typing.say('')
    labMachine().start()
    onChange()
  }

  pause(): void {
    const { host, labMachine, typing, onChange } = this.#options
    labMachine().pause()
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
    labMachine().run?.machine.kernel.signal(pid, 'KILL')
    onChange()
  }

  toggleClients(): void {
    const { labMachine, onChange } = this.#options
    const desk = labMachine().run?.desk
    if (desk === undefined) return
    desk.apply({ type: 'clients', on: !desk.clientsOn })
    onChange()
  }

  /** Plays the steps of one of the lab's own buttons. */
  control(steps: readonly Step[]): void {
    const { labMachine, onChange } = this.#options
    labMachine().control(steps)
    onChange()
  }

  keys(terminal: TerminalName, keys: readonly Key[]): void {
    const { speech, labMachine, typing, onChange } = this.#options
    const session = labMachine().run?.sessions[terminal]
    if (session === undefined) return
    typing.typed(keys)
    for (const key of keys) session.key(key)
    if (keys.some(({ key }) => key === 'enter') && labMachine().paused)
      typing.say(speech().words.hints.paused)
    onChange()
  }

  /** Puts a command from the prose into the line, and runs it if it is complete. Before the machine is ready, it waits. */
  insert(command: InsertCommand): void {
    const { host, speech, labMachine, terminals, typing, viewport, navigation, onChange } = this.#options
    const session = labMachine().run?.sessions[command.terminal]
    if (session === undefined) {
      this.#early = command
      return
    }
    const { terminal, runs = false, from } = command
    navigation.openFrom(from)
    terminals.show(terminal)
    const taken = session.insert(command.command)
    typing.say(taken ? '' : speech().words.hints.pending)
    if (taken && runs) {
      labMachine().pause(false)
      session.key({ key: 'enter' })
    }
    onChange()
    void host.updateComplete.then(() => {
      navigation.showTerminals()
      // While a command runs the reader watches it: the focus stays in the text. An incomplete one is typed further, so it gets the focus.
      if (taken && runs && from !== undefined) return
      if (viewport.typesInInput) navigation.focusLine()
      else terminals.screen(terminal)?.focus()
    })
  }

  /** Inserts the command that arrived before the machine was ready. */
  insertEarly(): void {
    const early = this.#early
    this.#early = undefined
    if (early !== undefined) this.insert(early)
  }
}
