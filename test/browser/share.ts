/** A share of the tests of a file, by the seed of the run. */
import { test } from '@playwright/test'
import { isItsTurn } from '../setup/seed.ts'

/**
 * A `test` whose tests are skipped, before they cost anything, when it is another run's turn; none in a full run.
 *
 * @param what names the tests where it is said what was left out: `tests of the playground`
 * @param share more than 0, at most 1
 */
export function shareOf(what: string, share: number) {
  return test.extend<{ turn: undefined }>({
    turn: [
      // Playwright reads from the pattern which fixtures are wanted: none.
      // eslint-disable-next-line no-empty-pattern
      async ({}, use, info) => {
        info.skip(!isItsTurn(info.titlePath.join(' › '), share, what))
        await use(undefined)
      },
      { auto: true },
    ],
  })
}
