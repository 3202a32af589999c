import type { Settings } from '../../manager/settings.ts'
import { sayWhatIsLost } from './output-lost.ts'
import { live } from './worker/live.ts'

/**
 * One worker only: this process leads its life. A file of its own in the build, for a manager of several needs none of it; so it has its
 * own ear for lost output.
 */
export function serveAlone(settings: Settings): void {
  sayWhatIsLost()
  live({ pid: process.pid, role: 'single', age: 1, settings, chance: Math.random() }, [])
}
