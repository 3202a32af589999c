import type { Faults } from '../../machine/faults.ts'
import type { Bind } from '../../manager/settings.ts'
import type { Kernel } from './kernel.ts'

/** The line that a broken file begins with. */
const BREAK = "throw new Error('broken on purpose')\n"

/** Breaks things on purpose. */
export class FaultsHost implements Faults {
  readonly #kernel: Kernel

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  freeze(pid: number): 'done' | 'no-such-process' {
    const frozen = this.#kernel.table.get(pid)?.frozen
    return this.#kernel.signal(pid, frozen === true ? 'CONT' : 'STOP') === 'sent' ? 'done' : 'no-such-process'
  }

  kill(pid: number): 'done' | 'no-such-process' {
    return this.#kernel.signal(pid, 'KILL') === 'sent' ? 'done' : 'no-such-process'
  }

  spin(pid: number): 'done' | 'no-such-process' {
    const process = this.#kernel.table.get(pid)
    if (process?.alive !== true) return 'no-such-process'
    this.#say('spin', String(pid))
    if (!process.spinning) this.#kernel.threads.spin(process)
    return 'done'
  }

  fillMemory(pid: number, bytes: number): 'done' | 'no-such-process' {
    const process = this.#kernel.table.get(pid)
    if (process?.alive !== true) return 'no-such-process'
    this.#say('fill-memory', String(pid))
    this.#kernel.setMemory(process, Math.max(0, process.memory + bytes))
    return 'done'
  }

  breakCode(path: string): 'done' | 'no-such-file' {
    const text = this.#kernel.readFile(path)
    if (text === undefined) return 'no-such-file'
    this.#say('break-code', path)
    if (!text.startsWith(BREAK)) this.#kernel.writeFile(path, BREAK + text)
    return 'done'
  }

  mendCode(path: string): 'done' | 'no-such-file' {
    const text = this.#kernel.readFile(path)
    if (text === undefined) return 'no-such-file'
    this.#say('mend-code', path)
    if (text.startsWith(BREAK)) this.#kernel.writeFile(path, text.slice(BREAK.length))
    return 'done'
  }

  takePort(bind: Bind): number | 'in-use' {
    const kernel = this.#kernel
    const pid = kernel.begin('nc -lk')
    const bound = kernel.network.listeners.bind(pid, [bind], 5)
    if ('error' in bound) {
      kernel.end(pid, 1)
      return 'in-use'
    }
    this.#say('take-port', bind.kind === 'tcp' ? String(bind.port) : '')
    kernel.record({ type: 'listening', pid, bind })
    return pid
  }

  expireCertificate(domain: string): 'done' | 'no-such-certificate' {
    return this.#kernel.certificates.expire(domain) ? 'done' : 'no-such-certificate'
  }

  cutConnection(terminal: string): void {
    this.#kernel.record({ type: 'hung-up', terminal })
    const there = [...this.#kernel.table.values()].filter((each) => each.alive && each.terminal === terminal)
    for (const { pid, frozen } of there) {
      this.#kernel.signal(pid, 'HUP')
      // A stopped job could not hear of it.
      if (frozen) this.#kernel.signal(pid, 'CONT')
    }
  }

  reboot(hard = false): void {
    this.#kernel.power.reboot(hard)
  }

  #say(fault: string, on: string): void {
    this.#kernel.record({ type: 'fault', fault, on })
  }
}
