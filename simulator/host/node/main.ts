/** The `server-workers` command: only what is needed to see whether it can run here, and to keep the compiled code of the rest. */
import { enableCompileCache } from './compile-cache.ts'
import { runsHere } from './runs-here.ts'

if (runsHere()) {
  enableCompileCache()
  const { begin } = await import('./begin.ts')
  await begin()
} else {
  const { refuse } = await import('./refuse.ts')
  refuse()
}
