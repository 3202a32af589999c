import type { nothing, TemplateResult } from 'lit'
import type { Inspectable } from '../../machine-view/picture/things.ts'
import type { Speech } from '../../machine-view/words.ts'
import type { ClientLoad } from '../../../simulator/machine/clients/clients.ts'
import type { KeptProgram } from '../../../simulator/machine/keeper/api.ts'
import type { UnitStatus } from '../../../simulator/machine/init/api.ts'
import type { ProcessInfo } from '../../../simulator/machine/system.ts'
import type { Picture } from '../../../simulator/machine/view/index.ts'
import type { SessionInput } from '../../../simulator/scenario/session/index.ts'
import type { PlayWords } from '../words.ts'

export interface Inspector {
  readonly speech: Speech
  readonly words: PlayWords
  readonly thing: Inspectable
  readonly picture: Picture
  /** The process table; empty while looking back. */
  readonly processes: readonly ProcessInfo[]
  readonly units: readonly UnitStatus[]
  readonly kept: readonly KeptProgram[]
  /** A keeper's log about a program. */
  readonly keeperLog: (name: string) => readonly { readonly at: number; readonly text: string }[]
  readonly terminals: readonly { readonly name: string; readonly title: string }[]
  readonly file: (path: string) => string | undefined
  readonly machine: { readonly memory: number; readonly cores: number; readonly swap?: number }
  /** Virtual ms, and the calendar time at 0. */
  readonly now: number
  readonly epoch: number
  /** The host name that clients use, when there is a proxy. */
  readonly site: string | undefined
  readonly load: ClientLoad
  readonly clientsOn: boolean
  readonly onDo: (...inputs: readonly SessionInput[]) => void
  readonly onChoose: (thing: Inspectable) => void
  readonly onClose: () => void
}

export type PanelFact = readonly [name: string, value: string | number | TemplateResult]

/** The content of a panel. */
export interface PanelContent {
  readonly title: string
  readonly about: string
  readonly facts: readonly PanelFact[]
  readonly actions: TemplateResult | typeof nothing
}

/** A duration in seconds, as text. */
export function seconds(speech: Speech, words: PlayWords, ms: number): string {
  return speech.say(words.ask.facts.seconds, { seconds: (ms / 1000).toFixed(2) })
}
