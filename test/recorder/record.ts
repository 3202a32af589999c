/** `npm run record`: plays the scenarios with the real program on a real terminal, and writes down what it does. */
import { isRecorded, load, loadBadArguments, type Edition } from '../conformance/recording/load.ts'
import { ACCIDENTS } from '../conformance/exceptions/not-javascript.ts'
import { timingOf } from '../conformance/recording/timing.ts'
import { compare } from './compare.ts'
import { install, recordedBefore, relatives, scenariosOf } from './edition.ts'
import { CannotRecord, newestOf, type Environment } from './environment.ts'
import { save, saveArguments, saveMadeWith, saveShown, RECORDINGS } from './files.ts'
import { Misused, readOptions, type Options } from './options.ts'
import { planOf } from './plans.ts'
import { recordArguments } from './record-arguments.ts'
import { record, type Plan, type Recording } from './record-scenario.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)

// What was started ends with us, and its folder goes.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

try {
  process.exitCode = (await main(readOptions(process.argv.slice(2)))) ? 0 : 1
} catch (error) {
  if (!(error instanceof Misused) && !(error instanceof CannotRecord)) throw error
  process.stderr.write(`record: ${error.message}\n`)
  process.exitCode = 2
}

async function main(options: Options): Promise<boolean> {
  const edition = await named(options)
  const environment = await install(edition)
  const known = relatives(edition).map(({ version }) => version)
  say(
    `${edition.program} ${edition.version}, recorded so far: ${known.join(', ')}; Python ${environment.python}`,
  )
  const wanted = options.scenarios.length > 0 ? options.scenarios : [...scenariosOf(edition), 'bad-arguments']
  let same = true
  for (const name of wanted) {
    if (name === 'bad-arguments') same = (await oneOfArguments(edition, environment, options)) && same
    else same = (await one(name, edition, environment, options)) && same
  }
  if (!options.check) saveMadeWith(options.out ?? RECORDINGS, edition, environment)
  return same
}

async function named({ program, version }: Options): Promise<Edition> {
  if (!version.startsWith('latest')) return { program, version }
  const newest = await newestOf(program === 'fastapi' ? 'fastapi-cli' : program)
  return { program, version: version.replace('latest', newest) }
}

async function one(
  name: string,
  edition: Edition,
  environment: Environment,
  options: Options,
): Promise<boolean> {
  const from = recordedBefore(edition, name)
  if (from === undefined) return firstTime(name, edition, environment, options)
  const scenario = load(from.program, from.version, name)
  if (ACCIDENTS.some((accident) => accident.applies(scenario))) return true
  const plan: Plan = { scenario, timing: timingOf(scenario) }
  const first = await record(plan, edition, environment)
  const against = compare(scenario, first.recorded)
  say(`${name}: ${against.verdict === 'same' ? 'as recorded' : against.verdict}, against ${from.version}`)
  if (against.verdict === 'different' || (options.twice && against.verdict !== 'same'))
    say(indented(against.report))
  if (options.twice) await again(plan, first, edition, environment)
  if (!options.check) save(options.out ?? RECORDINGS, edition, first)
  if (options.show) saveShown(edition, first)
  return against.verdict !== 'different'
}

/** What was never recorded: by its draft. */
async function firstTime(
  name: string,
  edition: Edition,
  environment: Environment,
  options: Options,
): Promise<boolean> {
  const plan = planOf(edition, name)
  const first = await record(plan, edition, environment)
  say(`${name}: recorded for the first time`)
  if (options.twice)
    await again({ scenario: first.recorded, timing: first.timing }, first, edition, environment)
  if (!options.check) save(options.out ?? RECORDINGS, edition, first)
  return true
}

async function again(
  plan: Plan,
  first: Recording,
  edition: Edition,
  environment: Environment,
): Promise<void> {
  const second = await record(plan, edition, environment)
  const { verdict, report } = compare(first.recorded, second.recorded)
  if (verdict === 'same') return
  const race = verdict === 'by chance' ? 'a race that races.ts knows' : 'NOT a race that races.ts knows'
  say(indented(`the second time it differs, by ${race}:\n${report}`))
}

async function oneOfArguments(
  edition: Edition,
  environment: Environment,
  options: Options,
): Promise<boolean> {
  const from = relatives(edition).find((one) => isRecorded(one.program, one.version, 'bad-arguments'))
  if (from === undefined) return true
  const known = loadBadArguments(from.program, from.version)
  const text = await recordArguments(known, edition, environment)
  if (!options.check) saveArguments(options.out ?? RECORDINGS, edition, text)
  say('bad-arguments: recorded')
  return true
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')
}
