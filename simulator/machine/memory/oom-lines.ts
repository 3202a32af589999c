/** A process in the OOM killer's report; sizes in bytes. */
export interface OomProcess {
  readonly pid: number
  readonly name: string
  readonly uid: number
  readonly virtual: number
  readonly anonymous: number
  readonly swapped: number
  readonly adjust: number
}

const PAGE = 4096

/**
 * The lines of the kernel log when memory has run out (Linux 6.1, as on Debian 12).
 *
 * @param invoker the process that asked for memory
 * @param victim the process that is killed
 * @param all the processes that were to choose from
 * @param container the container whose memory limit was exceeded, if it was not the machine's memory
 */
export function oomLines(
  invoker: OomProcess,
  victim: OomProcess,
  all: readonly OomProcess[],
  container?: string,
): readonly string[] {
  const what = container === undefined ? 'Out of memory' : 'Memory cgroup out of memory'
  const group = `/${container === undefined ? 'user.slice' : `docker/${container}`}`
  const constraint =
    container === undefined
      ? `CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom`
      : `CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${group}`
  return [
    `${invoker.name} invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=${invoker.adjust}`,
    'Tasks state (memory values in pages):',
    '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
    ...all.map(taskLine),
    `oom-kill:constraint=${constraint},task_memcg=${group},task=${victim.name},pid=${victim.pid},uid=${victim.uid}`,
    `${what}: Killed process ${victim.pid} (${victim.name}) total-vm:${kb(victim.virtual)}, anon-rss:${kb(victim.anonymous)}, ` +
      `file-rss:0kB, shmem-rss:0kB, UID:${victim.uid} pgtables:${kb(tables(victim))} oom_score_adj:${victim.adjust}`,
    `oom_reaper: reaped process ${victim.pid} (${victim.name}), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB`,
  ]
}

function taskLine(task: OomProcess): string {
  const columns = [
    `[${pad(task.pid, 7)}]`,
    pad(task.uid, 5),
    pad(task.pid, 5),
    pad(Math.round(task.virtual / PAGE), 8),
    pad(Math.round(task.anonymous / PAGE), 8),
    pad(tables(task), 8),
    pad(Math.round(task.swapped / PAGE), 8),
    pad(task.adjust, 13),
    task.name,
  ]
  return columns.join(' ')
}

/** The size of the page tables in bytes, in whole pages. */
function tables({ virtual }: OomProcess): number {
  return Math.max(1, Math.ceil(((virtual / PAGE) * 8) / PAGE)) * PAGE
}

function kb(bytes: number): string {
  return `${Math.round(bytes / 1024)}kB`
}

function pad(value: number, width: number): string {
  return String(value).padStart(width)
}
