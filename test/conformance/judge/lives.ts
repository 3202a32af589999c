import type { Observed } from '../recording/observed.ts'
import type { Recorded } from '../recording/scenario.ts'
import { attribute } from './attribute.ts'
import { shown, reached } from './report.ts'
import { shuffle, type Track } from './shuffle.ts'
import type { RecordedLine, SeenLine } from './side.ts'
import { said } from './speaker.ts'
import { pairsOf } from './template.ts'

/** The lines of the parent, and those of each worker as keys of templates. */
export interface Family<Line> {
  readonly parent: readonly Line[]
  readonly lives: readonly (readonly string[])[]
}

/**
 * Compares as `Loosening.lives` says: the parent's lines in order, the lives of the workers as a set.
 *
 * @param loop the recording was cut while it ran: the shorter text of the parent must be the beginning of the longer
 */
export function differingLives(
  recorded: Recorded,
  lines: readonly RecordedLine[],
  observed: Observed,
  seen: ReadonlyMap<number, readonly SeenLine[]> | readonly SeenLine[],
  loop: boolean,
  commutes: (plain: string) => string | undefined,
): string[] {
  const theirs = recordedFamily(lines, recorded)
  const ours = Array.isArray(seen)
    ? rawFamily(seen as readonly SeenLine[], recorded, observed)
    : attributedFamily(seen as ReadonlyMap<number, readonly SeenLine[]>, observed)
  if ('problem' in ours) return [ours.problem]
  return [
    ...differingParents(theirs.parent, ours.parent, observed, loop, commutes),
    ...strange(theirs.lives, ours.lives),
    ...differingNumbers(theirs.lives, ours.lives),
  ]
}

/** Workers of ours whose life is not in the recording, not even as the beginning of one. */
export function strangeLives(
  theirs: Family<RecordedLine>,
  processes: ReadonlyMap<number, readonly SeenLine[]>,
  observed: Observed,
): string[] {
  const ours = attributedFamily(processes, observed)
  return 'problem' in ours ? [ours.problem] : strange(theirs.lives, ours.lives)
}

/** The recorded lines by process. */
export function recordedFamily(lines: readonly RecordedLine[], recorded: Recorded): Family<RecordedLine> {
  const workers = workersOf(lines, recorded)
  const { owners } = attribute(lines, workers)
  return {
    parent: lines.filter((_, i) => owners[i] === 'parent'),
    lives: workers.map((name) => lines.flatMap((line, i) => (owners[i] === name ? line.template.key : []))),
  }
}

/** The workers of a recording: those of the spawn order first, in that order. */
export function workersOf(lines: readonly RecordedLine[], { spawnOrder }: Recorded): string[] {
  const others = lines.flatMap((line) => line.names).filter((name) => /^(w|parent2)/.test(name))
  return [...new Set<string>([...spawnOrder, ...others])]
}

function attributedFamily(
  seen: ReadonlyMap<number, readonly SeenLine[]>,
  observed: Observed,
): Family<SeenLine> | { problem: string } {
  const lives: string[][] = []
  for (const pid of observed.spawned) {
    const life: string[] = []
    for (const { text, is } of seen.get(pid) ?? []) {
      const own = [...is].find(([, pids]) => pids.every((named) => named === pid || named < 0))
      if (own === undefined)
        return { problem: `worker ${pid} says what no worker of the recording says: ${text}` }
      life.push(own[0].key)
    }
    lives.push(life)
  }
  return { parent: seen.get(observed.parent) ?? [], lives }
}

