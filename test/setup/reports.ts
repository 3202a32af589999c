/** Reads the reports of vitest and Playwright. */
import { stripVTControlCharacters } from 'node:util'

export interface Count {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** The failed tests with their reasons in short, which are repeated at the end of the run. */
  readonly failures: readonly string[]
}

/** The first lines of a failure, without colours. */
const told = (name: string, message = '') =>
  `${name}\n${stripVTControlCharacters(message).split('\n').slice(0, 12).join('\n')}`

interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message: string
    readonly assertionResults: readonly {
      readonly status: string
      readonly fullName: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

/** Counts a report of vitest's reporter `json`. */
export function countVitest(report: unknown): Count {
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = report as VitestReport
  // A file that could not be loaded contains no tests, and counts as one failure.
  const broken = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  const failed = testResults.flatMap((file) =>
    file.assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => told(`${file.name}: ${fullName}`, failureMessages[0])),
  )
  return {
    passed: numPassedTests,
    failed: numFailedTests + broken.length,
    skipped: numPendingTests,
    failures: [...failed, ...broken.map(({ name, message }) => told(name, message))],
  }
}

/** A file or a group of Playwright's report. */
interface Suite {
  readonly title: string
  readonly suites?: readonly Suite[]
  readonly specs: readonly {
    readonly title: string
    readonly tests: readonly {
      readonly status: 'expected' | 'unexpected' | 'flaky' | 'skipped'
      readonly results: readonly { readonly error?: { readonly message?: string } }[]
    }[]
  }[]
}

interface PlaywrightReport {
  readonly stats: { readonly expected: number; readonly unexpected: number; readonly skipped: number }
  readonly errors: readonly { readonly message?: string }[]
  readonly suites: readonly Suite[]
}

/** Counts a report of Playwright's reporter `json`. */
export function countPlaywright(report: unknown): Count {
  const { stats, errors, suites } = report as PlaywrightReport
  return {
    passed: stats.expected,
    failed: stats.unexpected + errors.length,
    skipped: stats.skipped,
    failures: [...suites.flatMap(failuresOf), ...errors.map(({ message }) => told('playwright', message))],
  }
}

function failuresOf({ title, suites = [], specs }: Suite): string[] {
  const own = specs.flatMap((spec) => {
    const results = spec.tests.filter(({ status }) => status === 'unexpected').flatMap((test) => test.results)
    const failed = results.find(({ error }) => error)
    return failed ? [told(spec.title, failed.error?.message)] : []
  })
  return [...own, ...suites.flatMap(failuresOf)].map((failure) => `${title} > ${failure}`)
}
