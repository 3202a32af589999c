import { describe, expect, test } from 'vitest'
import { newMachine, openTerminal } from './terminal.ts'

/** A terminal, and what a line shows in it below itself. */
function desk() {
  const kernel = newMachine()
  const terminal = openTerminal(kernel, 'client')
  const ask = async (line: string, ms = 50): Promise<string> => {
    const before = terminal.text.length
    terminal.type(`${line}\r`)
    await kernel.runUntil(kernel.now + ms)
    return terminal.text.slice(before).replace(/^[^\n]*\n/, '')
  }
  return { kernel, terminal, ask }
}

describe('jobs', () => {
  test('Ctrl+Z stops a server, bg lets it go on, fg brings it back', async () => {
    const { kernel, terminal, ask } = desk()
    terminal.type('uvicorn main:app --port 8080 --workers 2\r')
    await kernel.runUntil(2000)
    terminal.type('\x1a')
    await kernel.runUntil(2100)
    expect(terminal.text).toMatch(/\^Z\n\[1\]\+ {2}Stopped {17}uvicorn main:app --port 8080 --workers 2\n$/)
    const states = kernel.processes().filter(({ kind }) => kind === 'worker' || kind === 'manager')
    expect(states.map(({ state }) => state)).toEqual(['T', 'T', 'T'])
    expect(await ask('bg')).toBe('[1]+ uvicorn main:app --port 8080 --workers 2 &\n')
    expect(await ask('curl -s localhost:8080/', 300)).toContain('hello\n')
    terminal.type('fg\r')
    await kernel.runUntil(kernel.now + 100)
    expect(terminal.session.foreground).toBe('server')
    terminal.type('\x03')
    await kernel.runUntil(kernel.now + 3000)
    expect(terminal.session.foreground).toBe('none')
    expect(terminal.text).toContain('Stopping parent process')
  })

  test('a stopped program keeps what comes meanwhile', async () => {
    const { kernel, terminal, ask } = desk()
    terminal.type('sleep 1; echo later\r')
    await kernel.runUntil(100)
    terminal.type('\x1a')
    expect(terminal.text).toMatch(/Stopped {17}sleep 1\nlater\n$/)
    await kernel.runUntil(5000)
    expect(await ask('jobs')).toBe('[1]+  Stopped                 sleep 1\n')
    expect(await ask('fg')).toBe('sleep 1\n')
    expect(terminal.session.foreground).toBe('none')
  })

  test('$! and wait', async () => {
    const { ask } = desk()
    expect(await ask('sleep 1 & sleep 2 & wait; echo done', 2500)).toBe(
      '[1] 27365\n[2] 27366\ndone\n[1]-  Done                    sleep 1\n[2]+  Done                    sleep 2\n',
    )
    expect(await ask('sleep 5 & echo $!')).toMatch(/\[1\] (\d+)\n\1\n/)
  })

  test.each([
    'uvicorn main:app --port 8080',
    'nohup uvicorn main:app --port 8080',
    'nohup python -m uvicorn main:app --port 8080 > log 2>&1',
    '/usr/bin/python3 -m uvicorn main:app --port 8080',
    'env WEB_CONCURRENCY=2 uvicorn main:app --port 8080',
    'WEB_CONCURRENCY=2 uvicorn main:app --port 8080',
    'uvicorn main:app --port 8080 --workers $((1 + $(nproc)))',
    'gunicorn main:app -b :8080 > $(echo log)',
    'sleep 100',
    'nohup sleep 100',
    'timeout 100 sleep 100',
    "bash -c 'sleep 100; true'",
  ])('$! is the program itself: %s &', async (line) => {
    const { kernel, ask } = desk()
    await ask(`${line} & echo $! > app.pid`, 2000)
    const pid = Number(await ask('cat app.pid'))
    const started = kernel.processes().find((each) => each.pid === pid)
    expect(started?.ppid).toBe(Number(await ask('echo $$')))
    expect(started?.kind).toBe(line.includes('corn') ? 'manager' : 'command')
    await ask('kill $(cat app.pid)', 3000)
    const left = kernel.processes().filter(({ kind }) => kind === 'manager' || kind === 'worker')
    expect(left).toEqual([])
    expect(kernel.processes().some((each) => each.pid === pid)).toBe(false)
  })

  test('$! in a script is the program itself, and wait has its exit code', async () => {
    const { kernel, ask } = desk()
    const script = 'uvicorn main:app --port 8080 &\nPID=$!\nsleep 2\nkill $PID\nwait $PID\necho $? $PID'
    await ask(`printf '${script}' > run.sh`)
    const [code, pid] = (await ask('bash run.sh', 5000)).trim().split('\n').at(-1)?.split(' ') ?? []
    expect(code).toBe('143')
    expect(Number(pid)).toBeGreaterThan(0)
    expect(kernel.processes().filter(({ kind }) => kind === 'manager')).toEqual([])
  })

  test('kill %1 ends every process of a job', async () => {
    const { kernel, ask } = desk()
    await ask('sleep 100 | sleep 100 &')
    expect(await ask('kill %1; jobs')).toContain('[1]+  Terminated')
    expect(kernel.processes().filter(({ kind }) => kind === 'command')).toEqual([])
  })

  test('a list in the background is a shell of its own', async () => {
    const { kernel, ask } = desk()
    expect(await ask('for i in 1 2; do sleep 1; done &')).toMatch(/^\[1\] 27365\n/)
    expect(await ask('ps -o pid,ppid,cmd --no-headers')).toContain('27366   27365 sleep 1')
    await kernel.runUntil(3000)
    expect(await ask('')).toBe('[1]+  Done                    for i in 1 2; do sleep 1; done\n')
  })

  test('a hang-up ends what was started in the terminal, but not what nohup started', async () => {
    const { kernel, terminal, ask } = desk()
    await ask('sleep 100 &')
    await ask('nohup sleep 200 > /dev/null 2>&1 &')
    kernel.signal(terminal.session.shell.pid, 'HUP')
    expect(kernel.processes().map(({ command, ppid }) => [command, ppid])).toEqual([['sleep 200', 1]])
    expect(terminal.text).toMatch(/Connection to server closed by remote host\.\n# .*Enter/)
    // Nothing is typed to anybody until Enter connects again.
    terminal.type('echo a')
    terminal.type('\r')
    await ask('pgrep -a sleep')
    expect(terminal.text).toMatch(/\$ ssh server\n\$ pgrep -a sleep\n\d+ sleep 200\n$/)
  })

  test('exit warns of stopped jobs once', async () => {
    const { kernel, terminal, ask } = desk()
    terminal.type('sleep 100\r')
    await kernel.runUntil(100)
    terminal.type('\x1a')
    const { pid } = terminal.session.shell
    expect(await ask('exit')).toBe('There are stopped jobs.\n')
    await ask('exit')
    expect(terminal.hints).toContain('stay-open')
    expect(terminal.session.shell.pid).not.toBe(pid)
    expect(kernel.processes().map(({ command }) => command)).toEqual(['-bash'])
  })
})

test('a reboot ends the connection; while the machine is down nobody answers', async () => {
  const { kernel, terminal, ask } = desk()
  await ask('reboot', 500)
  expect(terminal.text).toContain('Connection to server closed by remote host.\n')
  expect(await ask('')).toContain('ssh: connect to host server port 22: Connection refused\n')
  await kernel.runUntil(kernel.now + 20_000)
  terminal.type('\r')
  expect(await ask('uptime')).toMatch(/up 0 min/)
})

describe('terminals', () => {
  test('each has its own folder, variables and jobs', async () => {
    const kernel = newMachine()
    const one = openTerminal(kernel, 'one')
    const two = openTerminal(kernel, 'two')
    one.type('cd /tmp; A=1; sleep 9 &\rpwd; echo $A\r')
    two.type('pwd; echo [$A]; jobs\r')
    await kernel.runUntil(100)
    expect(one.text).toMatch(/\/tmp\n1\n$/)
    expect(two.text).toMatch(/\/home\/user\/code\/awesomeapp\n\[\]\n$/)
    expect(one.session.shell.pid).not.toBe(two.session.shell.pid)
  })

  test('a program reads what is typed, line by line', async () => {
    const { terminal, kernel } = desk()
    terminal.type('sort\r')
    terminal.type('b\ra\x7fa\r')
    expect(terminal.session.foreground).toBe('program')
    terminal.type('\x04')
    await kernel.runUntil(10)
    expect(terminal.text).toBe('$ sort\nb\na\na\nb\n')
  })

  test('a command of several lines is asked for to its end, and is one entry of the history', async () => {
    const { terminal, ask } = desk()
    terminal.type('for i in 1 2\rdo echo $i\r')
    expect(await ask('done')).toBe('1\n2\n')
    terminal.type('\x1b[A')
    expect(terminal.session.line.text).toBe('for i in 1 2\ndo echo $i\ndone')
    terminal.type("\x03echo 'a\r\x03echo b\r")
    expect(terminal.text).toMatch(/\$ echo 'a\n> \^C\n\$ echo b\nb\n$/)
  })

  test('a loop without end can be stopped', async () => {
    const { kernel, terminal } = desk()
    terminal.type('while true; do echo a; done\r')
    await kernel.runUntil(10)
    terminal.type('\x03')
    expect(terminal.session.foreground).toBe('none')
    expect(terminal.text.match(/a\n/g)?.length).toBeLessThan(20)
    terminal.type('while :; do sleep 0.1; done; echo never\r')
    await kernel.runUntil(500)
    terminal.type('\x03echo $?\r')
    await kernel.runUntil(5000)
    expect(terminal.text).toMatch(/\^C\n\$ echo \$\?\n130\n$/)
  })
})
