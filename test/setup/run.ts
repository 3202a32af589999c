/**
 * `npm test`: runs every part, one after the other, also when one fails, and prints the sum as its last line.
 * A part that crashes or runs no test counts as a failure. `npm test -- unit oracle` runs only these.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { endWithNpm } from '../../src/build/end-with-npm.ts'

interface Count {
  passed: number
  failed: number
  skipped: number
  /** What failed, and why, in short: said again at the end, where the whole log is not kept. */
  failures?: readonly string[]
  /** What passed only when it was tried again, and why it had failed: nothing to hide, and nothing to stop for. */
  unsteady?: readonly string[]
}

interface Part {
  readonly name: string
  /** Each is an argument list; the part is over when the last has ended. */
  readonly commands: readonly (readonly string[])[]
  /** How many tests ran, from the report; without it every command is one test. */
  readonly report?: (report: unknown) => Count
}

const folder = mkdtempSync(join(tmpdir(), 'server-workers-test-'))
const reportFile = (name: string) => join(folder, `${name}.json`)

/** The first lines of a failure, without colours. */
const told = (name: string, message = '') =>
  `${name}\n${stripVTControlCharacters(message).split('\n').slice(0, 12).join('\n')}`

/** A file or a group of Playwright's report. */
interface Suite {
  readonly title: string
  readonly suites?: readonly Suite[]
  readonly specs: readonly {
    readonly title: string
    readonly ok: boolean
    readonly tests: readonly {
      readonly status: 'expected' | 'unexpected' | 'flaky' | 'skipped'
      readonly results: readonly { readonly error?: { readonly message?: string } }[]
    }[]
  }[]
}

/** What failed for good, or passed only at the second try. */
function failuresOf({ title, suites = [], specs }: Suite, status: 'unexpected' | 'flaky'): string[] {
  const own = specs.flatMap((spec) => {
    const results = spec.tests.filter((test) => test.status === status).flatMap((test) => test.results)
    const failed = results.find(({ error }) => error)
    return failed ? [told(spec.title, failed.error?.message)] : []
  })
  return [...own, ...suites.flatMap((suite) => failuresOf(suite, status))].map(
    (failure) => `${title} > ${failure}`,
  )
}

