import type { LitElement } from 'lit'
import type { Viewport } from '../../machine-view/viewport.ts'
import type { Typing } from '../../machine-view/terminal/typing.ts'
import type { Wording } from './wording.ts'

/** What every part of the playground has access to. */
export interface PlaygroundContext {
  /** The element, which renders again on request. */
  readonly host: LitElement
  readonly wording: Wording
  readonly viewport: Viewport
  readonly typing: Typing
}
