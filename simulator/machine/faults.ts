import type { Bind } from '../manager/settings.ts'

/**
 * Faults that a reader can cause on purpose. Other faults are ordinary system calls: SIGKILL and SIGSTOP by `signal`, a broken file by
 * `writeFile`, less memory by `setHardware`.
 */
export interface Faults {
  /** Sends SIGSTOP; or SIGCONT, when the process is stopped already. */
  freeze(pid: number): 'done' | 'no-such-process'
  kill(pid: number): 'done' | 'no-such-process'
  /** The main thread computes for ever, as in `while True: pass`; its other threads go on. */
  spin(pid: number): 'done' | 'no-such-process'
  /** The process allocates this many more bytes; a negative number frees some of them. */
  fillMemory(pid: number, bytes: number): 'done' | 'no-such-process'
  /** Adds a line to the application's file that makes its import fail; `mendCode` removes it. Running processes keep the code they have. */
  breakCode(path: string): 'done' | 'no-such-file'
  mendCode(path: string): 'done' | 'no-such-file'
  /** Starts another program that listens on this address until it is killed. @returns its PID */
  takePort(bind: Bind): number | 'in-use'
  /** Makes the certificate of a domain expire now. */
  expireCertificate(domain: string): 'done' | 'no-such-certificate'
  /**
   * The SSH connection of a terminal breaks: SIGHUP for its shell and all of its jobs (signal(7), bash(1) SIGNALS). The terminal is gone;
   * opening it again is a new login.
   */
  cutConnection(terminal: string): void
  /**
   * Reboots the machine: SIGTERM to every process, SIGKILL after a while to those that are left; after the boot, the enabled units start,
   * and what other keepers start at boot. `hard`: the power is cut, and no process gets a signal.
   */
  reboot(hard?: boolean): void
}
