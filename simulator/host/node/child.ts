import { listen, openChannel, tell } from './channel.ts'
import { tellWhatIsLost } from './output-lost.ts'
import type { Birth, ChildTask } from './protocol.ts'
import { discover } from './worker/discover.ts'
import { live } from './worker/live.ts'
import { makeListen } from './worker/make-listen.ts'
import { preload } from './worker/preload.ts'

/** Does what this child process was started for. */
export async function run(task: ChildTask): Promise<void> {
  openChannel()
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
  tellWhatIsLost()
  const begin = (known: Birth) => live({ ...known, pid: process.pid, chance: Math.random() }, fds)
  if (birth !== undefined) return begin(birth)
  // Ctrl+C reaches this process as well: it is for the manager to say what becomes of who waits.
  const ignore = () => undefined
  process.on('SIGINT', ignore)
  listen((message) => {
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
