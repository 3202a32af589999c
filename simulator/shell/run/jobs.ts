import type { SignalName } from '../../manager/signals.ts'

/** How a job, or one command of it, ended or was stopped. */
export interface JobResult {
  readonly code: number
  /** The signal that ended it. */
  readonly signal?: SignalName
  /** It has not ended, but was stopped. */
  readonly stopped?: boolean
  /** The command was `exit`, with this code. */
  readonly exit?: number
}

/** Processes that a shell started together: a pipeline, or a list in the background. */
export class Job {
  /** Its number, once it is in the list of jobs. */
  number: number | undefined
  /** The PID of its first process, which is its process group; 0 before it has one. */
  group = 0
  /** The PID of its last process. */
  last = 0
  readonly source: string
  /** How it ended, once it has. */
  ended: JobResult | undefined
  stopped = false
  /** The result of the process that ended last. */
  lastResult: JobResult | undefined
  /** It contains a server. */
  isServer = false
  /** `disown`: it is not sent SIGHUP when the shell ends. */
  disowned = false
  /** Its living processes, and whether each is stopped. */
  readonly living = new Map<number, boolean>()
  /** Called when it has its first process. */
  onGroup: (() => void) | undefined
  readonly #watching: ((result: JobResult) => void)[] = []

  constructor(source: string) {
    this.source = source
  }

  /** Calls back once, when it ends or is stopped. The returned function cancels that. */
  watch(onResult: (result: JobResult) => void): () => void {
    this.#watching.push(onResult)
    return () => {
      const index = this.#watching.indexOf(onResult)
      if (index >= 0) this.#watching.splice(index, 1)
    }
  }

  joined(pid: number): void {
    this.last = pid
    this.living.set(pid, false)
    if (this.group !== 0) return
    this.group = pid
    this.onGroup?.()
  }

  left(pid: number): void {
    this.living.delete(pid)
  }

  /** A process was stopped or continued. The job is stopped when all its processes are. */
  halted(pid: number, stopped: boolean): void {
    if (!this.living.has(pid)) return
    this.living.set(pid, stopped)
    const all = [...this.living.values()].every((each) => each)
    if (all === this.stopped) return
    this.stopped = all
    if (all) this.#tell({ code: 148, stopped: true })
  }

  end(result: JobResult): void {
    if (this.ended !== undefined) return
    this.ended = result
    this.stopped = false
    this.#tell(result)
  }

  #tell(result: JobResult): void {
    for (const each of this.#watching.splice(0)) each(result)
  }
}

/** The jobs of a shell that are in the background, or stopped. */
export class Jobs {
  readonly #list: Job[] = []

  add(job: Job): void {
    if (job.number === undefined) {
      job.number = Math.max(0, ...this.#list.map(({ number }) => number ?? 0)) + 1
    } else {
      this.remove(job)
    }
    // The job that was added or stopped last is the current one (`%+`).
    this.#list.push(job)
  }

  remove(job: Job): void {
    const index = this.#list.indexOf(job)
    if (index >= 0) this.#list.splice(index, 1)
  }

  get all(): readonly Job[] {
    return this.#list.toSorted((a, b) => (a.number ?? 0) - (b.number ?? 0))
  }

  get current(): Job | undefined {
    return this.#ranked[0]
  }

  /** Stopped jobs first, then the most recent. */
  get #ranked(): readonly Job[] {
    return this.#list.toReversed().toSorted((a, b) => Number(b.stopped) - Number(a.stopped))
  }

  /** Finds a job by `%1`, `%+`, `%-`, `%name`, or the bare forms that `fg` accepts. */
  find(spec: string): Job | undefined {
    const text = spec.replace(/^%/, '')
    if (text === '' || text === '+' || text === '%') return this.current
    if (text === '-') return this.#ranked[1]
    if (/^\d+$/.test(text)) return this.#list.find(({ number }) => number === Number(text))
    if (text.startsWith('?')) return this.#list.find(({ source }) => source.includes(text.slice(1)))
    return this.#list.find(({ source }) => source.startsWith(text))
  }

  /** A line as `jobs` prints it. */
  line(job: Job, withPid = false): string {
    const [first, second] = this.#ranked
    const mark = job === first ? '+' : job === second ? '-' : ' '
    const pid = withPid ? `${job.group} ` : ''
    const running = job.ended === undefined && !job.stopped
    return `[${job.number}]${mark}  ${pid}${state(job).padEnd(24)}${job.source}${running ? ' &' : ''}\n`
  }

  /** The messages about jobs that have ended, which bash prints before the next prompt; the jobs are then removed. */
  news(): string[] {
    const ended = this.all.filter((job) => job.ended !== undefined)
    const lines = ended.map((job) => this.line(job))
    for (const job of ended) this.remove(job)
    return lines
  }
}

function state(job: Job): string {
  if (job.ended === undefined) return job.stopped ? 'Stopped' : 'Running'
  const { code, signal } = job.ended
  if (signal !== undefined) return DEATHS[signal] ?? 'Terminated'
  return code === 0 ? 'Done' : `Exit ${code}`
}

/** bash's words for a death by signal. */
export const DEATHS: Partial<Record<SignalName, string>> = {
  HUP: 'Hangup',
  INT: 'Interrupt',
  QUIT: 'Quit',
  ILL: 'Illegal instruction',
  TRAP: 'Trace/breakpoint trap',
  ABRT: 'Aborted',
  BUS: 'Bus error',
  FPE: 'Floating point exception',
  KILL: 'Killed',
  USR1: 'User defined signal 1',
  SEGV: 'Segmentation fault',
  USR2: 'User defined signal 2',
  PIPE: 'Broken pipe',
  ALRM: 'Alarm clock',
  TERM: 'Terminated',
}
