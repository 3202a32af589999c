import type { LitElement } from 'lit'
import type { Scenario } from '../../simulator/scenario/index.ts'
import type { Typing } from '../machine-view/terminal/typing.ts'
import type { Viewport } from '../machine-view/viewport.ts'
import type { Speech } from '../machine-view/words.ts'
import type { LabMachine } from './lab-machine.ts'
import type { Navigation } from './navigation.ts'
import type { Terminals } from './terminals.ts'

/** The parts of a lab that what a reader does to it needs. */
export interface LabActionsOptions {
  readonly host: LitElement
  readonly speech: () => Speech
  readonly scenario: () => Scenario
  readonly labMachine: () => LabMachine
  readonly terminals: Terminals
  readonly typing: Typing
  readonly viewport: Viewport
  readonly navigation: Navigation
  /** Something was done: there is something to draw. */
  readonly onChange: () => void
}
