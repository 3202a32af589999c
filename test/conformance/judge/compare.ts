import type { Observed } from '../recording/observed.ts'
import type { Recorded } from '../recording/scenario.ts'
import { attribute, outOfTurn } from './attribute.ts'
import { differingAlive } from './facts.ts'
import { recordedFamily, strangeLives, workersOf } from './lives.ts'
import { differingCounts, missing, moreThanOnce, reached, shown } from './report.ts'
import { shuffle, type Pair, type ShuffleResult, type Track } from './shuffle.ts'
import type { RecordedLine, SeenLine } from './side.ts'
import { pairsOf } from './template.ts'

/** Both texts, parsed. */
export interface Sides {
  readonly recorded: readonly RecordedLine[]
  /** Our lines by process (0: the terminal), if the processes are known. */
  readonly byProcess?: ReadonlyMap<number, readonly SeenLine[]>
  /** Otherwise our lines in the order in which they came. */
  readonly raw?: readonly SeenLine[]
}

/** How strict the comparison is. */
export interface Strictness {
  readonly anyWorker: boolean
  readonly loop: boolean
  readonly commutes: (plain: string) => string | undefined
  /** A short search, and no report. */
  readonly brief: boolean
}

/** The number of search steps for a brief comparison. */
const IN_BRIEF = 20_000

/** The number of search steps to find how far texts agree that do not agree completely. */
const FOR_A_REPORT = 20_000

/** The differences between the texts, and between the living processes under the names found. */
export function differingText(
  recorded: Recorded,
  observed: Observed,
  sides: Sides,
  how: Strictness,
): string[] {
  const bound = boundNames(recorded, observed, how)
  if ('problem' in bound) return [bound.problem]
  const seen = sides.raw ?? [...(sides.byProcess?.values() ?? [])].flat()
  // In a boot loop our text may continue with lines that the recording repeats.
  const hopeless = how.loop
    ? [...moreThanOnce(sides.recorded, seen), ...missing(sides.recorded, seen)]
    : differingCounts(sides.recorded, seen)
  if (how.brief && hopeless.length > 0) return hopeless
  const accept = (names: ReadonlyMap<string, number>) =>
    differingAlive(recorded, observed, names, !how.loop).length === 0
  const patience = how.brief ? IN_BRIEF : hopeless.length > 0 ? FOR_A_REPORT : undefined
  const strange = sides.byProcess ? strangeOnes(recorded, observed, sides, sides.byProcess, how) : []
  if (strange.length > 0) return [...hopeless, ...strange]
  const compare = sides.raw ? compareRaw : compareAttributed
  const found = compare(recorded, observed, sides, how, bound.pairs, accept, patience)
  if (found === undefined) return hopeless
  if (found.why === 'refused') {
    const alive = differingAlive(recorded, observed, found.names, !how.loop)
    return alive.length > 0
      ? ['the text agrees, but not who is alive.', ...alive]
      : ['the text agrees, but not who is alive.']
  }
  return [
    ...(found.why === 'gave up' && hopeless.length === 0
      ? ['the search gave up: too many interleavings.']
      : []),
    ...(hopeless.length > 0
      ? ['lines that differ:', ...hopeless]
      : ['the lines agree, but not their order or their PIDs.']),
    ...found.report,
  ]
}

type Found =
  | {
      readonly why: 'none' | 'refused' | 'gave up'
      readonly report: string[]
      readonly names: ReadonlyMap<string, number>
    }
  | undefined

function boundNames(
  { spawnOrder, spawnOrderComplete }: Recorded,
  { parent, spawned }: Observed,
  { anyWorker, loop }: Strictness,
): { pairs: Pair[] } | { problem: string } {
  if (!loop && spawnOrderComplete && spawnOrder.length !== spawned.length)
    return {
      problem: `workers started: recorded ${spawnOrder.length}, ours ${spawned.length} (${spawned.join(' ')})`,
    }
  const pairs: Pair[] = [['parent', parent]]
  if (!anyWorker && spawnOrderComplete)
    for (const [i, name] of spawnOrder.entries()) pairs.push([name, spawned[i] ?? -1])
  return { pairs }
}

/** Processes that are unknown, and workers that print at a time when no worker does. */
function strangeOnes(
  recorded: Recorded,
  observed: Observed,
  { recorded: lines }: Sides,
  processes: ReadonlyMap<number, readonly SeenLine[]>,
  { loop }: Strictness,
): string[] {
  for (const pid of processes.keys())
    if (pid !== 0 && pid !== observed.parent && !observed.spawned.includes(pid))
      return [`lines of ${pid}, which is neither parent nor worker`]
  // With a PID on every line the interleaving decides.
  if (recorded.program === 'gunicorn' && !loop) return []
  const { owners, derivable } = attribute(lines, workersOf(lines, recorded))
  if (!derivable || owners.length === 0) return []
  if (loop) return strangeLives(recordedFamily(lines, recorded), processes, observed)
  const kinds = new Map(lines.map((line) => [line.template, line.kind]))
  // Text after an unfinished line is not a line of its own.
  const wrapped = new Set(
    lines.flatMap((line) => (line.speaker.by === 'same as before' ? line.template : [])),
  )
  for (const pid of observed.spawned) {
    const life = (processes.get(pid) ?? []).flatMap(({ text, is, stream }) => {
      const [template] = is.keys()
      // Lines of the other stream came at an unknown time.
      return template && stream !== 'stdout' && !wrapped.has(template)
        ? [{ text, kind: kinds.get(template) ?? 'other' }]
        : []
    })
    const wrong = outOfTurn(life)
    if (wrong !== undefined) return [`worker ${pid} says out of turn:  ${wrong.text}`]
  }
  return []
}

