import { load } from '../recording/load.ts'
import type { Observed } from '../recording/observed.ts'
import type { Recorded } from '../recording/scenario.ts'

type Attributed = Observed & { readonly attributed: true }

/** Other possible outcomes of an original, for recordings with many lines; each needs the race of its name. */
export const OTHER_OUTCOMES: readonly (readonly [string, Recorded, (run: Attributed) => Attributed])[] = [
  [
    'two deaths, one look or two',
    load('gunicorn', '26.2.0', 'kept-kill9'),
    (run) => {
      const death = run.lines.findLastIndex(({ text }) => text.includes('was sent SIGKILL!'))
      const replaced = run.lines.findIndex(({ text }, i) => i > death && text.includes('Control socket'))
      const lines = run.lines.flatMap((line, i) =>
        i === death ? [] : i === replaced ? [line, ...run.lines.slice(death, death + 1)] : [line],
      )
      return { ...run, lines }
    },
  ],
  [
    'reaped after the last SIGKILL',
    load('gunicorn', '26.2.0', 'lifespan-hang-term'),
    (run) => {
      const last = run.lines.at(-1)
      const text = `[2026-11-29 21:40:12 +0000] [${last?.pid}] [ERROR] Worker (pid:${run.spawned[1]}) was sent SIGKILL! Perhaps out of memory?`
      return {
        ...run,
        lines: run.lines.flatMap((line) => (line === last ? [{ ...line, text }, line] : [line])),
      }
    },
  ],
  [
    'rounds of a boot loop',
    load('fastapi', '0.0.7', 'hup-broken-code'),
    (run) => {
      const gone = run.spawned.slice(25)
      const isGone = (pid: number, text: string) =>
        gone.includes(pid) || gone.some((one) => text.includes(String(one)))
      const lines = run.lines.filter(({ pid, text }) => !isGone(pid, text))
      return { ...run, lines, spawned: run.spawned.slice(0, 25) }
    },
  ],
]
