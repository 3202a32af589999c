import type { Bind } from '../manager/settings.ts'

/**
 * What one can do to a machine that no one should. Everything else that breaks is a system call: SIGKILL and SIGSTOP by `signal`,
 * a broken file by `writeFile`, less memory by `setHardware`.
 */
export interface Faults {
  /** SIGSTOP, and SIGCONT when it was stopped before. */
  freeze(pid: number): 'done' | 'no-such-process'
  kill(pid: number): 'done' | 'no-such-process'
  /** The main thread computes for ever, as in `while True: pass`; its other threads go on. */
  spin(pid: number): 'done' | 'no-such-process'
  /** The process takes so many bytes more; less than 0 gives some of these back. */
  fillMemory(pid: number, bytes: number): 'done' | 'no-such-process'
  /** The application's file gets a line that cannot be imported; `mendCode` takes it out again. Running processes do not notice. */
  breakCode(path: string): 'done' | 'no-such-file'
  mendCode(path: string): 'done' | 'no-such-file'
  /** Another program listens there, until it is killed; the answer is its PID. */
  takePort(bind: Bind): number | 'in-use'
  /** The certificate of a domain ends now. */
  expireCertificate(domain: string): 'done' | 'no-such-certificate'
  /**
   * The SSH connection of a terminal breaks: SIGHUP for its shell and all of its jobs (signal(7), bash(1) SIGNALS). The terminal is gone;
   * opening it again is a new login.
   */
  cutConnection(terminal: string): void
  /**
   * The machine goes down and comes up again: SIGTERM for every process, SIGKILL for those that are there after a while, and after the boot
   * the enabled units, and what other keepers start by themselves. `hard`: the power is cut instead.
   */
  reboot(hard?: boolean): void
}
