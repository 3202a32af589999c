import { SIGNAL_NUMBERS, type SignalName } from '../../manager/signals.ts'

/** Linux's signals by number, as `kill -l` names them; 32 and 33 belong to the C library and have no name. */
const NAMES: readonly string[] = [
  ...'. HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS . .'
    .split(' ')
    .map((name) => (name === '.' ? '' : name)),
  'RTMIN',
  ...Array.from({ length: 15 }, (_, index) => `RTMIN+${index + 1}`),
  ...Array.from({ length: 14 }, (_, index) => `RTMAX-${14 - index}`),
  'RTMAX',
]

/** The signals that this machine models. */
export const SIGNAL_NAMES = Object.keys(SIGNAL_NUMBERS) as SignalName[]

/** All signals of Linux with their numbers. */
export function allSignals(): { number: number; name: string }[] {
  return NAMES.flatMap((name, number) => (name === '' ? [] : [{ number, name }]))
}

/** The name of a signal without `SIG`, or nothing. */
export function signalName(number: number): string {
  return NAMES[number] ?? ''
}

/** The number of `9`, `KILL`, `SIGKILL`, `kill`; 0 is allowed and asks only whether a process exists. */
export function signalNumber(spec: string): number | undefined {
  if (/^\d+$/.test(spec)) {
    const number = Number(spec)
    return number === 0 || signalName(number) !== '' ? number : undefined
  }
  const name = spec.toUpperCase().replace(/^SIG/, '')
  const number = name === '' ? -1 : NAMES.indexOf(name)
  return number < 0 ? undefined : number
}
