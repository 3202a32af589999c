import { fill, sentence } from '../output/language.ts'
import { LONGEST_MS } from '../system/timer-ms.ts'
import { write } from '../output/write.ts'

/** When somebody is told what is being waited for, in ms. */
const LONG_MS = 10_000

/**
 * Waits for what an application promises, for as long as it takes: Node would end a process that waits for nothing else. When that is
 * long, `sayWhat` is called.
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

/** Waits for an import in a process that is there for nothing else. */
export function waitForImport<T>(app: string, promise: Promise<T>): Promise<T> {
  return waitFor(promise, () =>
    write('stderr', `${sentence(({ waiting }) => fill(waiting.import, { app }))}\n`),
  )
}
