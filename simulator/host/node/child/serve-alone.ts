import type { Settings } from '../../../manager/settings.ts'
import { reportLostOutput } from '../output/output-lost.ts'
import { live } from './live.ts'

/**
 * Runs a single worker in this process. Built as its own file because a manager of several workers needs none of it; the bundle has its own
 * copy of `write.ts`, so it asks for lost output itself.
 */
export function serveAlone(settings: Settings): void {
  reportLostOutput()
  live({ pid: process.pid, role: 'single', age: 1, settings, chance: Math.random() }, [])
}
