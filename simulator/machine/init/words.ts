import { SIGNAL_NUMBERS } from '../../manager/signals.ts'
import type { ExitStatus } from '../../manager/machine.ts'
import type { Service } from './service.ts'

/** Names that systemd has for exit codes (`exit_status_mappings`, src/shared/exit-status.c): libc's and its own, LSB's, and BSD's. */
const LIBC_AND_OWN: Readonly<Record<number, string>> = Object.fromEntries([
  [0, 'SUCCESS'],
  [1, 'FAILURE'],
  ...'CHDIR NICE FDS EXEC MEMORY LIMITS OOM_ADJUST SIGNAL_MASK STDIN STDOUT CHROOT IOPRIO TIMERSLACK SECUREBITS SETSCHEDULER CPUAFFINITY GROUP USER CAPABILITIES CGROUP SETSID CONFIRM STDERR'
    .split(' ')
    .map((name, index) => [200 + index, name] as const),
  ...'PAM NETWORK NAMESPACE NO_NEW_PRIVILEGES SECCOMP SELINUX_CONTEXT PERSONALITY APPARMOR ADDRESS_FAMILIES RUNTIME_DIRECTORY'
    .split(' ')
    .map((name, index) => [224 + index, name] as const),
  ...'CHOWN SMACK_PROCESS_LABEL KEYRING STATE_DIRECTORY CACHE_DIRECTORY LOGS_DIRECTORY CONFIGURATION_DIRECTORY NUMA_POLICY CREDENTIALS BPF'
    .split(' ')
    .map((name, index) => [235 + index, name] as const),
])
const LSB: Readonly<Record<number, string>> = {
  2: 'INVALIDARGUMENT',
  3: 'NOTIMPLEMENTED',
  4: 'NOPERMISSION',
  5: 'NOTINSTALLED',
  6: 'NOTCONFIGURED',
  7: 'NOTRUNNING',
}
const BSD: Readonly<Record<number, string>> = Object.fromEntries(
  'USAGE DATAERR NOINPUT NOUSER NOHOST UNAVAILABLE SOFTWARE OSERR OSFILE CANTCREAT IOERR TEMPFAIL PROTOCOL NOPERM CONFIG'
    .split(' ')
    .map((name, index) => [64 + index, name] as const),
)
const EVERY: Readonly<Record<number, string>> = { ...BSD, ...LSB, ...LIBC_AND_OWN }

/** Exit codes by the names that a unit file may use. */
export const EXIT_CODES: ReadonlyMap<string, number> = new Map(
  Object.entries(EVERY).map(([code, name]) => [name, Number(code)]),
)

/** `code=exited, status=3/NOTIMPLEMENTED` or `code=killed, status=9/KILL`. */
export function exitWords(status: ExitStatus): string {
  if ('code' in status) return `code=exited, status=${status.code}/${EVERY[status.code] ?? 'n/a'}`
  return `code=${killed(status.signal)}, status=${SIGNAL_NUMBERS[status.signal]}/${status.signal}`
}

/** The same as `systemctl status` has it: `code=exited, status=203/EXEC`, `code=killed, signal=KILL`. */
export function exitShown(status: ExitStatus): string {
  if ('signal' in status) return `code=${killed(status.signal)}, signal=${status.signal}`
  const name = LIBC_AND_OWN[status.code]
  return `code=exited, status=${status.code}${name === undefined ? '' : `/${name}`}`
}

function killed(signal: string): string {
  return ['QUIT', 'ILL', 'TRAP', 'ABRT', 'BUS', 'FPE', 'SEGV'].includes(signal) ? 'dumped' : 'killed'
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