/** A key for each process; it is equal for two processes when they differ only in their PIDs. */
function twinsOf(
  processes: ReadonlyMap<number, readonly SeenLine[]>,
  { alive }: Observed,
): (pid: number) => string {
  const mentions = new Map<number, string[]>()
  for (const [pid, lines] of processes)
    for (const [i, { text }] of lines.entries())
      for (const [digits] of text.matchAll(/\d+/g)) {
        const named = Number(digits)
        if (named === pid || !processes.has(named)) continue
        mentions.set(named, [...(mentions.get(named) ?? []), `${pid}:${i}`])
      }
  return (pid) => {
    const own = (processes.get(pid) ?? []).map(({ text }) => text.replaceAll(String(pid), '<self>'))
    const lived = alive.map(({ workers }) => workers.includes(pid))
    return [...own, ...(mentions.get(pid) ?? []), lived.join()].join('\n')
  }
}

function compareAttributed(
  recorded: Recorded,
  observed: Observed,
  sides: Sides,
  { loop, commutes, brief }: Strictness,
  bound: readonly Pair[],
  accept: (names: ReadonlyMap<string, number>) => boolean,
  patience?: number,
): Found {
  const processes = sides.byProcess ?? new Map<number, readonly SeenLine[]>()
  const twin = twinsOf(processes, observed)
  const tracks = [...processes].flatMap(([pid, lines]): Track<SeenLine>[] => {
    const streams = new Set(lines.map((line) => line.stream))
    return [...streams].map((stream) => ({
      owner: { pid },
      lines: lines.filter((line) => line.stream === stream),
      commutes: ({ is }) => {
        const [template] = is.keys()
        return template && commutes(template.plain)
      },
      twin: twin(pid),
    }))
  })
  const links = (item: RecordedLine, line: SeenLine, track: Track<SeenLine>): Pair[] | undefined => {
    const pid = 'pid' in track.owner ? track.owner.pid : -1
    const { speaker } = item
    if (item.stream !== line.stream) return undefined
    if ((speaker.by === 'terminal') !== (pid === 0)) return undefined
    if (speaker.by === 'parent' && pid !== observed.parent) return undefined
    if (speaker.by === 'some worker' && pid === observed.parent) return undefined
    const pids = line.is.get(item.template)
    if (pids === undefined) return undefined
    const pairs = pairsOf(item.names, pids)
    return pairs && speaker.by === 'worker' ? [[speaker.name, pid], ...pairs] : pairs
  }
  const items = sides.recorded
  const known = ofParent(items, tracks, observed.parent)
  const first = known && shuffle({ ...known, links, bound, prefix: loop, accept: () => true }, patience)
  if (first?.found === false) {
    if (brief) return foundNot(first, known?.items ?? [])
    patience = FOR_A_REPORT
  }
  // Where the order is known, the parent's names of workers are unique.
  const uncertain = known?.tracks[0]?.lines.some(known.tracks[0].commutes) === true
  const names = uncertain || !first?.found ? bound : [...first.names]
  const result = shuffle({ items, tracks, links, bound: names, prefix: loop, accept }, patience)
  return result.found ? undefined : foundNot(result, items)
}

function foundNot(
  { reach, why }: ShuffleResult<SeenLine> & { found: false },
  items: readonly RecordedLine[],
): Found {
  return {
    why,
    names: reach.names,
    report: reached(reach, items, shown, (line) => line.text, { items: 'the recording', tracks: 'ours' }),
  }
}

/** Lines that only the parent can have printed, on both sides, if they are all that it printed. */
function ofParent(
  items: readonly RecordedLine[],
  tracks: readonly Track<SeenLine>[],
  parent: number,
): { items: RecordedLine[]; tracks: Track<SeenLine>[] } | undefined {
  const own = tracks.filter(({ owner }) => 'pid' in owner && owner.pid === parent)
  const others = new Set(items.flatMap(({ speaker, template }) => (speaker.by === 'parent' ? [] : template)))
  const alone =
    own.length === 1 && own[0]?.lines.every(({ is }) => ![...is.keys()].some((of) => others.has(of)))
  return alone ? { items: items.filter(({ speaker }) => speaker.by === 'parent'), tracks: own } : undefined
}

function compareRaw(
  recorded: Recorded,
  _observed: Observed,
  sides: Sides,
  { commutes }: Strictness,
  bound: readonly Pair[],
  accept: (names: ReadonlyMap<string, number>) => boolean,
  patience?: number,
): Found {
  const { owners } = attribute(sides.recorded, workersOf(sides.recorded, recorded))
  const tracks = [...new Set(owners)].flatMap((name): Track<RecordedLine>[] => {
    const lines = sides.recorded.filter((_, i) => owners[i] === name)
    const streams = new Set(lines.map((line) => line.stream))
    const twin = lines.map((line) => line.template.key).join('\n')
    const spoken = sides.recorded.flatMap((line, i) =>
      owners[i] !== name && line.names.includes(name) ? [i] : [],
    )
    return [...streams].map((stream) => ({
      owner: { name },
      lines: lines.filter((line) => line.stream === stream),
      commutes: (line) => commutes(line.template.plain),
      twin: `${twin}\n${spoken.join()}`,
    }))
  })
  const links = (item: SeenLine, line: RecordedLine): Pair[] | undefined => {
    if (item.stream !== line.stream) return undefined
    const pids = item.is.get(line.template)
    return pids && pairsOf(line.names, pids)
  }
  const items = sides.raw ?? []
  const result = shuffle({ items, tracks, links, bound, prefix: false, accept }, patience)
  if (result.found) return undefined
  const { reach, why } = result
  return {
    why,
    names: reach.names,
    report: reached(reach, items, (item) => item.text, shown, { items: 'ours', tracks: 'the recording' }),
  }
}
