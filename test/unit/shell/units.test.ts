/** Units as people write them: what their types wait for, what their commands are made of, how they fail. */
import { expect, test } from 'vitest'
import { desk } from './desk-line.ts'

const PATH = '/etc/systemd/system/web.service'
const HERE = 'WorkingDirectory=/home/user/code/awesomeapp\n'
const UVICORN = `${HERE}ExecStart=/usr/local/bin/uvicorn main:app --workers 2\n`
const GUNICORN = `${HERE}ExecStart=/usr/local/bin/gunicorn main:app -k uvicorn_worker.UvicornWorker\n`

/** A machine with a unit, which has perhaps been started: what `systemctl start` showed, and how the line ended. */
async function started(
  settings: string,
  { files = {}, ms = 3000 }: { files?: Record<string, string>; ms?: number } = {},
) {
  const { kernel, ask } = desk()
  for (const [path, text] of Object.entries(files)) kernel.writeFile(path, text)
  kernel.writeFile(PATH, `[Unit]\nDescription=Web\n[Service]\n${settings}`)
  const shown = await ask('sudo systemctl start web; echo "code $?"', ms)
  const own = () =>
    kernel.init
      .journal({ unit: 'web' })
      .flatMap(({ identifier, text }) => (identifier === 'systemd' ? [text] : []))
  const said = () => kernel.init.journal({ unit: 'web' }).map(({ text }) => text)
  const state = () => {
    const unit = kernel.init.status('web')
    return `${unit?.active} ${unit?.sub} ${unit?.result}`
  }
  return { kernel, ask, shown, own, said, state }
}

const FAILED = (why: string) =>
  `Job for web.service failed because ${why}.\nSee "systemctl status web.service" and "journalctl -xeu web.service" for details.\ncode 1\n`

test('ExecReload runs its command with $MAINPID, as in life without waiting for the server', async () => {
  const { ask, own, said } = await started(`${UVICORN}ExecReload=/bin/kill -s HUP $MAINPID\n`)
  expect(await ask('sudo systemctl reload web; echo $?', 5000)).toBe('0\n')
  expect(own().slice(-2)).toEqual(['Reloading web.service - Web...', 'Reloaded web.service - Web.'])
  expect(said()).toContain('INFO:     Received SIGHUP, restarting processes.')
})

test('a reload that fails, and one of what cannot be reloaded, are told apart', async () => {
  const failing = await started(`${UVICORN}ExecReload=/bin/false\n`)
  expect(await failing.ask('sudo systemctl reload web; echo $?')).toBe(
    'Job for web.service failed.\nSee "systemctl status web.service" and "journalctl -xeu web.service" for details.\n1\n',
  )
  expect(failing.own().slice(-2)).toEqual([
    'web.service: Control process exited, code=exited, status=1/FAILURE',
    'Reload failed for web.service - Web.',
  ])
  expect(failing.state()).toBe('active running success')
  const without = await started(UVICORN)
  expect(await without.ask('sudo systemctl reload web')).toContain(
    'Job type reload is not applicable for unit web.service.',
  )
  await without.ask('sudo systemctl stop web', 9000)
  expect(await without.ask('sudo systemctl reload web')).toBe('web.service is not active, cannot reload.\n')
})

test.each([
  ['Environment=PORT=9000\n', '--port ${PORT}', 'http://127.0.0.1:9000'],
  ['EnvironmentFile=/etc/web.env\n', '--port ${PORT}', 'http://127.0.0.1:9100'],
  ['Environment=PORT=9000\nEnvironmentFile=/etc/web.env\n', '--port $PORT', 'http://127.0.0.1:9100'],
  ['Environment="OPTS=--host 0.0.0.0 --port 9200"\n', '$OPTS', 'http://0.0.0.0:9200'],
  // A variable that is not set is no word at all, or an empty one.
  ['', '$NOTHING --port 9300', 'http://127.0.0.1:9300'],
  ['', '--port 9${NOTHING}400', 'http://127.0.0.1:9400'],
])('variables in ExecStart: %s %s', async (settings, words, address) => {
  const { said } = await started(`${settings}${HERE}ExecStart=/usr/local/bin/uvicorn main:app ${words}\n`, {
    files: { '/etc/web.env': 'PORT=9100\n' },
  })
  expect(said()).toContainEqual(expect.stringContaining(`Uvicorn running on ${address} `))
})

test('a variable inside a word without braces stays as it is, and a doubled sign is one', async () => {
  const { said } = await started('Environment=PORT=9000\nExecStart=/bin/echo port=$PORT $$PORT ${PORT}\n')
  expect(said()).toContain('port=$PORT $PORT 9000')
})

test('Type=notify: gunicorn says when it is ready, and is active from then on', async () => {
  const { ask, own, state } = await started(`Type=notify\n${GUNICORN}`)
  expect(own()).toEqual(['Starting web.service - Web...', 'Started web.service - Web.'])
  expect(state()).toBe('active running success')
  expect(await ask('systemctl status web')).toContain('     Status: "Gunicorn arbiter booted"\n')
})

