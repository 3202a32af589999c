/**
 * The program of every child process. It is kept small: what a child does not need for its task is not loaded.
 */
import { enableCompileCache } from './compile-cache.ts'
import type { ChildTask } from './protocol.ts'
import { TASK_VARIABLE } from './protocol.ts'
import { listenOnce } from './worker/listen-once.ts'

const text = process.env[TASK_VARIABLE]
delete process.env[TASK_VARIABLE]
if (text === undefined) {
  console.error('This file is started by server-workers, which tells it what to do.')
  process.exit(2)
}
const task = JSON.parse(text) as ChildTask
if (task.do === 'listen') {
  listenOnce(task.fd, task.backlog)
} else {
  enableCompileCache()
  const { run } = await import('./child.ts')
  await run(task)
}
