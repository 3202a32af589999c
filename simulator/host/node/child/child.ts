import { onManagerMessage, openChannel, tell } from '../ipc/channel.ts'
import { ignoreHangUp } from '../system/hang-up.ts'
import { reportLostOutputToParent } from '../output/output-lost.ts'
import type { Assignment, WorkerBirthMessage, ChildTask } from '../ipc/protocol.ts'
import { discover } from './discover.ts'
import { live } from './live.ts'
import { makeListen } from './make-listen.ts'
import { preload } from './preload.ts'

/** Carries out the task that this child process was started for. */
export async function run(task: Assignment): Promise<void> {
  openChannel(task.token)
  if (task.ignoresHangUp === true) ignoreHangUp()
  switch (task.do) {
    case 'work':
    case 'listen':
      return work(task)
    case 'discover':
      return discover(task)
    case 'preload':
      return preload(task.settings)
  }
}

async function work({ birth, fds, listen: sockets }: ChildTask & { do: 'work' | 'listen' }): Promise<void> {
  reportLostOutputToParent()
  const begin = (known: WorkerBirthMessage) =>
    live({ ...known, pid: process.pid, chance: Math.random() }, fds)
  if (birth !== undefined) return begin(birth)
  // Ctrl+C reaches this process as well; the manager decides what happens to a waiting worker.
  const ignore = () => undefined
  process.on('SIGINT', ignore)
  onManagerMessage((message) => {
    if (message.says !== 'begin') return true
    begin(message.birth)
    process.off('SIGINT', ignore)
    return false
  })
  if (sockets !== undefined) {
    try {
      await makeListen(sockets.fds, sockets.backlog)
      tell({ says: 'listening' })
    } catch (error) {
      const { at = 0, code = '' } = error as { at?: number; code?: string }
      tell({ says: 'listening', failure: { at, code } })
    }
  }
}
