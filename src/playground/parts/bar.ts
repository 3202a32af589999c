import type { TemplateResult } from 'lit'
import { traitsOf } from '../../../simulator/manager/traits.ts'
import type { MachineSettings } from '../../../simulator/scenario/session/index.ts'
import { size } from '../../machine-view/size.ts'
import { LONGEST_STEP } from '../../simulated-machine/time.ts'
import { timeBar } from '../view/time.ts'
import type { InspectorController } from './inspector-controller.ts'
import type { PlaygroundActions } from './playground-actions.ts'
import type { UndoRedo } from './undo-redo.ts'
import type { WithSession } from './with-session.ts'

/** The longest step to the next event, in virtual ms. */
const LONGEST_WAIT = 3_600_000
/** How far "skip" goes, in virtual ms. */
const SKIPPED = 30_000

export interface BarOptions extends WithSession {
  readonly actions: PlaygroundActions
  readonly undoRedo: UndoRedo
  readonly inspector: InspectorController
  /** The button for a link to the session was clicked. */
  readonly onLink: () => void
}

/** The bar above the picture: the machine's facts, and the controls of its time and of the session. */
export function bar(options: BarOptions, machine: MachineSettings, now: number): TemplateResult {
  const { sessions, actions, inspector, undoRedo, onLink } = options
  const { speech, words } = options.wording
  const { facts } = speech.words
  const running = sessions.live?.picture.server
  const program = running?.until === undefined ? running?.program : undefined
  const asked = inspector.chosen?.kind === 'machine'
  return timeBar({
    speech,
    words,
    facts: [
      speech.say(facts.cores, { count: machine.cores }),
      size(machine.memory),
      ...(program === undefined ? [] : [`${traitsOf({ program }).packageName} ${machine.versions[program]}`]),
    ],
    canStart: actions.canStart,
    begun: now > 0,
    paused: sessions.paused,
    primary: sessions.paused ? 'resume' : actions.canStart ? 'start' : undefined,
    speed: sessions.speed,
    reached: sessions.live?.machine.pace.reached,
    canUndo: undoRedo.canUndo,
    canRedo: undoRedo.canRedo,
    asked,
    onMachine: () => inspector.choose(asked ? undefined : { kind: 'machine' }),
    onStart: () => actions.start(),
    onPause: () => actions.pause(),
    onStep: () => void actions.step(LONGEST_STEP),
    onNext: () => void actions.step(LONGEST_WAIT),
    onSkip: () => void actions.skip(SKIPPED),
    onSpeed: (speed) => {
      sessions.speed = speed
    },
    onUndo: () => void undoRedo.undo(),
    onRedo: () => void undoRedo.redo(),
    onReset: () => void actions.reset(),
    onLink,
  })
}
