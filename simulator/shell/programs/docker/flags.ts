import { lookUp } from '../../../manager/look-up.ts'

/** The flags of a command of Docker's. Names are without dashes, separated by blanks. */
export interface KnownFlags {
  readonly values?: string
  readonly switches?: string
  /** Long names by their letters. */
  readonly short?: Readonly<Record<string, string>>
  /** What follows the first word belongs to another command (`docker run IMAGE …`). */
  readonly untilWord?: boolean
}

/** The flags of a command line, by their long names, and its words. */
export interface Flags {
  readonly words: readonly string[]
  has(name: string): boolean
  /** The last value. */
  get(name: string): string | undefined
  all(name: string): readonly string[]
  readonly names: readonly string[]
}

/** Reads flags as pflag does, Docker's library: `-dp 80:80`, `-p80:80`, `-p=80:80`, `--publish=80:80`. */
export function readFlags(args: readonly string[], known: KnownFlags): Flags | { readonly problem: string } {
  const values = new Set((known.values ?? '').split(' '))
  const switches = new Set((known.switches ?? '').split(' '))
  const found = new Map<string, string[]>()
  const words: string[] = []
  const rest = [...args]
  const add = (name: string, value: string): void => void found.set(name, [...(found.get(name) ?? []), value])
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--') {
      words.push(...rest)
      break
    }
    if (!arg.startsWith('-') || arg === '-') {
      words.push(arg)
      if (known.untilWord !== true) continue
      words.push(...rest)
      break
    }
    if (arg.startsWith('--')) {
      const [name = '', value] = arg.slice(2).split(/=(.*)/s)
      if (switches.has(name)) {
        if (value !== 'false') add(name, 'true')
        continue
      }
      if (!values.has(name)) return { problem: `unknown flag: --${name}` }
      const next = value ?? rest.shift()
      if (next === undefined) return { problem: `flag needs an argument: --${name}` }
      add(name, next)
      continue
    }
    for (let at = 1; at < arg.length; at++) {
      const letter = arg.charAt(at)
      const name = lookUp(known.short ?? {}, letter)
      if (name === undefined) return { problem: `unknown shorthand flag: '${letter}' in ${arg}` }
      if (!values.has(name)) {
        add(name, 'true')
        continue
      }
      const attached = arg.slice(at + 1).replace(/^=/, '')
      const next = attached === '' ? rest.shift() : attached
      if (next === undefined) return { problem: `flag needs an argument: '${letter}' in ${arg}` }
      add(name, next)
      break
    }
  }
  return {
    words,
    has: (name) => found.has(name),
    get: (name) => found.get(name)?.at(-1),
    all: (name) => found.get(name) ?? [],
    names: [...found.keys()],
  }
}
