import { expect, test } from 'vitest'
import { ContainerNetworks } from '../../../../simulator/host/virtual/container-networks.ts'
import { KeptPrograms } from '../../../../simulator/host/virtual/keepers.ts'
import type { Keeper } from '../../../../simulator/machine/keeper/api.ts'
import { born, bottom } from './support.ts'

function kept(keeper: Keeper) {
  const parts = bottom()
  const { clock, processes } = parts
  const containers = new ContainerNetworks()
  const keepers = new KeptPrograms({
    ...parts,
    containers,
    run: ({ command, onEnd, container, kept }) =>
      command === 'nothing'
        ? 'not-found'
        : born(processes, {
            startedAt: clock.now,
            ...(command !== undefined && { command }),
            ...(onEnd && { onEnd }),
            ...(container !== undefined && { container }),
            ...(kept !== undefined && { kept }),
          }).pid,
  })
  keepers.add({ name: 'web', keeper, command: 'sleep 9' })
  const now = () => {
    const [one] = keepers.list()
    return one && { state: one.state, word: one.stateText, restarts: one.restarts, restartAt: one.restartAt }
  }
  const end = (code: number) => processes.end(keepers.list()[0]?.pid ?? 0, code)
  return { ...parts, containers, keepers, now, end }
}

test('Supervisor: up after a second, and three retries, each a second later than the one before', async () => {
  const { clock, end, now } = kept({ by: 'supervisor' })
  expect(now()).toEqual({ state: 'starting', word: 'STARTING', restarts: 0, restartAt: undefined })
  await clock.runUntil(1000)
  expect(now()?.word).toBe('RUNNING')
  end(1)
  const waits: (number | undefined)[] = []
  await clock.runUntil(1001)
  for (let i = 0; i < 3; i++) {
    end(1)
    waits.push((now()?.restartAt ?? NaN) - clock.now)
    await clock.runUntil(now()?.restartAt ?? NaN)
  }
  end(1)
  expect(waits).toEqual([1000, 2000, 3000])
  expect(now()?.word).toBe('FATAL')
})

test('Docker: the delay doubles from a tenth of a second, and a stop by hand is the end', async () => {
  const { clock, end, keepers, now } = kept({ by: 'container', policy: 'always' })
  end(1)
  expect(now()).toEqual({ state: 'waiting', word: 'Restarting', restarts: 1, restartAt: 100 })
  await clock.runUntil(100)
  end(1)
  expect(now()?.restartAt).toBe(300)
  await clock.runUntil(300)
  expect(now()?.state).toBe('running')
  keepers.stop('web')
  expect(now()).toMatchObject({ state: 'stopped', word: 'Exited' })
  expect(keepers.log('web').map(({ text }) => text)).toEqual([
    'start web',
    'die web (exitCode=1)',
    'start web',
    'die web (exitCode=1)',
    'start web',
    'kill web (signal=15)',
    'die web (exitCode=143)',
  ])
})

test('a port of the machine leads into the container while that runs', () => {
  const ports = [{ host: 80, inner: 8000 }]
  const { containers, end } = kept({ by: 'container', policy: 'no', network: 'bridge', ports })
  expect(containers.published(80)).toEqual({ inner: 8000, inside: 'web', loopback: false })
  expect(containers.published(81)).toBeUndefined()
  expect([containers.addressOf('web'), containers.at('172.17.0.2')]).toEqual(['172.17.0.2', 'web'])
  end(0)
  expect([containers.published(80), containers.addressOf('web')]).toEqual([undefined, undefined])
})

test('a name is given once', () => {
  const { keepers } = kept({ by: 'nobody' })
  expect(() => keepers.add({ name: 'web', keeper: { by: 'nobody' }, command: 'sleep 9' })).toThrow(
    new RangeError('expected a new name, got web, which is taken'),
  )
  expect(keepers.start('other')).toBe('not-found')
})

test('a program that is not there ends with code 127', async () => {
  const { clock, keepers } = kept({ by: 'nobody' })
  keepers.add({ name: 'gone', keeper: { by: 'nobody' }, command: 'nothing' })
  await clock.runUntil(10)
  expect(keepers.list()[1]).toMatchObject({ state: 'exited', status: { code: 127 } })
})
