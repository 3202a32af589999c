import type { LitElement } from 'lit'
import type { Place } from '../../lab/place.ts'
import type { Typing } from '../../lab/terminal/typing.ts'
import type { Keeper } from '../keep.ts'
import type { Past } from './past.ts'
import type { Screens } from './screens.ts'
import type { Sitting } from './sitting.ts'
import type { Wording } from './wording.ts'

/** What every part of the playground may ask. */
export interface Common {
  /** The element itself, which is asked to draw itself anew. */
  readonly host: LitElement
  readonly wording: Wording
  readonly place: Place
  readonly typing: Typing
}

/** What is there besides for parts that have to do with the session. */
export interface WithSession extends Common {
  readonly screens: Screens
  readonly sitting: Sitting
  readonly past: Past
  readonly keeper: Keeper
}
