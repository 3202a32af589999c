import { parseArgs } from 'node:util'
import { byNearness, nearest } from '../../../simulator/shell/suggest.ts'
import { editions, folderOf, isRecorded, scenarios, type Edition } from '../recording/load.ts'

const HOSTS = ['virtual', 'node', 'browser'] as const
type Host = (typeof HOSTS)[number]

/** What `npm run compare -- …` is asked to show. */
export interface Options extends Edition {
  readonly name: string
  readonly host: Host
  /** Only this seed; else one is looked for. */
  readonly seed?: number
  /** How many seeds are tried at most. */
  readonly seeds: number
}

/** What is wrong with the words typed, for the reader. */
export class Misused extends Error {}

const SEEDS = 500

export const USAGE = `usage: npm run compare -- EDITION SCENARIO [--host virtual|node|browser] [--seed N | --seeds N]

Shows what a real program printed beside what ours prints, the differences marked. The exit code is 0 when they are the same, else 1.

  EDITION     a program and its version:${editions()
    .map((one) => `\n                ${nameOf(one)}`)
    .join('')}
  SCENARIO    for example start-4, hup, kill9-worker; a wrong name lists those that were recorded
  --host      virtual: the simulated machine (default); node: real processes on this machine; browser: the simulated machine in a
              Chromium, with Web Workers as processes (builds the guide first)
  --seed N    the simulated machine with this seed alone
  --seeds N   how many seeds to try until one gives the recorded outcome (default ${SEEDS})
`

/**
 * Reads the words behind `npm run compare --`.
 *
 * @throws Misused with a sentence that says what was expected, what came, and what there is
 */
export function readOptions(words: readonly string[]): Options {
  const { positionals, values } = parsed(words)
  const [editionName, name, ...more] = positionals
  if (editionName === undefined) throw new Misused(`expected an edition and a scenario.\n\n${USAGE}`)
  if (more.length > 0) throw new Misused(tooMuch(editionName, name, more))
  const edition = editionNamed(editionName)
  const { program, version } = edition
  if (name === undefined || name === 'bad-arguments' || !isRecorded(program, version, name))
    throw new Misused(complaintOf(name, edition))
  const { host = 'virtual', seed, seeds } = values
  if (!isHost(host)) {
    const meant = nearest(host, HOSTS)
    const hint = meant === undefined ? '' : ` Did you mean ${meant}?`
    throw new Misused(`expected --host virtual, --host node or --host browser, got '${host}'.${hint}`)
  }
  if (host === 'node' && (seed ?? seeds) !== undefined)
    throw new Misused('real processes have no seed: leave --seed out, or take --host virtual.')
  if (seed !== undefined && seeds !== undefined) throw new Misused('expected --seed or --seeds, got both.')
  return {
    program,
    version,
    name,
    host,
    seeds: seeds === undefined ? SEEDS : positive('--seeds', seeds),
    ...(seed === undefined ? {} : { seed: positive('--seed', seed) }),
  }
}

function parsed(words: readonly string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { host: text, seed: text, seeds: text },
    })
  } catch (error) {
    throw new Misused(`${unknownOption(error as Error)}\n\n${USAGE}`, { cause: error })
  }
}

/** Node's message without its advice about positional arguments, which nobody means here. */
function unknownOption({ message }: Error): string {
  const [sentence = ''] = message.split(/\. To specify/)
  const typed = /'--([\w-]+)'/.exec(sentence)?.[1]
  const meant = typed === undefined ? undefined : nearest(typed, ['host', 'seed', 'seeds'])
  return `${sentence.replace(/\.?$/, '.')}${meant === undefined || meant === typed ? '' : ` Did you mean --${meant}?`}`
}

function nameOf({ program, version }: Edition): string {
  return folderOf(program, version)
}

function editionNamed(typed: string): Edition {
  const there = editions()
  const edition = there.find((one) => nameOf(one) === typed || `${one.program}-${one.version}` === typed)
  if (edition !== undefined) return edition
  throw new Misused(unknown(typed, there.map(nameOf), 'Recorded are, the nearest first'))
}

function complaintOf(name: string | undefined, { program, version }: Edition): string {
  const edition = folderOf(program, version)
  const names = scenarios(program, version)
  if (name === undefined)
    return `expected a scenario behind the edition; ${listed(`recorded of ${edition} are`, names)}`
  if (name === 'bad-arguments')
    return `'bad-arguments' holds many commands and is no scenario; ${listed(`recorded of ${edition} are`, names)}`
  const elsewhere = editions().filter((one) => isRecorded(one.program, one.version, name))
  if (elsewhere.length > 0)
    return `'${name}' was not recorded of ${edition}, but of ${elsewhere.map(nameOf).join(', ')}; ${listed(`recorded of ${edition} are`, names)}`
  return unknown(name, names, `Recorded of ${edition} are, the nearest first`)
}

/** The name that was meant, where one is near, and all that there are, the nearest first. */
function unknown(typed: string, names: readonly string[], there: string): string {
  const meant = nearest(typed, names)
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`
  return `'${typed}' was not recorded.${hint} ${listed(there, byNearness(typed, names))}`
}

/** Names below each other in lines of at most 100 columns. */
function listed(heading: string, names: readonly string[]): string {
  const lines: string[] = []
  for (const name of names) {
    const last = lines.at(-1)
    if (last === undefined || last.length + name.length >= 100) lines.push(`  ${name}`)
    else lines[lines.length - 1] = `${last}  ${name}`
  }
  return `${heading}:\n${lines.join('\n')}`
}

/** A version behind a blank, as the programs print it, is the usual slip. */
function tooMuch(edition: string, name: string | undefined, more: readonly string[]): string {
  const joined = `${edition}-${name ?? ''}`
  const meant = editions().some((one) => [nameOf(one), `${one.program}-${one.version}`].includes(joined))
  const hint = meant ? ` Try: npm run compare -- ${joined} ${more.join(' ')}` : ''
  return `expected an edition and a scenario, got '${more.join(' ')}' as well.${hint}`
}

function isHost(typed: string): typed is Host {
  return (HOSTS as readonly string[]).includes(typed)
}

function positive(option: string, typed: string): number {
  if (!/^[1-9]\d{0,8}$/.test(typed))
    throw new Misused(`expected a whole number from 1 on behind ${option}, got '${typed}'.`)
  return Number(typed)
}
