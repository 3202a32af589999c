import type { PolicyRun } from '../../simulator/behaviour/index.ts'

/** Starts that stand closer together than this, in ms, are drawn as one bar. */
const CLOSE = 6000

/** Starts that are drawn as one bar: the time of the first and of the last, in ms. */
export interface RestartBar {
  readonly from: number
  readonly until: number
}

/** The marks of the starts, joined to bars where they would touch. */
export function spans({ starts }: Pick<PolicyRun, 'starts'>): readonly RestartBar[] {
  const all: RestartBar[] = []
  for (const at of starts) {
    const last = all.at(-1)
    if (last !== undefined && at - last.until < CLOSE) all[all.length - 1] = { from: last.from, until: at }
    else all.push({ from: at, until: at })
  }
  return all
}
