import { lookUp } from '../../manager/look-up.ts'

/** Splits a command or an assignment at its spaces; quotes keep spaces within a word. */
export function splitWords(line: string): string[] {
  return [...line.matchAll(/(?:[^\s"']+|"(?:[^"\\]|\\.)*"?|'[^']*'?)+/g)].map(([word]) =>
    word.replaceAll(/"((?:[^"\\]|\\.)*)"?|'([^']*)'?/g, (_whole, double?: string, single?: string) =>
      double === undefined ? (single ?? '') : double.replaceAll(/\\(.)/g, '$1'),
    ),
  )
}

/** Whether every quote of a line that begins a word or a part of it is closed. */
export function isBalanced(line: string): boolean {
  return !/["']/.test(line.replaceAll(/"(?:[^"\\]|\\.)*"|'[^']*'/g, ''))
}

export function words(value: string): readonly string[] {
  return value.split(/\s+/).filter((word) => word !== '')
}

/** A truth value as systemd reads it. */
export function readBoolean(value: string): boolean | undefined {
  if (/^(1|yes|y|true|t|on)$/i.test(value)) return true
  return /^(0|no|n|false|f|off)$/i.test(value) ? false : undefined
}

const UNITS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  sec: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
  w: 604_800_000,
  week: 604_800_000,
  weeks: 604_800_000,
}

/** A time span as systemd writes it (systemd.time(7)): `5`, `100ms`, `1min 30s`, `infinity`. In ms. */
export function readTime(text: string): number | undefined {
  if (text.trim() === 'infinity') return Infinity
  if (!/^\s*(?:\d+(?:\.\d+)?\s*[a-z]*\s*)+$/.test(text)) return undefined
  let sum = 0
  for (const [, number = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)/g)) {
    const factor = unit === '' ? 1000 : lookUp(UNITS, unit)
    if (factor === undefined) return undefined
    sum += Number(number) * factor
  }
  return sum
}

/** A size as `MemoryMax=` takes it: `512M`, `1G`, in bytes; `infinity` is no limit. */
export function readSize(text: string): number | undefined {
  if (text === 'infinity') return Infinity
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([KMGT]?)B?$/.exec(text) ?? []
  if (number === undefined) return undefined
  return Math.floor(Number(number) * 1024 ** ' KMGT'.indexOf(unit || ' '))
}
