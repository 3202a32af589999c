import type { Raised } from '../manager/log.ts'

/** An exception as Python prints it: a headline, the frames indented by two blanks, the class with its message. */
export function traceback(raised: Raised, heading?: string): string {
  const frames = raised.frames.flatMap((frame) => frame.split('\n')).map((line) => `  ${line}`)
  const above = heading === undefined ? [] : [heading]
  return [...above, 'Traceback (most recent call last):', ...frames, lastLine(raised)]
    .map((line) => `${line}\n`)
    .join('')
}

/** The last line of a traceback: `Name: message`, or the name alone. */
export function lastLine(raised: Raised): string {
  return raised.message === '' ? raised.name : `${raised.name}: ${raised.message}`
}
