import { expect, test } from 'vitest'
import { readUnit } from '../../../simulator/machine/init/unit-file.ts'
import { readTime } from '../../../simulator/machine/init/values.ts'
import { StartLimit } from '../../../simulator/machine/init/restart.ts'
import { ask, machine } from './support.ts'

const PATH = '/etc/systemd/system/web.service'

const unit = (more = '', command = 'uvicorn main:app --workers 2') => `[Unit]
Description=My application

[Service]
ExecStart=/usr/local/bin/${command}
WorkingDirectory=/home/user/code/awesomeapp
${more}

[Install]
WantedBy=multi-user.target
`

const lines = (kernel: ReturnType<typeof machine>) =>
  kernel.init
    .journal({ unit: 'web' })
    .filter(({ identifier }) => identifier === 'systemd')
    .map(({ text }) => text)

test('a service is started, serves, writes to the journal and is stopped', async () => {
  const kernel = machine({ files: { [PATH]: unit() } })
  const heard: string[] = []
  kernel.init.start('web', (result) => heard.push(result))
  await kernel.runUntil(3000)
  expect(heard).toEqual(['done'])
  expect(kernel.init.status('web')).toMatchObject({
    active: 'active',
    sub: 'running',
    enabled: 'disabled',
    loaded: 'loaded',
  })
  // The manager, two workers, and the silent helper.
  expect(kernel.init.status('web')?.pids).toHaveLength(4)
  expect(await ask(kernel, '/')).toBe('200')
  const said = kernel.init.journal({ unit: 'web' })
  expect(said.filter(({ identifier }) => identifier === 'uvicorn').map(({ text }) => text)).toContain(
    'INFO:     Application startup complete.',
  )
  kernel.init.stop('web.service', (result) => heard.push(result))
  await kernel.runUntil(kernel.now + 5000)
  expect(heard).toEqual(['done', 'done'])
  expect(kernel.init.status('web')).toMatchObject({ active: 'inactive', result: 'success' })
  expect(lines(kernel)).toEqual([
    'Started web.service - My application.',
    'Stopping web.service - My application...',
    'web.service: Deactivated successfully.',
    'Stopped web.service - My application.',
    expect.stringMatching(/^web\.service: Consumed .*s CPU time\.$/),
  ])
  expect(kernel.processes()).toEqual([])
})

test('Restart=on-failure brings it back after RestartSec, and a stop by hand is no failure', async () => {
  const kernel = machine({ files: { [PATH]: unit('Restart=on-failure\nRestartSec=2') } })
  kernel.init.start('web')
  await kernel.runUntil(3000)
  const main = kernel.init.status('web')?.mainPid ?? 0
  kernel.signal(main, 'KILL')
  await kernel.runUntil(kernel.now + 1500)
  expect(kernel.init.status('web')).toMatchObject({ active: 'activating', sub: 'auto-restart' })
  await kernel.runUntil(kernel.now + 3000)
  expect(kernel.init.status('web')).toMatchObject({ active: 'active', restarts: 1 })
  expect(kernel.init.status('web')?.mainPid).not.toBe(main)
  expect(lines(kernel)).toContain('web.service: Main process exited, code=killed, status=9/KILL')
  expect(lines(kernel)).toContain("web.service: Failed with result 'signal'.")
  expect(lines(kernel)).toContain('web.service: Scheduled restart job, restart counter is at 1.')
  kernel.init.stop('web')
  await kernel.runUntil(kernel.now + 10_000)
  expect(kernel.init.status('web')?.active).toBe('inactive')
})