test('Type=notify: uvicorn never says that it is ready, so the start times out and the server is ended', async () => {
  const { kernel, shown, own, state } = await started(`Type=notify\nTimeoutStartSec=5\n${UVICORN}`, {
    ms: 15_000,
  })
  expect(shown).toBe(FAILED('a timeout was exceeded'))
  expect(own().filter((line) => !line.includes('Consumed'))).toEqual([
    'Starting web.service - Web...',
    'web.service: start operation timed out. Terminating.',
    "web.service: Failed with result 'timeout'.",
    'Failed to start web.service - Web.',
  ])
  expect(state()).toBe('failed failed timeout')
  expect(kernel.processes().filter(({ unit }) => unit === 'web.service')).toEqual([])
})

test('Type=notify: who ends before it is ready has not kept to the protocol', async () => {
  const { shown, state } = await started('Type=notify\nExecStart=/bin/true\n')
  expect(shown).toBe(FAILED('the service did not take the steps required by its unit configuration'))
  expect(state()).toBe('failed failed protocol')
})

test('a script tells with systemd-notify, where NotifyAccess= lets it', async () => {
  const script = "/bin/sh -c 'sleep 1; systemd-notify --ready --status=Up; sleep 100'"
  const allowed = await started(`Type=notify\nNotifyAccess=all\nExecStart=${script}\n`)
  expect(allowed.state()).toBe('active running success')
  const forbidden = await started(
    `Type=notify\nNotifyAccess=none\nTimeoutStartSec=2\nExecStart=${script}\n`,
    { ms: 9000 },
  )
  expect(forbidden.state()).toBe('failed failed timeout')
  expect(await allowed.ask('systemd-notify --ready; echo $?')).toBe(
    'No status data could be sent: $NOTIFY_SOCKET was not set\n1\n',
  )
})

test('Type=forking: the main process is the one that the PID file names', async () => {
  const { kernel, ask, own, state } = await started(
    "Type=forking\nPIDFile=/run/web.pid\nExecStart=/bin/sh -c 'sleep 1000 & echo $! > /run/web.pid'\n",
  )
  expect(own()).toEqual(['Starting web.service - Web...', 'Started web.service - Web.'])
  expect(state()).toBe('active running success')
  const main = kernel.init.status('web')?.mainPid
  expect(`${main}\n`).toBe(kernel.readFile('/run/web.pid'))
  await ask(`sudo kill -9 ${main}`, 1000)
  expect(state()).toBe('failed failed signal')
  expect(own()).toContain('web.service: Main process exited, code=killed, status=9/KILL')
})

test('Type=forking: a server that stays in the foreground never becomes active', async () => {
  const { shown, state } = await started(`Type=forking\nTimeoutStartSec=4\n${UVICORN}`, { ms: 15_000 })
  expect(shown).toBe(FAILED('a timeout was exceeded'))
  expect(state()).toBe('failed failed timeout')
})

test('Type=forking: a PID file that never comes is waited for as long as somebody could write it', async () => {
  const waiting = await started(
    "Type=forking\nPIDFile=/run/web.pid\nTimeoutStartSec=4\nExecStart=/bin/sh -c 'sleep 1000 &'\n",
    { ms: 9000 },
  )
  expect(waiting.own()[1]).toBe(
    "web.service: Can't open PID file /run/web.pid (yet?) after start: No such file or directory",
  )
  expect(waiting.state()).toBe('failed failed timeout')
  const nobody = await started('Type=forking\nPIDFile=/run/web.pid\nExecStart=/bin/true\n')
  expect(nobody.state()).toBe('failed failed protocol')
})

test('Type=oneshot: the start lasts as long as its commands, and RemainAfterExit= keeps it active', async () => {
  const { ask, state } = await started('Type=oneshot\nExecStart=/bin/sleep 2\nExecStart=/bin/true\n', {
    ms: 1000,
  })
  expect(state()).toBe('activating start success')
  await ask('', 3000)
  expect(state()).toBe('inactive dead success')
  const remains = await started(
    'Type=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\nExecStop=/bin/echo undone\n',
  )
  expect(remains.state()).toBe('active exited success')
  await remains.ask('sudo systemctl stop web', 500)
  expect(remains.state()).toBe('inactive dead success')
  expect(remains.said()).toContain('undone')
})

test('Type=exec and Type=simple differ in who hears of a program that is missing', async () => {
  const simple = await started('Type=simple\nExecStart=/srv/app/bin/uvicorn main:app\n')
  expect(simple.shown).toBe('code 0\n')
  expect(simple.own()[0]).toBe('Started web.service - Web.')
  const exec = await started('Type=exec\nExecStart=/srv/app/bin/uvicorn main:app\n')
  expect(exec.shown).toBe(FAILED('the control process exited with error code'))
  expect(exec.own().at(-1)).toBe('Failed to start web.service - Web.')
})

