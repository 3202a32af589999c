import { plain } from './text.ts'

/**
 * A recorded line with its PIDs taken out. Two lines of one template differ in their PIDs alone; what varies
 * by itself (client ports, time stamps, link ids) is compared by shape.
 */
export interface Template {
  /** The line with its PIDs as `<pid1>`, `<pid2>`, the same PID by the same number: equal keys, equal templates. */
  readonly key: string
  /** Matches an observed line and captures its different PIDs in order. */
  readonly pattern: RegExp
  /** Which of the captures is not a PID but Python's count of started processes (`SpawnProcess-3`). */
  readonly counts: readonly boolean[]
  /** The line without colours, PIDs as in the key. */
  readonly plain: string
}

/** A recorded line: a template, and the names in its holes (`parent`, `w1`, …; `#3` is a count), in order. */
export interface NamedLine {
  readonly template: Template
  readonly names: readonly string[]
}

const HOLE = /<(parent2?|w\d+|ts|port|n|site-packages|stdlib)>|(?<=SpawnProcess-)(\d+)/g

const SHAPES: Readonly<Record<string, string>> = {
  ts: String.raw`(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}|\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})`,
  port: String.raw`\d{1,5}`,
  n: String.raw`\d+`,
  'site-packages': '.+?',
  stdlib: '.+?',
}

const known = new Map<string, Template>()

/** Parses a recorded line. */
export function named(text: string): NamedLine {
  const names: string[] = []
  const key = text.replace(HOLE, (hole, name: string | undefined, count: string | undefined) => {
    if (name !== undefined && name in SHAPES) return hole
    const called = name ?? `#${count ?? ''}`
    if (!names.includes(called)) names.push(called)
    return `<pid${names.indexOf(called) + 1}>`
  })
  let template = known.get(key)
  if (template === undefined) {
    const counts = names.map((name) => name.startsWith('#'))
    template = { key, pattern: patternOf(key), counts, plain: plain(key) }
    known.set(key, template)
  }
  return { template, names }
}

function patternOf(key: string): RegExp {
  const seen = new Set<string>()
  const source = key
    .split(/(<(?:pid\d|ts|port|n|site-packages|stdlib)>)/)
    .map((part, i) => {
      if (i % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)
      const name = part.slice(1, -1)
      if (name in SHAPES) return SHAPES[name] ?? ''
      if (seen.has(name)) return String.raw`\k<${name}>`
      seen.add(name)
      return String.raw`(?<${name}>\d+)`
    })
    .join('')
  return new RegExp(`^${source}$`, 'u')
}

/** The PIDs in an observed line, if it is a line of this template. A count is returned negative. */
export function pidsIn(text: string, { pattern, counts }: Template): number[] | undefined {
  const match = pattern.exec(text)
  return match === null
    ? undefined
    : match.slice(1).map((digits, i) => (counts[i] ? -Number(digits) : Number(digits)))
}

/** The names and PIDs that are paired when a line of ours is this recorded line. @returns `undefined` when a count differs */
export function pairsOf(
  names: readonly string[],
  pids: readonly number[],
): (readonly [string, number])[] | undefined {
  const pairs: (readonly [string, number])[] = []
  for (const [i, name] of names.entries()) {
    const pid = pids[i] ?? 0
    if (!name.startsWith('#')) pairs.push([name, pid])
    else if (Number(name.slice(1)) !== -pid) return undefined
  }
  return pairs
}
