import type { SessionStore } from '../session-store.ts'
import type { PlaygroundContext } from './common.ts'
import type { Screens } from './screens.ts'
import type { SessionController } from './session-controller.ts'
import type { TimeTravel } from './time-travel.ts'

/** The context of parts that deal with the session. */
export interface WithSession extends PlaygroundContext {
  readonly screens: Screens
  readonly sessions: SessionController
  readonly timeTravel: TimeTravel
  readonly store: SessionStore
}