test('after five starts in ten seconds systemd gives up', async () => {
  const kernel = machine({
    source: 'boot=raise',
    files: { [PATH]: unit('Restart=always', 'uvicorn main:app') },
  })
  kernel.init.start('web')
  await kernel.runUntil(60_000)
  expect(kernel.init.status('web')).toMatchObject({ active: 'failed', restarts: 5 })
  expect(lines(kernel)).toContain('web.service: Start request repeated too quickly.')
  expect(lines(kernel).filter((line) => line.startsWith('Started'))).toHaveLength(5)
  // With a longer pause it goes on for ever.
  const patient = machine({
    source: 'boot=raise',
    files: { [PATH]: unit('Restart=always\nRestartSec=5s', 'uvicorn main:app') },
  })
  patient.init.start('web')
  await patient.runUntil(120_000)
  expect(patient.init.status('web')?.restarts).toBeGreaterThan(10)
})

test('a failing ExecStartPre= keeps the service from starting; one with - does not', async () => {
  const failing = machine({ files: { [PATH]: unit('ExecStartPre=/bin/false') } })
  const heard: string[] = []
  failing.init.start('web', (result) => heard.push(result))
  await failing.runUntil(2000)
  expect(heard).toEqual(['failed'])
  expect(lines(failing)).toEqual([
    'Starting web.service - My application...',
    'web.service: Control process exited, code=exited, status=1/FAILURE',
    "web.service: Failed with result 'exit-code'.",
    'Failed to start web.service - My application.',
  ])
  const lenient = machine({ files: { [PATH]: unit('ExecStartPre=-/bin/false') } })
  lenient.init.start('web')
  await lenient.runUntil(2000)
  expect(lenient.init.status('web')?.active).toBe('active')
})

test('what is enabled is there again after a reboot, what was started by hand is not', async () => {
  for (const enabled of [true, false]) {
    const kernel = machine({ files: { [PATH]: unit() } })
    if (enabled) expect(kernel.init.enable('web')).toBe('done')
    kernel.init.start('web')
    await kernel.runUntil(3000)
    expect(await ask(kernel, '/')).toBe('200')
    kernel.faults.reboot()
    await kernel.runUntil(kernel.now + 30_000)
    expect(kernel.bootedAt).toBeGreaterThan(3000)
    expect(await ask(kernel, '/')).toBe(enabled ? '200' : 'refused')
  }
})

test('the SSH connection breaks: a single process dies, nohup keeps it, the supervisor of uvicorn reloads', async () => {
  const survivors = async (command: string, nohup: boolean): Promise<string> => {
    const kernel = machine()
    kernel.openTerminal('ssh', { columns: 80, colors: 'none' })
    kernel.exec({
      argv: command.split(' '),
      env: {},
      terminal: 'ssh',
      ...(nohup ? { ignores: ['HUP'] } : {}),
    })
    await kernel.runUntil(3000)
    kernel.faults.cutConnection('ssh')
    await kernel.runUntil(kernel.now + 5000)
    return ask(kernel, '/')
  }
  expect(await survivors('uvicorn main:app', false)).toBe('refused')
  expect(await survivors('uvicorn main:app', true)).toBe('200')
  // SIGHUP is "reload" to a supervisor.
  expect(await survivors('uvicorn main:app --workers 2', false)).toBe('200')
})

test.each([
  ['5', 5000],
  ['100ms', 100],
  ['1min 30s', 90_000],
  ['1.5h', 5_400_000],
  ['infinity', Infinity],
  ['soon', undefined],
  ['', undefined],
])('the time span %s', (text, ms) => {
  expect(readTime(text)).toBe(ms)
})

test('what systemd complains of in a file', () => {
  const read = readUnit('web.service', 'X=1\n[Service]\nExecStrat=/bin/true\nRestart=sometimes\nnonsense\n')
  expect(read.service).toBeUndefined()
  expect(read.problems).toEqual([
    `${PATH}:1: Assignment outside of section. Ignoring.`,
    `${PATH}:3: Unknown key 'ExecStrat' in section [Service], ignoring.`,
    `${PATH}:5: Missing '=', ignoring line.`,
    `${PATH}:4: Failed to parse service restart specifier, ignoring: sometimes`,
    'web.service: Service has no ExecStart=, ExecStop=, or SuccessAction=. Refusing.',
  ])
})

