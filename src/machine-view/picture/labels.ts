import type { Death } from '../../../simulator/machine/view/index.ts'
import { SIGNAL_NUMBERS } from '../../../simulator/manager/signals.ts'
import type { Speech } from '../words.ts'
import { isVisible, x, type TimeScale } from './scale.ts'
import { textWidth } from './text-width.ts'

/** The labels of a worker's death above its row: left of the cross how it died, right of the gap how it was noticed. */
export interface DeathLabel {
  readonly death: Death
  readonly cross: number
  readonly left: { readonly x: number; readonly text: string } | undefined
  readonly right: { readonly x: number; readonly text: string } | undefined
}

/** The labels of a row's deaths that fit. The newest wins; an older one is shown only where it overlaps nothing. */
export function deathLabels(
  deaths: readonly Death[],
  scale: TimeScale,
  width: number,
  speech: Speech,
): readonly DeathLabel[] {
  let free = width
  const seen = deaths.filter((death) => isVisible(scale, death.at, death.successor?.at))
  return seen.toReversed().map((death) => {
    const cross = x(scale, death.at)
    if (death.quiet) return { death, cross, left: undefined, right: undefined }
    const right = death.successor && rightLabel(death.successor, death.at, scale, free, speech)
    if (right !== undefined) free = right.x
    const text = howItDied(death, speech)
    const left =
      cross - 8 - textWidth(text, 12) < scale.left - 4 || cross - 8 > free
        ? undefined
        : { x: cross - 6, text }
    free = Math.min(free, cross - 12 - (left === undefined ? 0 : textWidth(text, 12)))
    return { death, cross, left, right }
  })
}

function rightLabel(
  successor: { pid: number; at: number },
  diedAt: number,
  scale: TimeScale,
  free: number,
  speech: Speech,
): { x: number; text: string } | undefined {
  const { picture } = speech.words
  const seconds = ((successor.at - diedAt) / 1000).toFixed(2)
  const start = x(scale, successor.at)
  return [picture.seen, picture.seenShort]
    .map((text) => speech.say(text, { seconds, pid: successor.pid }))
    .filter((text) => start + textWidth(text) < free)
    .map((text) => ({ x: start, text }))[0]
}

function howItDied({ status, lost, outOfMemory }: Death, speech: Speech): string {
  const { picture } = speech.words
  const how = (): string => {
    if (outOfMemory) return picture.outOfMemory
    if (status === undefined) return ''
    if ('code' in status) return speech.say(picture.byCode, { code: status.code })
    if (status.signal === 'KILL') return picture.killed
    return speech.say(picture.bySignal, {
      signal: `SIG${status.signal}`,
      number: SIGNAL_NUMBERS[status.signal],
    })
  }
  return lost === 0 ? how() : `${how()} · ${speech.say(picture.lostWith, { count: lost })}`
}
