/** The times of one answered request, in ms, and the result. */
export interface Measured {
  readonly total: number
  /** Resolving the name and connecting; 0 on an open connection. */
  readonly connection: number
  readonly lookup: number
  /** From the request to the head of the response. */
  readonly wait: number
  readonly read: number
  readonly status: number
  readonly bytes: number
}

const BAR = '■'
const BUCKETS = 10

/** The report that hey 0.1.4 prints at its end. */
export function report(
  measured: readonly Measured[],
  errors: ReadonlyMap<string, number>,
  seconds: number,
  csv: boolean,
): string {
  if (csv) return table(measured)
  const failed = [...errors.values()].reduce((sum, count) => sum + count, 0)
  const times = measured.map(({ total }) => total / 1000).toSorted((a, b) => a - b)
  const fastest = times[0] ?? 0
  const slowest = times.at(-1) ?? 0
  const bytes = measured.reduce((sum, each) => sum + each.bytes, 0)
  const rate = seconds === 0 ? 0 : (measured.length + failed) / seconds
  const part = (name: string, of: (each: Measured) => number): string => {
    const values = measured.map((each) => of(each) / 1000).toSorted((a, b) => a - b)
    return `  ${name}:\t${[mean(values), values[0] ?? 0, values.at(-1) ?? 0].map(fixed).join(' secs, ')} secs`
  }
  const lines = [
    '',
    'Summary:',
    `  Total:\t${fixed(seconds)} secs`,
    `  Slowest:\t${fixed(slowest)} secs`,
    `  Fastest:\t${fixed(fastest)} secs`,
    `  Average:\t${measured.length === 0 ? ' NaN' : fixed(mean(times))} secs`,
    `  Requests/sec:\t${fixed(rate)}`,
    '  ',
    ...(bytes > 0
      ? [`  Total data:\t${bytes} bytes`, `  Size/request:\t${Math.floor(bytes / measured.length)} bytes`]
      : []),
    '',
    'Response time histogram:',
    ...histogram(times),
    '',
    '',
    'Latency distribution:',
    ...percentiles(times),
    '',
    'Details (average, fastest, slowest):',
    ...(measured.length === 0
      ? []
      : [
          part('DNS+dialup', ({ connection }) => connection),
          part('DNS-lookup', ({ lookup }) => lookup),
          part('req write', () => 0),
          part('resp wait', ({ wait }) => wait),
          part('resp read', ({ read }) => read),
        ]),
    '',
    'Status code distribution:',
    ...counted(measured.map(({ status }) => status)).map(
      ([status, count]) => `  [${status}]\t${count} responses`,
    ),
    '',
    ...(failed === 0
      ? ['', '']
      : ['Error distribution:', ...[...errors].map(([text, count]) => `  [${count}]\t${text}`), '']),
  ]
  return `${lines.join('\n')}\n`
}

function fixed(value: number): string {
  return value.toFixed(4)
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Eleven marks from the fastest to the slowest; each counts what is not above it and above the one before. */
function histogram(times: readonly number[]): string[] {
  const [fastest, slowest] = [times[0], times.at(-1)]
  if (fastest === undefined || slowest === undefined) return []
  const step = (slowest - fastest) / BUCKETS
  const marks = Array.from({ length: BUCKETS + 1 }, (_, index) =>
    index === BUCKETS ? slowest : fastest + step * index,
  )
  const counts = marks.map(() => 0)
  let bucket = 0
  for (const time of times) {
    while (time > (marks[bucket] ?? Infinity) && bucket < BUCKETS) bucket += 1
    counts[bucket] = (counts[bucket] ?? 0) + 1
  }
  const most = Math.max(...counts)
  return marks.map((mark, index) => {
    const count = counts[index] ?? 0
    const length = most === 0 ? 0 : Math.floor((count * 40 + Math.floor(most / 2)) / most)
    return `  ${mark.toFixed(3)} [${count}]\t|${BAR.repeat(length)}`
  })
}

const PERCENTILES = [10, 25, 50, 75, 90, 95, 99]

/** Like hey, takes the first time at or above each percentile; for one that it does not reach it prints `0% in 0.0000 secs`. */
function percentiles(times: readonly number[]): string[] {
  const found: (readonly [number, number])[] = []
  let at = 0
  for (const [index, time] of times.entries()) {
    const percent = PERCENTILES[at]
    if (percent === undefined) break
    if (Math.floor((index * 100) / times.length) < percent) continue
    found.push([percent, time])
    at += 1
  }
  while (found.length < PERCENTILES.length) found.push([0, 0])
  return found.map(([percent, time]) => `  ${percent}% in ${fixed(time)} secs`)
}

function counted(values: readonly number[]): [number, number][] {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].toSorted(([a], [b]) => a - b)
}

function table(measured: readonly Measured[]): string {
  const rows = measured.map((each) =>
    [
      ...[each.total, each.connection, each.lookup, 0, each.wait, each.read].map((ms) => fixed(ms / 1000)),
      each.status,
    ].join(','),
  )
  return `${['response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code', ...rows].join('\n')}\n`
}
