/** POSIX signals that the simulated and the real programs exchange, with Linux's numbers. */
export const SIGNAL_NUMBERS = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ILL: 4,
  TRAP: 5,
  ABRT: 6,
  BUS: 7,
  FPE: 8,
  KILL: 9,
  USR1: 10,
  SEGV: 11,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  CHLD: 17,
  CONT: 18,
  STOP: 19,
  TSTP: 20,
  TTIN: 21,
  TTOU: 22,
  WINCH: 28,
} as const

/** A signal's name without `SIG`. */
export type SignalName = keyof typeof SIGNAL_NUMBERS

/** What the kernel does with a signal that a process has no handler for (signal(7)). */
export type DefaultAction = 'terminate' | 'stop' | 'continue' | 'ignore'

/** The default action of a signal on Linux. */
export function defaultAction(signal: SignalName): DefaultAction {
  switch (signal) {
    case 'STOP':
    case 'TSTP':
    case 'TTIN':
    case 'TTOU':
      return 'stop'
    case 'CONT':
      return 'continue'
    case 'CHLD':
    case 'WINCH':
      return 'ignore'
    default:
      return 'terminate'
  }
}

/** True when `text` is a signal's name (without `SIG`). */
export function isSignalName(text: string): text is SignalName {
  return Object.hasOwn(SIGNAL_NUMBERS, text)
}
