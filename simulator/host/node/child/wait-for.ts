import { fill, sentence } from '../output/language.ts'
import { LONGEST_MS } from '../system/timer-ms.ts'
import { write } from '../output/write.ts'

/** After this many ms it is reported what is being waited for. */
const LONG_MS = 10_000

/**
 * Waits for a promise of an application, for as long as it takes, and keeps the process alive meanwhile. `sayWhat` is called when it takes
 * long.
 */
export async function waitFor<T>(promise: Promise<T>, sayWhat: () => void): Promise<T> {
  const stay = setInterval(() => undefined, LONGEST_MS)
  const long = setTimeout(sayWhat, LONG_MS)
  try {
    return await promise
  } finally {
    clearInterval(stay)
    clearTimeout(long)
  }
}

/** Waits for an import in a process that exists only for it. */
export function waitForImport<T>(app: string, promise: Promise<T>): Promise<T> {
  return waitFor(promise, () =>
    write('stderr', `${sentence(({ waiting }) => fill(waiting.import, { app }))}\n`),
  )
}
