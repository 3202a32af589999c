/** The `server-workers` command. */
import { enableCompileCache } from './compile-cache.ts'
import { Failure } from './failure.ts'
import { fill, words } from './language.ts'
import { write } from './write.ts'

const OLDEST_NODE = 20

try {
  checkPlatform()
  enableCompileCache()
  const { command } = await import('./command.ts')
  await command(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof Failure)) throw error
  write('stderr', `${error.message}\n`)
  process.exitCode = error.code
}

function checkPlatform(): void {
  if (process.platform === 'win32') throw new Failure(words().windows)
  const { node: version } = process.versions
  if (Number.parseInt(version) < OLDEST_NODE) throw new Failure(fill(words().oldNode, { version }))
}
