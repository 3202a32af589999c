import { ContainerNetworks } from '../../../../simulator/host/virtual/container-networks.ts'
import { expect, test } from 'vitest'
import { CertificateStore } from '../../../../simulator/host/virtual/certificates.ts'
import { FaultInjection } from '../../../../simulator/host/virtual/faults.ts'
import { Files } from '../../../../simulator/host/virtual/files.ts'
import { MIB } from '../../../../simulator/machine/hardware.ts'
import { DnsRecords } from '../../../../simulator/host/virtual/dns.ts'
import { Network } from '../../../../simulator/host/virtual/network.ts'
import { born, bottom } from './support.ts'

const BIND = { kind: 'tcp', host: '0.0.0.0', port: 8000 } as const

function breakable() {
  const parts = bottom()
  const dns = new DnsRecords()
  const files = new Files(parts.trace, { 'main.js': 'one' }, '/home/user/code/awesomeapp')
  const network = new Network({ ...parts, dns, power: { on: true }, containers: new ContainerNetworks() })
  const certificates = new CertificateStore({ ...parts, dns, network })
  const reboots: boolean[] = []
  const faults = new FaultInjection({
    ...parts,
    files,
    network,
    certificates,
    power: { reboot: (hard) => void reboots.push(hard) },
  })
  return { ...parts, files, network, faults, reboots }
}

test('code is broken once, and mending it gives the same text back', () => {
  const { faults, files } = breakable()
  expect([faults.breakCode('main.js'), faults.breakCode('main.js')]).toEqual(['done', 'done'])
  expect(files.read('main.js')).toBe("throw new Error('broken on purpose')\none")
  expect(faults.mendCode('main.js')).toBe('done')
  expect(files.read('main.js')).toBe('one')
  expect(faults.breakCode('other.js')).toBe('no-such-file')
})

test('a port is taken once', () => {
  const { faults, processes } = breakable()
  const pid = faults.takePort(BIND)
  expect(pid).toBe(100)
  expect(faults.takePort(BIND)).toBe('in-use')
  expect(processes.all().map((each) => [each.pid, each.command])).toEqual([[100, 'nc -lk']])
})

test('memory is filled for one process, and not for one that has ended', () => {
  const { faults, memory, processes } = breakable()
  const process = born(processes, { memory: 10 * MIB })
  expect(faults.fillMemory(process.pid, 30 * MIB)).toBe('done')
  expect(memory.of(process).memory).toBe(40 * MIB)
  processes.terminate(process, { code: 0 })
  expect([faults.fillMemory(process.pid, 1), faults.spin(process.pid)]).toEqual([
    'no-such-process',
    'no-such-process',
  ])
})

test('the second freeze of a process lets it go on', () => {
  const { faults, processes } = breakable()
  const process = born(processes)
  faults.freeze(process.pid)
  expect(process.frozen).toBe(true)
  faults.freeze(process.pid)
  expect(process.frozen).toBe(false)
})

test('a reboot is soft unless it is said', () => {
  const { faults, reboots } = breakable()
  faults.reboot()
  faults.reboot(true)
  expect(reboots).toEqual([false, true])
})
