import { execFileSync } from 'node:child_process'

/**
 * Why tests that install real programs are skipped, in words that stand in their title; nothing when they are run: FULL=1 or RECORD=1
 * asks for them, and Python and PyPI must be there.
 */
export const WITHOUT_PYPI = reason()

function reason(): string | undefined {
  const { FULL, RECORD } = process.env
  if (['', '0'].includes(FULL ?? '') && !RECORD)
    return ' (skipped: they install Python packages; RECORD=1 or FULL=1 runs them)'
  try {
    // Any small package will do.
    execFileSync('python3', ['-m', 'pip', 'index', 'versions', 'h11'], { stdio: 'ignore' })
    return undefined
  } catch {
    return ' (skipped: Python 3 with pip, or PyPI, is not reached from here)'
  }
}
