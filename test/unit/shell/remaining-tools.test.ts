/** Tools that look at processes and ports, and pipes into awk and jq, typed beside a running server; the rest of them is judged by recordings. */
import { describe, expect, test } from 'vitest'
import english from '../../../content/lab/en.json' with { type: 'json' }
import { newMachine, openTerminal, output, serving } from './terminal.ts'

const SERVER = 'uvicorn main:app --port 8080 --workers 2 --no-access-log'

/** Without the marks and the line breaks of our own sentences. */
const sentence = (shown: string): string => shown.replaceAll(/\n# /g, ' ').replace(/^# /, '').trim()

describe('ports', () => {
  test('netstat lists what listens, and whose it is', async () => {
    const { kernel, ask } = await serving(SERVER, 120)
    const parent = kernel.processes().find(({ kind }) => kind === 'manager')
    const listed = await ask('netstat -tulpn')
    expect(listed.split('\n').map((line) => line.trimEnd())).toEqual([
      'Active Internet connections (only servers)',
      'Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name',
      `tcp        0      0 127.0.0.1:8080          0.0.0.0:*               LISTEN      ${parent?.pid ?? ''}/python3`,
      '',
    ])
    expect(await ask('netstat -tlpn | grep 8080 | wc -l')).toBe('1\n')
    expect(await ask('netstat -un | wc -l')).toBe('2\n')
  })

  test('fuser says who holds a port, and ends them', async () => {
    const { kernel, ask } = await serving(SERVER)
    const pids = kernel
      .processes()
      .filter(({ kind }) => kind === 'manager' || kind === 'worker')
      .map(({ pid }) => pid)
    const shown = await ask('fuser 8080/tcp')
    expect(shown.startsWith('8080/tcp:')).toBe(true)
    expect(shown.slice('8080/tcp:'.length).trim().split(/\s+/).map(Number)).toEqual(pids)
    expect(await ask('fuser 9999/tcp; echo $?')).toBe('1\n')
    expect(await ask('fuser -s -n tcp 8080; echo $?')).toBe('0\n')
    await ask('fuser -k 8080/tcp', 1000)
    expect(kernel.processes().filter(({ pid }) => pids.includes(pid))).toEqual([])
    expect(await ask('curl -s http://127.0.0.1:8080/; echo $?')).toBe('7\n')
  })

  test('pidof finds by name', async () => {
    const { kernel, ask } = await serving(SERVER)
    const shown = (await ask('pidof uvicorn')).trim()
    const pids = shown.split(' ').map(Number)
    const parent = kernel.processes().find(({ kind }) => kind === 'manager')
    expect(pids).toContain(parent?.pid)
    expect(pids).toEqual(pids.toSorted((a, b) => b - a))
    expect(await ask('pidof -s uvicorn')).toBe(`${pids[0] ?? ''}\n`)
    expect(await ask('pidof nginx; echo $?')).toBe('1\n')
  })
})

describe('curl', () => {
  test('-Z asks for all at once', async () => {
    const { ask } = await serving(SERVER)
    const url = 'http://127.0.0.1:8080/'
    expect(await ask(`curl -Z -s -o /dev/null -o /dev/null -w '%{http_code}\\n' ${url} ${url}`, 1000)).toBe(
      await ask(`curl -s -o /dev/null -o /dev/null -w '%{http_code}\\n' ${url} ${url}`, 1000),
    )
  })

  test('--retry waits twice as long each time, for a server that is not there yet', async () => {
    const shown = await output('curl -s --retry 2 --retry-connrefused http://127.0.0.1:8080/; echo $?', 2999)
    expect(shown).toBe('')
    expect(await output('curl -s --retry 2 --retry-connrefused http://127.0.0.1:8080/; echo $?', 3100)).toBe(
      '7\n',
    )
    expect(await output('curl -s --retry 2 http://127.0.0.1:8080/; echo $?')).toBe('7\n')
    expect(
      await output('curl --retry 1 --retry-connrefused http://127.0.0.1:8080/ 2>&1 | grep Warning', 1500),
    ).toBe('Warning: Problem : connection refused. Will retry in 1 seconds. 1 retries \nWarning: left.\n')
  })
})

describe('folders and files', () => {
  test.each([
    ['mkdir -p a/b && cd a/b && pwd', '/home/user/code/awesomeapp/a/b\n'],
    ['mkdir a && touch a/f && rm -r a && ls a', "ls: cannot access 'a': No such file or directory\n"],
    ['touch r.sh; chmod 750 r.sh; ls -l r.sh | cut -c1-10', '-rwxr-x---\n'],
    ['touch f g h; mv f g h', "mv: target 'h': Not a directory\n"],
    ['basename app.py .py; basename a/b/; basename /', 'app\nb\n/\n'],
    ['dirname main.py a/b/ / //a', '.\na\n/\n/\n'],
    ['less main.py', 'app = FastAPI()\n'],
  ])('%s', async (line, shown) => {
    expect(await output(line)).toBe(shown)
  })

  test('systemctl edit says how to change a unit without an editor', async () => {
    expect(sentence(await output('systemctl edit shop'))).toBe(
      english.shell.noEditor.replace('{unit}', 'shop'),
    )
  })
})

describe('the environment', () => {
  test('env -i runs a program with nothing but what it is given', async () => {
    expect(await output('export A=1; B=2 env - C=3 env')).toBe('C=3\n')
    expect(await output('env A=1 env -i B=2 printenv')).toBe('B=2\n')
    expect(await output('env -i uvicorn main:app; echo $?')).toBe(
      'env: ‘uvicorn’: No such file or directory\n127\n',
    )
  })

  test('with PATH, env -i finds the server', async () => {
    const kernel = newMachine()
    const terminal = openTerminal(kernel, 'server')
    terminal.type('env -i PATH=$PATH uvicorn main:app\r')
    await kernel.runUntil(2000)
    expect(terminal.text).toContain('Uvicorn running on http://127.0.0.1:8000')
  })
})

describe('return', () => {
  test.each([
    ['f() { (return 3); echo $?; }; f', '3\n'],
    [
      'f() { return 4; echo never; }; f; echo $?; return; echo $?',
      "4\nbash: return: can only `return' from a function or sourced script\n2\n",
    ],
    ["echo 'return 5' > s.sh; . ./s.sh; echo $?", '5\n'],
  ])('%s', async (line, shown) => {
    expect((await output(line)).replaceAll('-bash:', 'bash:')).toBe(shown)
  })
})

describe('pipes', () => {
  test('awk reads the table of processes', async () => {
    const { kernel, ask } = await serving(SERVER, 120)
    const parent = kernel.processes().find(({ kind }) => kind === 'manager')
    expect(
      (await ask("ps aux | grep 'uvicorn main:app' | grep -v grep | awk '{print $2}' | head -1")).trim(),
    ).toBe(String(parent?.pid))
    expect(await ask("ps aux | awk 'NR==1 {print $2}'")).toBe('PID\n')
  })

  test('what awk and jq cannot do here they say, and fail', async () => {
    expect(sentence(await output("awk '{ if ($1 > 2) print }' main.py"))).toBe(english.shell.awkNotHere)
    expect(sentence(await output("echo '{}' | jq 'map(.a)'"))).toBe(english.shell.jqNotHere)
  })
})
