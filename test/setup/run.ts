/**
 * `npm test`: runs every part, also when one fails, and prints the sum as its last line. A part that crashes or runs no test counts as a
 * failure. `npm test -- unit conformance` runs only these parts. A run takes a share of the long lists of tests, by a seed that it prints (`seed.ts`);
 * `FULL=1 npm test` takes everything.
 */
import { spawn } from 'node:child_process'
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endWithNpm } from '../../src/build/end-with-npm.ts'
import { leftOutLine, nextSeed } from './left-out.ts'
import { REPORT, stages, type Part } from './parts.ts'
import type { Count } from './reports.ts'

const folder = mkdtempSync(join(tmpdir(), 'server-workers-test-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const fileOf = (part: Part, kind: 'report' | 'left-out' | 'log') => join(folder, `${part.name}.${kind}`)

/** Where the output of a part goes: to the terminal at once, or, while another part runs, to a file until it is over. */
type Output = 'shown' | 'kept'

const isFull = !['', '0', undefined].includes(process.env.FULL)
let seed = 0
let sitesAreBuilt = false

/** Runs a command. Resolves to its exit code; `undefined` when a signal ended it or it did not start. */
function run(words: readonly string[], part: Part, output: Output): Promise<number | undefined> {
  const [command = '', ...args] = words.map((word) => word.replace(REPORT, fileOf(part, 'report')))
  const say = (text: string) => {
    if (output === 'shown') process.stdout.write(text)
    else log?.write(text)
  }
  const log = output === 'kept' ? createWriteStream(fileOf(part, 'log'), { flags: 'a' }) : undefined
  say(`\n$ ${words.join(' ')}\n`)
  const child = spawn(command, args, {
    stdio: ['inherit', log ? 'pipe' : 'inherit', log ? 'pipe' : 'inherit'],
    env: {
      ...process.env,
      CI: process.env.CI ?? '',
      SEED: String(seed),
      LEFT_OUT_FILE: fileOf(part, 'left-out'),
      PLAYWRIGHT_JSON_OUTPUT_FILE: fileOf(part, 'report'),
      ...(sitesAreBuilt && { SITES_ARE_BUILT: '1' }),
    },
  })
  child.stdout?.on('data', (text: Buffer) => log?.write(text))
  child.stderr?.on('data', (text: Buffer) => log?.write(text))
  const end = () => child.kill()
  process.once('exit', end)
  return new Promise((done) => {
    const over = (code: number | undefined) => {
      process.off('exit', end)
      if (log) log.end(() => done(code))
      else done(code)
    }
    child.once('error', (error) => {
      say(`${command} did not start (${error.message}). Try: npm ci\n`)
      over(undefined)
    })
    child.once('close', (code) => over(code ?? undefined))
  })
}

/** Runs a part and counts its tests; `trouble` says why the part failed as a whole, if it did. */
async function runPart(part: Part, output: Output): Promise<Count & { trouble?: string }> {
  const failures: string[] = []
  let passed = 0
  for (const command of part.commands) {
    const code = await run(command, part, output)
    if (code === 0) passed++
    else failures.push(`${part.name}: ${command.join(' ')} failed; its own words stand above.`)
    if (part.count && code !== 0) break
  }
  if (!part.count) return { passed, failed: failures.length, skipped: 0, failures }
  const none = { passed: 0, failed: 1, skipped: 0, failures }
  try {
    const count = part.count(JSON.parse(readFileSync(fileOf(part, 'report'), 'utf8')))
    if (count.passed + count.failed === 0) return { ...none, trouble: 'it ran no test' }
    if (failures.length > 0 && count.failed === 0)
      return { ...count, failed: 1, failures, trouble: 'it ended with an error' }
    return count
  } catch {
    return { ...none, trouble: 'it left no report' }
  }
}

const sum = { passed: 0, failed: 0 }
const lines: string[] = []
const failures: string[] = []
const leftOut: string[] = []

/** Runs a part and adds it to the sum. */
async function takePart(part: Part, output: Output): Promise<void> {
  const started = performance.now()
  const { passed, failed, skipped, failures: own, trouble } = await runPart(part, output)
  if (output === 'kept') process.stdout.write(`\n${readFileSync(fileOf(part, 'log'), 'utf8')}`)
  if (part.name === 'site' && failed === 0) sitesAreBuilt = true
  sum.passed += passed
  sum.failed += failed
  failures.push(...own)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const why = trouble ? ` (${trouble})` : ''
  lines.push(
    `${part.name.padEnd(8)} ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''} in ${seconds} s${why}`,
  )
  const line = leftOutLine(part.name, fileOf(part, 'left-out'))
  if (line !== undefined) leftOut.push(line)
}

/** Runs the parts of a stage one after the other, and at the same time those that mostly wait. */
async function runStage(parts: readonly Part[]): Promise<void> {
  const inTurns = async (some: readonly Part[], output: Output) => {
    for (const part of some) await takePart(part, output)
  }
  const waiting = parts.filter(({ waits }) => waits)
  const computing = parts.filter(({ waits }) => !waits)
  await Promise.all([inTurns(computing, 'shown'), inTurns(waiting, computing.length > 0 ? 'kept' : 'shown')])
}

endWithNpm()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const asked = process.argv.slice(2)
const names = stages.flat().map(({ name }) => name)
const unknown = asked.filter((name) => !names.includes(name))
if (unknown.length > 0) {
  console.error(`There is no part "${unknown.join('", "')}". The parts are: ${names.join(', ')}.`)
  process.exit(1)
}

try {
  seed = nextSeed(process.env)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
console.log(isFull ? `Everything is run, with the seed ${seed}.` : `A share is run, by the seed ${seed}.`)
for (const stage of stages)
  await runStage(stage.filter(({ name }) => asked.length === 0 || asked.includes(name)))
if (failures.length > 0) console.log(`\nWhat failed:\n\n${failures.join('\n\n')}`)
const again = `${isFull ? 'FULL=1 ' : ''}SEED=${seed} npm test`
if (leftOut.length > 0)
  console.log(`\nLeft to other seeds (everything: FULL=1 npm test):\n\n${leftOut.join('\n')}`)
console.log(`\nThe same again: ${[again, ...(asked.length > 0 ? ['--', ...asked] : [])].join(' ')}`)
console.log(`\n${lines.join('\n')}\n\n${sum.passed} passed, ${sum.failed} failed`)
process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0
