/** The `server-workers` command: only what is needed to check that it can run here, and to enable the compile cache for the rest. */
import { enableCompileCache } from '../system/compile-cache.ts'
import { isSupportedSystem } from './is-supported-system.ts'

if (isSupportedSystem()) {
  enableCompileCache()
  try {
    const { begin } = await import('./begin.ts')
    await begin()
  } catch (error) {
    const { explain } = await import('./refuse.ts')
    if (!explain(error)) throw error
  }
} else {
  const { refuse } = await import('./refuse.ts')
  refuse()
}
