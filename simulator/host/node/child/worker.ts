/** The program of every child process: only what is needed to enable the compile cache for the rest. */
import { enableCompileCache } from '../system/compile-cache.ts'
import type { Assignment } from '../ipc/protocol.ts'
import { BOOT_FLAG, TASK_VARIABLE } from '../ipc/protocol.ts'

const text = process.env[TASK_VARIABLE]
delete process.env[TASK_VARIABLE]
if (text === undefined) {
  console.error('This file is started by server-workers, which tells it what to do.')
  process.exit(2)
}
// An application may pass them on to threads that do not accept this one.
process.execArgv = process.execArgv.filter((flag) => flag !== BOOT_FLAG)
enableCompileCache()
const { run } = await import('./child.ts')
await run(JSON.parse(text) as Assignment)
