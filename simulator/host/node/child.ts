import { openChannel } from './channel.ts'
import { tellWhatIsLost } from './output-lost.ts'
import type { LargeTask } from './protocol.ts'
import { discover } from './worker/discover.ts'
import { live } from './worker/live.ts'
import { preload } from './worker/preload.ts'

/** Does what this child process was started for. */
export async function run(task: LargeTask): Promise<void> {
  openChannel()
  switch (task.do) {
    case 'work':
      tellWhatIsLost()
      return live({ ...task.birth, pid: process.pid, chance: Math.random() }, task.fds)
    case 'discover':
      return discover(task)
    case 'preload':
      return preload(task.settings)
  }
}