test.each([
  [
    'ExecStart=/srv/app/bin/uvicorn main:app',
    '203/EXEC',
    'Failed to locate executable /srv/app/bin/uvicorn: No such file or directory',
  ],
  [
    'ExecStart=cd /srv && uvicorn main:app',
    '203/EXEC',
    'Failed to locate executable cd: No such file or directory',
  ],
  [
    'ExecStart=/home/user/start.sh',
    '203/EXEC',
    'Failed to locate executable /home/user/start.sh: Permission denied',
  ],
  ['ExecStart=/home/user/bare.sh', '203/EXEC', 'Failed to execute /home/user/bare.sh: Exec format error'],
  [
    'ExecStart=/usr/local/bin/uvicorn main:app\nWorkingDirectory=/srv/none',
    '200/CHDIR',
    'Changing to the requested working directory failed: No such file or directory',
  ],
  [
    'ExecStart=/usr/local/bin/uvicorn main:app\nUser=shop',
    '217/USER',
    'Failed to determine user credentials: No such process',
  ],
  [
    'ExecStart=/usr/local/bin/uvicorn main:app\nGroup=shop',
    '216/GROUP',
    'Failed to determine group credentials: No such process',
  ],
  [
    'ExecStart=/usr/local/bin/uvicorn main:app\nStandardOutput=append:/srv/none/log',
    '209/STDOUT',
    'Failed to set up standard output: No such file or directory',
  ],
])('%s ends with %s', async (settings, status, why) => {
  const { kernel, ask } = desk()
  await ask("printf '#!/bin/sh\\necho hi\\n' > ~/start.sh; echo 'echo hi' > ~/bare.sh; chmod +x ~/bare.sh")
  kernel.writeFile(PATH, `[Service]\n${settings}\n`)
  await ask('sudo systemctl start web', 1000)
  const shown = await ask('systemctl status web')
  expect(shown).toContain(`(code=exited, status=${status})`)
  expect(shown).toMatch(/systemd\[\d+\]: web\.service: Failed at step \w+ spawning /)
  expect(shown).toContain(`web.service: ${why}\n`)
  expect(shown).toContain(`web.service: Main process exited, code=exited, status=${status}\n`)
})

test('a script that may be run is run, as another user, and what it prints goes into the file that the unit names', async () => {
  const { kernel, ask } = desk()
  await ask("printf '#!/bin/bash\\nwhoami; echo oops >&2\\n' > start.sh; chmod +x start.sh")
  kernel.writeFile(
    PATH,
    `[Service]\nUser=www-data\nStandardOutput=append:/var/log/web.log\nExecStart=/home/user/code/awesomeapp/start.sh\n`,
  )
  await ask('sudo systemctl start web', 500)
  expect(await ask('cat /var/log/web.log')).toBe('www-data\noops\n')
  expect(kernel.init.status('web')).toMatchObject({ active: 'inactive', result: 'success' })
})

test('python -m is the same server, and a template is a unit for each of its names', async () => {
  const { kernel, ask } = desk()
  kernel.writeFile(
    '/etc/systemd/system/web@.service',
    `[Service]\n${HERE}ExecStart=/usr/bin/python3 -m uvicorn main:app --port %i\n[Install]\nWantedBy=multi-user.target\n`,
  )
  await ask('sudo systemctl start web@8001 web@8002', 3000)
  expect(await ask('curl -s localhost:8001; curl -s localhost:8002')).toBe('hello\nhello\n')
  await ask('sudo systemctl stop web@8001', 3000)
  expect(await ask('systemctl is-active web@8001 web@8002')).toBe('inactive\nactive\n')
})

test('what systemd complains of in a file is in the journal, with file and line', async () => {
  const { own, state } = await started(`${UVICORN}AmbientCapabilities=CAP_NET_BIND_SERVICE\nRestrat=always\n`)
  expect(own()[0]).toBe(`${PATH}:7: Unknown key 'Restrat' in section [Service], ignoring.`)
  expect(own().filter((line) => line.includes('ignoring'))).toHaveLength(1)
  expect(state()).toBe('active running success')
})

test('ExecStartPost and ExecStopPost run around the service, and ExecStop before a signal is sent', async () => {
  const { ask, said } = await started(
    'ExecStart=/bin/sleep 1000\nExecStartPost=/bin/echo up $MAINPID\nExecStop=/bin/echo stop $MAINPID\nExecStopPost=/bin/echo after\n',
  )
  await ask('sudo systemctl stop web', 1000)
  const [up, stop, after] = said().filter((line) => /^(up|stop|after)/.test(line))
  expect(up).toMatch(/^up \d+$/)
  expect([stop, after]).toEqual([up?.replace('up', 'stop'), 'after'])
})
