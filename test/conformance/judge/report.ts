import type { RecordedLine, SeenLine } from './side.ts'
import type { Reach } from './shuffle.ts'
import type { Template } from './template.ts'

/** The recorded line with its names restored. */
export function shown(line: RecordedLine): string {
  return line.template.key.replace(/<pid(\d)>/g, (_, n: string) => {
    const name = line.names[Number(n) - 1] ?? '?'
    return name.startsWith('#') ? name.slice(1) : `<${name}>`
  })
}

/** Lines that occur too often or not often enough, in any process. */
export function differingCounts(recorded: readonly RecordedLine[], seen: readonly SeenLine[]): string[] {
  const balance = new Map<string, number>()
  for (const { template } of recorded) balance.set(template.key, (balance.get(template.key) ?? 0) + 1)
  const strange: string[] = []
  for (const { text, is } of seen) {
    // A line may match two templates; it counts for one that still needs it.
    const keys = [...is.keys()].map((template) => template.key)
    const key = keys.find((candidate) => (balance.get(candidate) ?? 0) > 0) ?? keys[0]
    if (key === undefined) strange.push(`  not in the recording:  ${text}`)
    else balance.set(key, (balance.get(key) ?? 0) - 1)
  }
  const unequal = [...balance].flatMap(([key, n]) =>
    n === 0 ? [] : [`  ${n > 0 ? `${n} × missing` : `${-n} × too often`}:  ${key}`],
  )
  return [...new Set(strange), ...unequal]
}

/** For a text that may continue: lines that it does not have often enough. */
export function missing(recorded: readonly RecordedLine[], seen: readonly SeenLine[]): string[] {
  return differingCounts(recorded, seen).filter((line) => line.includes('× missing'))
}

/**
 * For a text that may continue: lines that the recording does not have, and lines that it has once, or once per worker, and ours more
 * often.
 */
export function moreThanOnce(recorded: readonly RecordedLine[], seen: readonly SeenLine[]): string[] {
  const texts = new Map<Template, string[]>()
  for (const line of recorded) texts.set(line.template, [...(texts.get(line.template) ?? []), shown(line)])
  const unique = (all: readonly string[]) =>
    all.length === 1 || (all[0]?.includes('<w') && new Set(all).size === all.length)
  const once = new Set([...texts].flatMap(([template, all]) => (unique(all) ? [template] : [])))
  const alone = new Set([...texts].flatMap(([template, all]) => (all.length === 1 ? [template] : [])))
  const problems = new Set<string>()
  const said = new Set<Template | string>()
  for (const { text, is } of seen) {
    const [template] = is.keys()
    if (template === undefined) problems.add(`  not in the recording:  ${text}`)
    else if (once.has(template)) {
      const mark = alone.has(template) && template.counts.length === 0 ? template : text
      if (said.has(mark)) problems.add(`  too often:  ${text}`)
      said.add(mark)
    }
  }
  return [...problems]
}

/** How far the comparison came, the next item of one text, and the next line of each process of the other. */
export function reached<Item, Line>(
  reach: Reach<Line>,
  items: readonly Item[],
  showItem: (item: Item) => string,
  showLine: (line: Line) => string,
  sides: { readonly items: string; readonly tracks: string },
): string[] {
  const { placed, offers, names } = reach
  const row = (mark: string, i: number) => {
    const item = items[i]
    return item === undefined ? [] : [`  ${mark} ${String(i + 1).padStart(3)}  ${showItem(item)}`]
  }
  const naming = new Map([...names].map(([name, pid]) => [pid, name]))
  const who = (owner: { pid: number } | { name: string }) =>
    'pid' in owner
      ? owner.pid === 0
        ? 'the terminal'
        : `${owner.pid} (${naming.get(owner.pid) ?? 'not yet named'})`
      : `${owner.name} (${names.get(owner.name) ?? 'not yet found'})`
  const open = offers.flatMap(({ track, lines }) =>
    lines.map((line) => [who(track.owner), showLine(line)] as const),
  )
  const width = Math.max(0, ...open.map(([owner]) => owner.length))
  return [
    `${placed} of ${items.length} lines of ${sides.items} found in ${sides.tracks}:`,
    ...[placed - 2, placed - 1].flatMap((i) => row(' ', i)),
    ...[placed, placed + 1, placed + 2].flatMap((i) => row(i === placed ? '>' : ' ', i)),
    ...(placed < items.length ? [`what each process of ${sides.tracks} says next:`] : ['left over:']),
    ...open.map(([owner, text]) => `  ${owner.padEnd(width)}  ${text}`),
    ...(open.length === 0 ? ['  nothing'] : []),
  ]
}