/** A project of vitest.config.ts. With `retry`, what fails is tried once more, and said to be unsteady if it passes then. */
const vitest = (name: string, { retry = 0 } = {}): Part => ({
  name,
  commands: [
    [
      'vitest',
      'run',
      '--project',
      name,
      `--retry=${retry}`,
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${reportFile(name)}`,
    ],
  ],
  report: (report) => {
    const { numPassedTests, numFailedTests, numPendingTests, testResults } = report as {
      numPassedTests: number
      numFailedTests: number
      numPendingTests: number
      testResults: {
        name: string
        status: string
        message: string
        assertionResults: { status: string; fullName: string; failureMessages: string[] }[]
      }[]
    }
    // A file that could not even be loaded has no tests of its own.
    const broken = testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    )
    const withMessages = (wanted: string) =>
      testResults.flatMap((file) =>
        file.assertionResults
          .filter(
            ({ status, failureMessages }) =>
              status === wanted && (status === 'failed' || failureMessages.length > 0),
          )
          .map(({ fullName, failureMessages }) => told(`${file.name}: ${fullName}`, failureMessages[0])),
      )
    return {
      passed: numPassedTests,
      failed: numFailedTests + broken.length,
      skipped: numPendingTests,
      failures: [...withMessages('failed'), ...broken.map(({ name, message }) => told(name, message))],
      unsteady: withMessages('passed'),
    }
  },
})

const parts: readonly Part[] = [
  {
    name: 'types',
    commands: [
      ['tsc', '-p', 'tsconfig.pure.json'],
      ['tsc', '-p', 'tsconfig.browser.json'],
      ['tsc', '-p', 'tsconfig.node.json'],
      ['astro', 'check'],
    ],
  },
  {
    name: 'style',
    commands: [
      ['eslint', '.'],
      ['prettier', '--check', '.'],
    ],
  },
  vitest('lint'),
  vitest('unit'),
  vitest('oracle'),
  // Real processes, and a real browser, on whatever machine this is: what depends on its mood gets a second try, aloud.
  vitest('node', { retry: 1 }),
  {
    name: 'browser',
    commands: [
      ['node', 'test/setup/chromium.ts'],
      ['playwright', 'test', '--retries=1', '--reporter=line,json'],
    ],
    report: (report) => {
      const { stats, errors, suites } = report as {
        stats: { expected: number; unexpected: number; flaky: number; skipped: number }
        errors: { message?: string }[]
        suites: Suite[]
      }
      return {
        passed: stats.expected + stats.flaky,
        failed: stats.unexpected + errors.length,
        skipped: stats.skipped,
        failures: [
          ...suites.flatMap((suite) => failuresOf(suite, 'unexpected')),
          ...errors.map(({ message }) => told('playwright', message)),
        ],
        unsteady: suites.flatMap((suite) => failuresOf(suite, 'flaky')),
      }
    },
  },
]

/** Runs a command with its output shown. Its exit code; nothing when a signal ended it or it did not start. */
function run([command, ...args]: readonly string[], name: string): Promise<number | undefined> {
  if (!command) throw new Error(`The part "${name}" has an empty command.`)
  console.log(`\n$ ${[command, ...args].join(' ')}`)
  const child = spawn(command, args, {
    stdio: 'inherit',
    env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile(name), CI: process.env.CI ?? '' },
  })
  const end = () => child.kill()
  process.once('exit', end)
  child.once('close', () => process.off('exit', end))
  return new Promise((done) => {
    child.once('error', (error) => {
      console.error(`${command} did not start (${error.message}). Try: npm ci`)
      done(undefined)
    })
    child.once('exit', (code) => {
      done(code ?? undefined)
    })
  })
}

/** Runs a part and counts it. Why it failed as a whole, if it did, is in `trouble`. */
async function runPart(part: Part): Promise<Count & { trouble?: string }> {
  let count: Count = { passed: 0, failed: 0, skipped: 0 }
  let crashed = false
  for (const command of part.commands) {
    const code = await run(command, part.name)
    if (code !== 0) crashed = true
    if (part.report) {
      if (crashed) break
    } else if (code === 0) count.passed++
    else {
      count.failed++
      count.failures = [
        ...(count.failures ?? []),
        `${part.name}: ${command.join(' ')} failed; its own words stand above.`,
      ]
    }
  }
  if (!part.report) return count
  try {
    count = part.report(JSON.parse(readFileSync(reportFile(part.name), 'utf8')))
  } catch {
    return { ...count, failed: 1, trouble: 'it left no report' }
  }
  if (count.passed + count.failed === 0) return { ...count, failed: 1, trouble: 'it ran no test' }
  if (crashed && count.failed === 0) return { ...count, failed: 1, trouble: 'it ended with an error' }
  return count
}

endWithNpm()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !parts.some((part) => part.name === name))
if (unknown.length > 0) {
  console.error(
    `There is no part "${unknown.join('", "')}". The parts are: ${parts.map((part) => part.name).join(', ')}.`,
  )
  process.exit(1)
}

const lines: string[] = []
const failures: string[] = []
const unsteady: string[] = []
const sum: Count = { passed: 0, failed: 0, skipped: 0 }
try {
  for (const part of parts.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
    const started = performance.now()
    const { trouble, ...count } = await runPart(part)
    sum.passed += count.passed
    sum.failed += count.failed
    sum.skipped += count.skipped
    failures.push(...(count.failures ?? []))
    unsteady.push(...(count.unsteady ?? []))
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : ''
    const why = trouble ? ` (${trouble})` : ''
    lines.push(
      `${part.name.padEnd(8)} ${count.passed} passed, ${count.failed} failed${skipped} in ${seconds} s${why}`,
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (unsteady.length > 0) console.log(`\nWhat passed only at the second try:\n\n${unsteady.join('\n\n')}`)
if (failures.length > 0) console.log(`\nWhat failed:\n\n${failures.join('\n\n')}`)
console.log(`\n${lines.join('\n')}\n\n${sum.passed} passed, ${sum.failed} failed`)
process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0
