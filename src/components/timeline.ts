import type { RecordedLine } from './moment.ts'

/** The life of one worker process; times in seconds since the start of the recording. */
export interface RecordedLife {
  readonly pid: string
  readonly bootsAt: number
  readonly readyAt: number
  /** When it was killed, if it was. */
  readonly killedAt?: number
  readonly noticedAt?: number
}

/** A recorded run with one killed worker. */
export interface Timeline {
  readonly parent: string
  readonly seconds: number
  /** One entry for each of the parent's workers, in the order of their first PIDs: the processes that replaced each other in it. */
  readonly places: readonly (readonly RecordedLife[])[]
}

const started = /Started server process \[(.+)\]/
const parentStarted = /Started parent process \[(.+)\]/
const killed = /^kill -KILL (<w\d+>)/
const died = /Child process \[(.+)\] died/

/**
 * Computes the lives of the workers from a recording of uvicorn. In the recording PIDs are names such as `<w2>`.
 * @param pids the PIDs in order of appearance, the parent's first
 * @throws Error when the recording has no line of the parent
 */
export function timeline(recorded: readonly RecordedLine[], pids: readonly string[]): Timeline {
  const parentMoment = recorded.find((moment) => parentStarted.test(moment.text))
  const [parent] = pids
  if (!parentMoment || parent === undefined)
    throw new Error('Expected a recording with the line "Started parent process".')

  const places: RecordedLife[][] = []
  let vacant: RecordedLife[] | undefined
  let newest: RecordedLife[] | undefined
  for (const { at, source, text } of recorded) {
    const worker = started.exec(text)?.[1]
    const victim = source === 'step' ? killed.exec(text)?.[1] : undefined
    if (worker !== undefined) {
      const bootsAt = vacant?.at(-1)?.noticedAt ?? parentMoment.at
      const life: RecordedLife = { pid: real(worker, pids), bootsAt, readyAt: at }
      newest = vacant ?? []
      newest.push(life)
      if (!vacant) places.push(newest)
      vacant = undefined
    } else if (text.includes('Application startup complete') && newest) {
      change(newest, { readyAt: at })
    } else if (victim !== undefined) {
      const place = places.find((lives) => lives.at(-1)?.pid === real(victim, pids))
      if (place) change(place, { killedAt: at })
    } else if (died.test(text)) {
      vacant = places.find((lives) => lives.at(-1)?.killedAt !== undefined)
      if (vacant) change(vacant, { noticedAt: at })
    }
  }
  places.sort((a, b) => Number(a[0]?.pid) - Number(b[0]?.pid))
  return { parent, seconds: recorded.at(-1)?.at ?? 0, places }
}

function change(place: RecordedLife[], part: Partial<RecordedLife>): void {
  const last = place.pop()
  if (last) place.push({ ...last, ...part })
}

/** The PID of a name; `<w1>` is the second that appears, after the parent. */
function real(name: string, pids: readonly string[]): string {
  return pids[Number(name.slice(2, -1))] ?? name
}

/** The PIDs in a recording's lines, in order of appearance. */
export function pidsOf(lines: readonly string[]): string[] {
  const found = lines.flatMap((line) => {
    const pid = /Started (?:parent|server) process \[(\d+)\]/.exec(line)?.[1]
    return pid === undefined ? [] : [pid]
  })
  return [...new Set(found)]
}