function rawFamily(
  seen: readonly SeenLine[],
  recorded: Recorded,
  observed: Observed,
): Family<SeenLine> | { problem: string } {
  const workers = observed.spawned.map((_, i) => `s${i + 1}`)
  const names = new Map<number, string>([
    [observed.parent, 'parent'],
    ...observed.spawned.map((pid, i) => [pid, `s${i + 1}`] as const),
  ])
  const lines = seen.map(({ is }) => {
    const [first] = is
    if (first === undefined) return undefined
    const [template, pids] = first
    const read = said(
      { template, names: pids.map((pid) => names.get(pid) ?? (pid < 0 ? `#${-pid}` : `stranger ${pid}`)) },
      recorded,
      false,
    )
    return template.key === '^C' ? { ...read, speaker: { by: 'terminal' } as const } : read
  })
  const unknown = lines.indexOf(undefined)
  if (unknown >= 0) return { problem: `not in the recording: ${seen[unknown]?.text ?? ''}` }
  const known = lines.filter((line) => line !== undefined)
  const { owners, derivable } = attribute(known, workers)
  if (!derivable)
    return { problem: 'the lines cannot be divided among the workers as the life of a worker goes' }
  return {
    parent: seen.filter((_, i) => owners[i] === 'parent'),
    lives: workers.map((name) => known.flatMap((line, i) => (owners[i] === name ? line.template.key : []))),
  }
}

function differingParents(
  theirs: readonly RecordedLine[],
  ours: readonly SeenLine[],
  observed: Observed,
  loop: boolean,
  commutes: (plain: string) => string | undefined,
): string[] {
  if (loop && ours.length < theirs.length / 2)
    return [`the parent said ${ours.length} lines, recorded are ${theirs.length}: too few to compare`]
  const items = loop ? theirs.slice(0, ours.length) : theirs
  const track: Track<SeenLine> = {
    owner: { pid: observed.parent },
    lines: ours,
    commutes: ({ is }) => {
      const [template] = is.keys()
      return template && commutes(template.plain)
    },
    twin: 'parent',
  }
  const result = shuffle<RecordedLine, SeenLine>({
    items,
    tracks: [track],
    links: (item, line) => {
      const pids = line.is.get(item.template)
      return pids && pairsOf(item.names, pids)
    },
    bound: [['parent', observed.parent]],
    prefix: loop,
    accept: (names) => [...names].every(([name, pid]) => name === 'parent' || observed.spawned.includes(pid)),
  })
  if (result.found) return []
  if (result.why === 'refused') return ['the parent speaks of a worker that was never started']
  return [
    'the lines of the parent differ.',
    ...reached(result.reach, items, shown, (line) => line.text, { items: 'the recording', tracks: 'ours' }),
  ]
}

const READY = 'Application startup complete'

type Lives = readonly (readonly string[])[]

function strange(theirs: Lives, ours: Lives): string[] {
  const whole = maximal(theirs)
  return ours.flatMap((life) =>
    life.length === 0 || whole.some((other) => begins(life, other))
      ? []
      : ['a worker lived as none of the recording did:', ...life.map((line) => `  ${line}`)],
  )
}

function differingNumbers(theirs: Lives, ours: Lives): string[] {
  return maximal(theirs).flatMap((life) => {
    const count = (lives: Lives) => lives.filter((other) => same(life, other)).length
    // For workers that became ready, their number counts too.
    const ready = life.some((line) => line.includes(READY))
    if (ready ? count(ours) === count(theirs) : count(ours) > 0) return []
    return [
      `${count(theirs)} workers lived so in the recording, ${count(ours)} in ours:`,
      ...life.map((line) => `  ${line}`),
    ]
  })
}

/** Lives that are not the beginning of another. */
function maximal(lives: Lives): (readonly string[])[] {
  return lives.filter(
    (life, i) =>
      life.length > 0 &&
      !lives.some((other) => other.length > life.length && begins(life, other)) &&
      lives.findIndex((other) => same(life, other)) === i,
  )
}

function begins(life: readonly string[], other: readonly string[]): boolean {
  return life.length <= other.length && life.every((line, i) => line === other[i])
}

function same(life: readonly string[], other: readonly string[]): boolean {
  return life.length === other.length && begins(life, other)
}
