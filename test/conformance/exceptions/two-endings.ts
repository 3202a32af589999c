import type { Recorded } from '../recording/scenario.ts'

const CRASH = /^gunicorn\.errors\.HaltServer: <HaltServer '(.*)' (\d+)>$/
const REASON = /^\[<ts>\] \[<parent>\] \[(?:INFO|ERROR)\] Reason: (.*)$/
const SHUTTING_DOWN = /\[<parent>\] \[(?:INFO|ERROR)\] Shutting down: Master$/

/**
 * gunicorn stops when a worker cannot boot. When a second one fails before the master has exited, the master crashes; about half of the
 * recorded failing starts ended that way. Either ending is right.
 * @returns the recording with the other ending; `undefined` when no worker failed to boot
 */
export function otherEnding(recorded: Recorded): Recorded | undefined {
  const { lines, program } = recorded
  if (program !== 'gunicorn' || 'stderr' in lines) return undefined
  const crash = lines.findIndex((line) => CRASH.test(line))
  if (crash >= 0) return tidy(recorded, lines, crash)
  const reason = lines.findIndex((line) => REASON.test(line))
  return reason >= 0 && recorded.exit.kind === 'code' ? crashed(recorded, lines, reason) : undefined
}

/** Replaces the traceback by the two last lines; lines of workers after it, which shut down alone then, come before them. */
function tidy(recorded: Recorded, lines: readonly string[], crash: number): Recorded {
  const [, reason = '', code = ''] = CRASH.exec(lines[crash] ?? '') ?? []
  const head = lines.findLastIndex((line, i) => i < crash && line.startsWith('Traceback '))
  const end = lines.findLastIndex((line) => CRASH.test(line))
  const level = recorded.version.startsWith('26.') ? 'ERROR' : 'INFO'
  const said = ['Shutting down: Master', `Reason: ${reason}`].map(
    (text) => `[<ts>] [<parent>] [${level}] ${text}`,
  )
  return {
    ...recorded,
    lines: [...lines.slice(0, head), ...lines.slice(end + 1), ...said],
    exit: { kind: 'code', code: Number(code) },
  }
}

/** The reverse. */
function crashed(recorded: Recorded, lines: readonly string[], at: number): Recorded {
  const [, reason = ''] = REASON.exec(lines[at] ?? '') ?? []
  const code = recorded.exit.kind === 'code' ? recorded.exit.code : 0
  const error = [
    'Traceback (most recent call last):',
    `gunicorn.errors.HaltServer: <HaltServer '${reason}' ${code}>`,
  ]
  const during = 'During handling of the above exception, another exception occurred:'
  const others = lines.filter((line, i) => i < at && !SHUTTING_DOWN.test(line))
  return {
    ...recorded,
    lines: [...others, ...error, '', during, '', ...error],
    exit: { kind: 'code', code: 1 },
  }
}
