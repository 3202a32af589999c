import type { Picture } from '../../../simulator/machine/view/index.ts'
import type { Speech } from '../words.ts'

/** A number of requests with its name. */
export interface RequestCount {
  readonly label: string
  readonly count: number
  /** Its style: errors have a sign and a colour of their own. */
  readonly look: 'usual' | 'failed' | 'bad'
}

/** The sign before a count of errors. */
export const SIGNS: Readonly<Record<RequestCount['look'], string>> = { usual: '', failed: '! ', bad: '✕ ' }

/** The counts of requests by outcome: answered and lost always, the others when they are not zero. */
export function tallies({ counts }: Picture, speech: Speech): readonly RequestCount[] {
  const words = speech.words.picture
  const some = (label: string, count: number, look: RequestCount['look'] = 'usual'): RequestCount[] =>
    count === 0 ? [] : [{ label, count, look }]
  return [
    ...some(words.gaveUp, counts.gaveUp),
    ...some(words.unreached, counts.unreached),
    ...some(words.refused, counts.refused),
    ...some(words.unaccepted, counts.unaccepted),
    ...some(words.errors, counts.errors, 'failed'),
    { label: words.answered, count: counts.answered, look: 'usual' },
    { label: words.lost, count: counts.lost, look: counts.lost > 0 ? 'bad' : 'usual' },
  ]
}
