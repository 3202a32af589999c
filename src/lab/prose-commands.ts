import type { InsertCommand } from '../machine-view/terminal/insert-command.ts'
import type { TerminalName } from '../../simulator/scenario/index.ts'
import type { LabActionsOptions } from './lab-actions-options.ts'
import { commandsBefore, isMet, setUpFor, unmet, type Need } from './section.ts'

/** Takes commands from the prose into the terminals, and sees to it that the machine is one that they are meant for. */
export class ProseCommands {
  readonly #options: LabActionsOptions
  /** A command that arrived before the machine was ready. */
  #early: InsertCommand | undefined
  /** A command that is run as soon as the machine has what it needs. */
  #next: { readonly command: InsertCommand; readonly need: Need } | undefined
  /** The terminal in which a command waits for the prompt. */
  #waitsIn: TerminalName | undefined

  constructor(options: LabActionsOptions) {
    this.#options = options
  }

  /** Puts a command from the prose into the line, and runs it if it is complete. Without a machine yet it waits. */
  insert(command: InsertCommand): void {
    const { speech, labMachine, typing, navigation, onChange } = this.#options
    const { run } = labMachine()
    if (run === undefined) {
      this.#early = command
      return
    }
    const need = command.runs === true ? unmet(command.command, run) : undefined
    if (need === undefined) return this.#put(command)
    navigation.openFrom(command.from)
    const { hints } = speech().words
    typing.say(this.#why(need), [
      { id: 'set-up', label: hints.setUp, primary: true, act: () => void this.#setUp(command, need) },
      { id: 'as-it-is', label: hints.asItIs, act: () => this.#put(command) },
    ])
    onChange()
  }

  #why(need: Need): string {
    const { words, say } = this.#speech
    const { noPort, noContainer, takenPort, takenName } = words.hints
    switch (need.kind) {
      case 'port':
        return say(noPort, { port: need.port })
      case 'container':
        return say(noContainer, { name: need.name })
      case 'free-port':
        return say(takenPort, { port: need.port })
      case 'free-name':
        return say(takenName, { name: need.name })
    }
  }

  get #speech() {
    const speech = this.#options.speech()
    return { words: speech.words, say: speech.say.bind(speech) }
  }

  /** Sets up a fresh machine for the section of a command, and runs it there. */
  async #setUp(command: InsertCommand, need: Need): Promise<void> {
    const { labMachine, scenario, onChange } = this.#options
    const first = setUpFor(need, commandsBefore(command.from), scenario().start)
    const run = await labMachine().fresh()
    if (run === undefined) return
    if (first === undefined) return this.#put(command)
    run.sessions[first.terminal].enter(first.command)
    this.#next = { command, need }
    onChange()
  }

  #put(command: InsertCommand): void {
    const { host, labMachine, terminals, typing, viewport, navigation, onChange } = this.#options
    const session = labMachine().run?.sessions[command.terminal]
    if (session === undefined) return
    const { terminal, runs = false, from } = command
    navigation.openFrom(from)
    terminals.show(terminal)
    labMachine().goOn()
    if (runs) labMachine().pause(false)
    const taken = session.insert(command.command, runs)
    this.#waitsIn = taken ? undefined : terminal
    if (taken) typing.say('')
    else this.#sayPending(terminal, session.foreground === 'server', runs)
    onChange()
    void host.updateComplete.then(() => {
      // A command that runs is seen in the picture first; one that is incomplete is to be typed on.
      if (!runs || !taken || !navigation.showPicture()) navigation.showTerminals()
      // A command that runs is to be watched: the focus stays in the text. One that is incomplete is to be typed on.
      if (taken && runs && from !== undefined) return
      if (viewport.typesInInput) navigation.focusLine()
      else terminals.screen(terminal)?.focus()
    })
  }

  #sayPending(terminal: TerminalName, server: boolean, runs: boolean): void {
    const { typing, speech } = this.#options
    const { hints } = speech().words
    if (!runs) return typing.say(server ? hints.pending : hints.busyProgram)
    typing.say(server ? hints.pendingRuns : hints.pendingProgramRuns, [
      { id: 'stop', label: hints.stopAndRun, primary: true, act: () => this.#interrupt(terminal) },
    ])
  }

  #interrupt(terminal: TerminalName): void {
    const { labMachine, onChange } = this.#options
    labMachine().pause(false)
    labMachine().run?.sessions[terminal].key({ key: 'interrupt' })
    onChange()
  }

  /** Inserts the command that arrived before the machine was ready. */
  insertEarly(): void {
    this.#waitsIn = undefined
    this.#next = undefined
    const early = this.#early
    this.#early = undefined
    if (early !== undefined) this.insert(early)
  }

  /** Looks whether what a command waits for is there. */
  look(): void {
    const { labMachine, typing } = this.#options
    const { run } = labMachine()
    if (run === undefined) return
    if (this.#waitsIn !== undefined && !run.sessions[this.#waitsIn].isWaiting) {
      this.#waitsIn = undefined
      typing.say('')
    }
    const next = this.#next
    if (next === undefined || !isMet(next.need, run.machine.kernel)) return
    this.#next = undefined
    this.#put(next.command)
  }
}
