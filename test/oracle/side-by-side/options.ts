import { parseArgs } from 'node:util'
import { editions, folderOf, isRecorded, scenarios, type Edition } from '../load.ts'

/** What `npm run oracle -- …` is asked to show. */
export interface Options extends Edition {
  readonly name: string
  readonly host: 'virtual' | 'node' | 'browser'
  /** Only this seed; else one is looked for. */
  readonly seed?: number
  /** How many seeds are tried at most. */
  readonly seeds: number
}

/** What is wrong with the words typed, for the reader. */
export class Misused extends Error {}

const SEEDS = 500

export const USAGE = `usage: npm run oracle -- EDITION SCENARIO [--host virtual|node|browser] [--seed N | --seeds N]

Shows what a real program printed beside what ours prints, the differences marked. The exit code is 0 when they are the same, else 1.

  EDITION     a program and its version: ${editions().map(nameOf).join(', ')}
  SCENARIO    for example start-4, hup, kill9-worker; a wrong name lists those that were recorded
  --host      virtual: the simulated machine (default); node: real processes on this machine; browser: the simulated machine in a
              Chromium, with Web Workers as processes (builds the guide first)
  --seed N    the simulated machine with this seed alone
  --seeds N   how many seeds to try until one gives the recorded outcome (default ${SEEDS})
`

/**
 * Reads the words behind `npm run oracle --`.
 *
 * @throws Misused with a sentence that says what was expected, what came, and what there is
 */
export function readOptions(words: readonly string[]): Options {
  const { positionals, values } = parsed(words)
  const [editionName, name, ...more] = positionals
  if (editionName === undefined) throw new Misused(`expected an edition and a scenario.\n\n${USAGE}`)
  if (more.length > 0)
    throw new Misused(`expected an edition and a scenario, got '${more.join(' ')}' as well.`)
  const edition = editionNamed(editionName)
  const { program, version } = edition
  if (name === undefined || name === 'bad-arguments' || !isRecorded(program, version, name))
    throw new Misused(complaintOf(name, edition))
  const { host = 'virtual', seed, seeds } = values
  if (host !== 'virtual' && host !== 'node' && host !== 'browser')
    throw new Misused(`expected --host virtual, --host node or --host browser, got '${host}'.`)
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
    throw new Misused(`${(error as Error).message}\n\n${USAGE}`, { cause: error })
  }
}

function nameOf({ program, version }: Edition): string {
  return folderOf(program, version)
}

function editionNamed(typed: string): Edition {
  const edition = editions().find((one) => nameOf(one) === typed || `${one.program}-${one.version}` === typed)
  if (edition !== undefined) return edition
  throw new Misused(`'${typed}' was not recorded; there are ${editions().map(nameOf).join(', ')}.`)
}

function complaintOf(name: string | undefined, { program, version }: Edition): string {
  const there = `recorded of ${folderOf(program, version)} are:\n  ${scenarios(program, version).join(' ')}`
  if (name === undefined) return `expected a scenario behind the edition; ${there}`
  if (name === 'bad-arguments') return `'bad-arguments' holds many commands and is no scenario; ${there}`
  return `'${name}' was not recorded; ${there}`
}

function positive(option: string, typed: string): number {
  if (!/^[1-9]\d{0,8}$/.test(typed))
    throw new Misused(`expected a whole number from 1 on behind ${option}, got '${typed}'.`)
  return Number(typed)
}