test('property: any text is read, and never more starts than the limit allows in a window', () => {
  let seed = 7
  const chance = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648
  const letters = '[]=\n\\"\' -;#AService ExecStart/Unit0s'
  for (let round = 0; round < 500; round++) {
    const text = Array.from({ length: 80 }, () => letters[Math.floor(chance() * letters.length)]).join('')
    expect(Array.isArray(readUnit('x.service', `[Service]\n${text}`).problems)).toBe(true)
  }
  for (let round = 0; round < 50; round++) {
    const limit = new StartLimit()
    const [interval, burst] = [1000 + chance() * 20_000, 1 + Math.floor(chance() * 8)]
    const started: number[] = []
    let now = 0
    for (let i = 0; i < 200; i++) {
      now += chance() * 3000
      if (limit.take(now, interval, burst)) started.push(now)
    }
    // Windows begin with a start: in each at most `burst`, so in any stretch of that length at most two windows' worth.
    for (const at of started) {
      const within = started.filter((other) => other >= at && other <= at + interval).length
      expect(within).toBeLessThanOrEqual(2 * burst)
    }
    expect(started.length).toBeGreaterThan(0)
  }
})

test('a working directory that is missing ends the start with code 200, as systemd words it', async () => {
  const file = unit().replace('/home/user/code/awesomeapp', '/srv/app')
  const kernel = machine({ files: { [PATH]: file } })
  kernel.init.start('web')
  await kernel.runUntil(1000)
  expect(lines(kernel)).toEqual([
    'Started web.service - My application.',
    'web.service: Changing to the requested working directory failed: No such file or directory',
    'web.service: Failed at step CHDIR spawning /usr/local/bin/uvicorn: No such file or directory',
    'web.service: Main process exited, code=exited, status=200/CHDIR',
    "web.service: Failed with result 'exit-code'.",
  ])
  // With the application in it the service is at home there.
  kernel.writeFile('/srv/app/main.js', '')
  kernel.init.start('web')
  await kernel.runUntil(4000)
  expect(kernel.init.status('web')).toMatchObject({ active: 'active' })
  expect(await ask(kernel, '/')).toBe('200')
})

test('a working directory without the application: the server does not find its module', async () => {
  const kernel = machine({ files: { [PATH]: unit().replace(/WorkingDirectory=.*\n/, '') } })
  kernel.init.start('web')
  await kernel.runUntil(4000)
  const said = kernel.init.journal({ unit: 'web' }).map(({ text }) => text)
  expect(said).toContainEqual(expect.stringContaining('Could not import module "main"'))
})

test('Environment= and EnvironmentFile= reach the program; the file wins, and must be there unless marked', async () => {
  const environment = 'Environment="WEB_CONCURRENCY=3" GREETING=hi\nEnvironmentFile=/etc/web.env'
  const start = async (more: string, files: Record<string, string> = {}) => {
    const kernel = machine({ files: { [PATH]: unit(more, 'uvicorn main:app'), ...files } })
    kernel.init.start('web')
    await kernel.runUntil(4000)
    return kernel
  }
  const workers = (kernel: ReturnType<typeof machine>) =>
    kernel.processes().filter(({ kind }) => kind === 'worker').length
  const env = '# how many\nWEB_CONCURRENCY = "2"\nEMPTY=\n'
  expect(workers(await start(environment, { '/etc/web.env': env }))).toBe(2)
  expect(workers(await start(environment.replace('=/etc', '=-/etc')))).toBe(3)
  const missing = await start(environment)
  expect(workers(missing)).toBe(0)
  expect(lines(missing)).toEqual([
    'web.service: Failed to load environment files: No such file or directory',
    "web.service: Failed to run 'start' task: No such file or directory",
    "web.service: Failed with result 'resources'.",
    'Failed to start web.service - My application.',
  ])
})
