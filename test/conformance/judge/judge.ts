import { loosened, isLoop, RACES, type Loosened } from '../exceptions/races.ts'
import { NOT_JAVASCRIPT, type NotJavascript } from '../exceptions/not-javascript.ts'
import { differingAlive, differingFacts } from './facts.ts'
import { differingLives } from './lives.ts'
import { differingText, type Sides } from './compare.ts'
import { readRecorded, readSeen, templatesOf } from './side.ts'
import { named, pidsIn, type Template } from './template.ts'
import { linesByProcess, plain, rawLines, recordedLines, type Line } from './text.ts'
import type { Tally } from './tally.ts'
import type { Observed } from '../recording/observed.ts'
import type { Recorded } from '../recording/scenario.ts'

/** Options of the judge. */
export interface JudgeOptions {
  /** Real processes: outcomes that the original leaves to chance may differ (`races.ts`). */
  readonly races?: boolean
  /** The tolerance for the end of a client's request, in seconds (2). */
  readonly seconds?: number
  /** Only whether both are the same: a short search, after which they count as different, and a short report. */
  readonly brief?: boolean
  /** Counts which entries of the two tables were needed. */
  readonly tally?: Tally
}

/** The judge's result. */
export interface Verdict {
  readonly same: boolean
  /** Empty when they are the same. */
  readonly report: string
}

/**
 * Decides whether a recording and a run of ours are the same. They are when, with PIDs renamed, each process prints the same lines in the
 * same order with the same colours (lines of different processes may interleave freely, time stamps are compared by shape), and when the
 * same workers live at the same steps, the clients have the same results and the master ends in the same way.
 *
 * In a recording most lines of workers have no PID. Therefore:
 * - For an `attributed` run, the recorded text must be an interleaving of the lines of our processes, with the recorded names standing for
 *   our PIDs one to one. Where the recording tells the spawn order, its n-th worker is our n-th worker.
 * - For a run of which only the bytes are known, the recorded lines are first attributed to processes by the life of a worker
 *   (`judge/attribute.ts`), and our text must be an interleaving of those. Which of our processes printed an anonymous line stays unproven.
 * - A recording that was cut in a boot loop must be an interleaving of beginnings of our processes' texts.
 */
export function judge(recorded: Recorded, observed: Observed, options: JudgeOptions = {}): Verdict {
  const entries = NOT_JAVASCRIPT.filter((entry) => entry.applies(recorded))
  const races = RACES.filter(
    (race) => (options.races === true || race.unsearchable === true) && race.applies(recorded),
  )
  const decide = (some: readonly NotJavascript[], loose: Loosened) =>
    problems(recorded, observed, some, loose, options.seconds ?? 2, options.brief ?? false)
  const found = decide(entries, loosened(races))
  if (options.tally !== undefined && found.length === 0) {
    for (const entry of entries) {
      const others = entries.filter((other) => other !== entry)
      options.tally.saw(entry.id, decide(others, loosened(races)).length > 0)
    }
    for (const race of races) {
      const others = races.filter((other) => other !== race)
      options.tally.saw(race.id, decide(entries, loosened(others)).length > 0)
    }
  }
  const { program, version, name } = recorded
  return found.length === 0
    ? { same: true, report: '' }
    : { same: false, report: [`${program} ${version} ${name}: not as recorded.`, ...found].join('\n') }
}

function problems(
  recorded: Recorded,
  observed: Observed,
  entries: readonly NotJavascript[],
  loose: Loosened,
  seconds: number,
  brief: boolean,
): string[] {
  const facts = differingFacts(recorded, observed, seconds)
  if (brief && facts.length > 0) return facts
  const sides = readSides(recorded, observed, entries, loose)
  const loop = isLoop(recorded)
  const commutes = (text: string) => {
    const at = loose.commute.findIndex((pattern) => pattern.test(text))
    return at < 0 ? undefined : String(at)
  }
  if (loose.lives || (loop && !observed.attributed)) {
    const seen = sides.byProcess ?? sides.raw ?? []
    return [
      ...facts,
      ...differingAlive(recorded, observed, new Map(), !loop),
      ...differingLives(recorded, sides.recorded, observed, seen, loop, commutes),
    ]
  }
  return [
    ...facts,
    ...differingText(recorded, observed, sides, {
      anyWorker: loose.anyWorker || loop,
      loop,
      commutes,
      brief,
    }),
  ]
}

/** Matches no line. */
const NONE = /(?!)/

function readSides(
  recorded: Recorded,
  observed: Observed,
  entries: readonly NotJavascript[],
  { optional, repeated }: Loosened,
): Sides {
  const uncertain = [...optional, ...repeated]
  const patternOf = ({ text }: Line) => uncertain.find((pattern) => pattern.test(plain(text)))
  const theirs = entries.reduce(
    (lines, entry) => entry.fromRecorded(lines, recorded),
    recordedLines(recorded) as readonly Line[],
  )
  const lines = readRecorded(
    theirs.filter((line) => patternOf(line) === undefined),
    recorded,
  )
  const templates = templatesOf(lines)
  // Optional lines may occur once each, and must look as recorded where the recording has such lines.
  const looks = new Map(uncertain.map((pattern) => [pattern, new Set<Template>()]))
  for (const line of theirs) looks.get(patternOf(line) ?? NONE)?.add(named(line.text).template)
  const left = new Set<string>()
  const counts = (line: Line) => {
    const pattern = patternOf(line)
    if (pattern === undefined) return true
    const such = [...(looks.get(pattern) ?? [])]
    const right = such.length === 0 || such.some((template) => pidsIn(line.text, template) !== undefined)
    if (!right || left.has(line.text)) return true
    if (!repeated.includes(pattern)) left.add(line.text)
    return false
  }
  const ours = (seen: readonly Line[]) =>
    readSeen(entries.reduce((kept, entry) => entry.fromOurs(kept), seen).filter(counts), templates)
  if (!observed.attributed) return { recorded: lines, raw: ours(rawLines(observed.text)) }
  const apart = recorded.medium.kind === 'pipes'
  const byProcess = [...linesByProcess(observed, apart)].map(([pid, seen]) => [pid, ours(seen)] as const)
  return { recorded: lines, byProcess: new Map(byProcess) }
}
