import type { Settings } from '../../../manager/settings.ts'
import { reportLostOutput } from '../output/output-lost.ts'
import { live } from './live.ts'

/**
 * Runs a single worker in this process. It is built as a file of its own because it needs nothing of a manager; the bundle has its own copy
 * of `write.ts`, so it sets up the report of lost output itself.
 */
export function serveAlone(settings: Settings): void {
  reportLostOutput()
  live({ pid: process.pid, role: 'single', age: 1, settings, chance: Math.random() }, [])
}
