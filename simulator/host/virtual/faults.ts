import type { Faults } from '../../machine/faults.ts'
import type { Bind } from '../../manager/settings.ts'
import type { CertificateStore } from './certificates.ts'
import type { Files } from './files.ts'
import type { MainThreads } from './main-threads.ts'
import type { MainMemory } from './memory.ts'
import type { Network } from './network.ts'
import type { Power } from './power.ts'
import type { Processes } from './processes.ts'
import type { Signals } from './signals.ts'
import type { Trace } from './trace.ts'

/** The first line of a broken file. */
const BREAK = "throw new Error('broken on purpose')\n"

interface Dependencies {
  readonly trace: Trace
  readonly files: Files
  readonly processes: Processes
  readonly memory: MainMemory
  readonly threads: MainThreads
  readonly signals: Signals
  readonly network: Network
  readonly certificates: CertificateStore
  readonly power: Pick<Power, 'reboot'>
}

/** Causes faults on purpose, so that the reader sees their effects. */
export class FaultInjection implements Faults {
  readonly #parts: Dependencies

  constructor(parts: Dependencies) {
    this.#parts = parts
  }

  freeze(pid: number): 'done' | 'no-such-process' {
    const frozen = this.#parts.processes.get(pid)?.frozen
    return this.#parts.signals.send(pid, frozen === true ? 'CONT' : 'STOP') === 'sent'
      ? 'done'
      : 'no-such-process'
  }

  kill(pid: number): 'done' | 'no-such-process' {
    return this.#parts.signals.send(pid, 'KILL') === 'sent' ? 'done' : 'no-such-process'
  }

  spin(pid: number): 'done' | 'no-such-process' {
    const process = this.#parts.processes.get(pid)
    if (process?.alive !== true) return 'no-such-process'
    this.#say('spin', String(pid))
    const { threads } = this.#parts
    if (!threads.isSpinning(process)) threads.spin(process)
    return 'done'
  }

  fillMemory(pid: number, bytes: number): 'done' | 'no-such-process' {
    const process = this.#parts.processes.get(pid)
    if (process?.alive !== true) return 'no-such-process'
    this.#say('fill-memory', String(pid))
    this.#parts.memory.resize(process, Math.max(0, process.memory + bytes))
    return 'done'
  }

  breakCode(path: string): 'done' | 'no-such-file' {
    const text = this.#parts.files.read(path)
    if (text === undefined) return 'no-such-file'
    this.#say('break-code', path)
    if (!text.startsWith(BREAK)) this.#parts.files.write(path, BREAK + text)
    return 'done'
  }

  mendCode(path: string): 'done' | 'no-such-file' {
    const text = this.#parts.files.read(path)
    if (text === undefined) return 'no-such-file'
    this.#say('mend-code', path)
    if (text.startsWith(BREAK)) this.#parts.files.write(path, text.slice(BREAK.length))
    return 'done'
  }

  takePort(bind: Bind): number | 'in-use' {
    const { network, processes, trace } = this.#parts
    const pid = processes.begin('nc -lk')
    const bound = network.listeners.bind(pid, [bind], 5)
    if ('error' in bound) {
      processes.end(pid, 1)
      return 'in-use'
    }
    this.#say('take-port', bind.kind === 'tcp' ? String(bind.port) : '')
    trace.record({ type: 'listening', pid, bind })
    return pid
  }

  expireCertificate(domain: string): 'done' | 'no-such-certificate' {
    return this.#parts.certificates.expire(domain) ? 'done' : 'no-such-certificate'
  }

  cutConnection(terminal: string): void {
    this.#parts.trace.record({ type: 'hung-up', terminal })
    const there = this.#parts.processes.all().filter((each) => each.alive && each.terminal === terminal)
    for (const { pid, frozen } of there) {
      this.#parts.signals.send(pid, 'HUP')
      // A stopped job could not handle the signal.
      if (frozen) this.#parts.signals.send(pid, 'CONT')
    }
  }

  reboot(hard = false): void {
    this.#parts.power.reboot(hard)
  }

  #say(fault: string, on: string): void {
    this.#parts.trace.record({ type: 'fault', fault, on })
  }
}
