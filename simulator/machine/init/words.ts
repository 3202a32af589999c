import { SIGNAL_NUMBERS } from '../../manager/signals.ts'
import type { ExitStatus } from '../../manager/machine.ts'
import type { Service } from './unit-file.ts'

/** Names that systemd has for exit codes (`exit_status_mappings`, src/shared/exit-status.c; LSB and its own). */
const EXIT_NAMES: Readonly<Record<number, string>> = {
  0: 'SUCCESS',
  1: 'FAILURE',
  2: 'INVALIDARGUMENT',
  3: 'NOTIMPLEMENTED',
  4: 'NOPERMISSION',
  5: 'NOTINSTALLED',
  6: 'NOTCONFIGURED',
  7: 'NOTRUNNING',
  200: 'CHDIR',
  203: 'EXEC',
  217: 'USER',
}

/** `code=exited, status=3/NOTIMPLEMENTED` or `code=killed, status=9/KILL`. */
export function exitWords(status: ExitStatus): string {
  if ('code' in status) return `code=exited, status=${status.code}/${EXIT_NAMES[status.code] ?? 'n/a'}`
  const dumped = ['QUIT', 'ILL', 'TRAP', 'ABRT', 'BUS', 'FPE', 'SEGV'].includes(status.signal)
  return `code=${dumped ? 'dumped' : 'killed'}, status=${SIGNAL_NUMBERS[status.signal]}/${status.signal}`
}

/** `web.service - My application`, as systemd 252 names units in its messages. */
export function unitWords({ name, description }: Pick<Service, 'name' | 'description'>): string {
  return description === name ? name : `${name} - ${description}`
}

/** A span of processor time as in `Consumed 1.204s CPU time.` */
export function cpuWords(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`
  const minutes = Math.floor(ms / 60_000)
  const seconds = `${((ms % 60_000) / 1000).toFixed(3)}s`
  return minutes === 0 ? seconds : `${minutes}min ${seconds}`
}
