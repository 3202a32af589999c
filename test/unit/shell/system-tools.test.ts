import { describe, expect, test } from 'vitest'
import { newMachine, openTerminal, output, serving } from './terminal.ts'

const QUIET = 'uvicorn main:app --port 8080 --workers 2 --no-access-log'

describe('text tools', () => {
  test.each([
    ['printf "b\\na\\nb\\n" | sort | uniq -c | sort -rn', '      2 b\n      1 a\n'],
    ['seq 12 | head -n 3 | tail -n 1', '3\n'],
    ['seq 100000 | head -2', '1\n2\n'],
    ['seq 3 | wc -l', '3\n'],
    ['printf "one two\\n" | wc', '      1       2       8\n'],
    ['echo a:b:c | cut -d: -f2-', 'b:c\n'],
    ['echo abc | tr a-c A-C', 'ABC\n'],
    ['seq 3 | grep -v 2', '1\n3\n'],
    ['printf "ab\\ncd\\n" | grep -c "[ab]"', '1\n'],
    ['printf "x1\\ny\\nx2\\n" | grep -n -E "x[0-9]+"', '1:x1\n3:x2\n'],
    ['grep app main.py nope; echo $?', 'main.py:app = FastAPI()\ngrep: nope: No such file or directory\n2\n'],
    ['echo hi | tee a b; cat a b', 'hi\nhi\nhi\n'],
    ['echo 1 2 3 | xargs -n 1 echo n', 'n 1\nn 2\nn 3\n'],
    ['for i in {1..3}; do echo -n $i; done; echo', '123\n'],
    ['i=0; while [ $i -lt 3 ]; do i=$((i+1)); done; echo $i', '3\n'],
    ['for ((i=0;i<3;i++)); do [ $i = 1 ] && continue; echo $i; done', '0\n2\n'],
    ['for i in 1 2 3; do if [ $i = 2 ]; then break; fi; echo $i; done', '1\n'],
    ['(cd /tmp; pwd); pwd', '/tmp\n/home/user/code/awesomeapp\n'],
    ['echo a > f; mv f g; cp g h; rm g; ls', 'h  main.js  main.py\n'],
    ['cat < nope', 'bash: nope: No such file or directory\n'],
    ['! true; echo $?', '1\n'],
    ['bash -c "exit 3"; echo $?', '3\n'],
    [
      "printf '#!/bin/bash\\necho $0 $1\\n' > r.sh; ./r.sh x; bash r.sh y",
      'bash: ./r.sh: Permission denied\nr.sh y\n',
    ],
    ['echo $((1/0))', 'bash: 1/0: division by 0 (error token is "0")\n'],
    ['nohup', "nohup: missing operand\nTry 'nohup --help' for more information.\n"],
    [
      'type cd uvicorn nope',
      'cd is a shell builtin\nuvicorn is /home/user/code/awesomeapp/.venv/bin/uvicorn\nbash: type: nope: not found\n',
    ],
  ])('%s', async (line, shown) => {
    expect(await output(line)).toBe(shown)
  })

  test('a program whose reader has gone is ended', async () => {
    expect(await output('while true; do echo y; done | head -n 2; echo $?', 100)).toBe('y\ny\n0\n')
  })

  test('time tells how long something took', async () => {
    expect(await output('time sleep 1.5', 2000)).toBe('\nreal\t0m1.500s\nuser\t0m0.000s\nsys\t0m0.000s\n')
  })

  test('timeout ends a command', async () => {
    expect(await output('timeout 1 sleep 5; echo $?', 2000)).toBe('124\n')
  })

  test('watch repeats a command until q', async () => {
    const kernel = newMachine()
    const terminal = openTerminal(kernel, 'client')
    terminal.type('watch -n 1 echo hello\r')
    await kernel.runUntil(2500)
    expect(terminal.text.match(/\nhello\n/g)).toHaveLength(3)
    terminal.type('q')
    expect(terminal.session.foreground).toBe('none')
    expect(kernel.processes().map(({ command }) => command)).toEqual(['-bash'])
  })
})

describe('the processes', () => {
  test('top shows them live, and q leaves', async () => {
    const { kernel, client, ask } = await serving(QUIET, 100)
    const shown = await ask('top', 7000)
    expect(shown.match(/^(?:\s*)top - 12:00/gm)?.length).toBe(3)
    expect(shown).toMatch(/Tasks: +\d+ total, +\d+ running, +\d+ sleeping/)
    expect(shown).toMatch(
      / {4}PID USER {6}PR {2}NI {4}VIRT {4}RES {4}SHR S {2}%CPU {2}%MEM {5}TIME\+ COMMAND/,
    )
    client.type('q')
    await kernel.runUntil(kernel.now + 10)
    expect(client.session.foreground).toBe('none')
  })

  test('pstree, ps and pgrep agree', async () => {
    const { kernel, ask } = await serving(QUIET, 100)
    const shells = kernel.processes().filter(({ kind }) => kind === 'shell')
    expect(await ask(`pstree -p ${shells[0]?.pid ?? 0}`)).toBe(
      `bash(${shells[0]?.pid})───uvicorn(27365)─┬─python3(27366)\n${' '.repeat(28)} ├─python3(27367)\n${' '.repeat(28)} └─python3(27368)\n`,
    )
    expect((await ask('ps aux')).split('\n')[0]).toBe(
      'USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND',
    )
    expect(await ask('ps -C uvicorn -o pid= | wc -l')).toBe('1\n')
    expect(await ask('pgrep -P 27365 | xargs kill -0; echo $?')).toBe('0\n')
  })

  test('ss and lsof show who listens', async () => {
    const { ask } = await serving(QUIET, 100)
    const sockets = await ask('ss -ltnp')
    expect(sockets).toMatch(/^State +Recv-Q +Send-Q +Local Address:Port +Peer Address:Port ?Process/)
    expect(sockets).toMatch(
      /LISTEN 0 +2048 +127\.0\.0\.1:8080 +0\.0\.0\.0:\* +users:\(\("uvicorn",pid=27365,fd=3\)/,
    )
    const both = await ask('ss -tulpn')
    expect(both).toMatch(/^Netid +State +Recv-Q/)
    expect(both).toMatch(
      /\ntcp +LISTEN 0 +2048 +127\.0\.0\.1:8080 +0\.0\.0\.0:\* +users:\(\("uvicorn",pid=27365,fd=3\)/,
    )
    for (const flags of ['-tunlp', '-lnptu', '-nlp', '--tcp --udp --listening -n -p', '-4tulpn'])
      expect(await ask(`ss ${flags}`)).toBe(both)
    expect(await ask('ss -ulpnH')).toBe('')
    expect(await ask('ss -6tulpnH')).toBe('')
    expect(await ask('lsof -t -i :8080')).toBe('27365\n27367\n27368\n')
    expect(await ask('lsof -i :81; echo $?')).toBe('1\n')
    expect(await ask('kill $(lsof -t -i :8080); sleep 4; ss -ltnH', 6000)).toBe('')
  })

  test('free, nproc and uptime tell of the machine', async () => {
    expect((await output('free')).split('\n')[0]).toBe(
      '               total        used        free      shared  buff/cache   available',
    )
    expect(await output('free -m | grep -c Swap:')).toBe('1\n')
    expect(Number(await output('nproc'))).toBeGreaterThan(0)
    expect(await output('uptime')).toMatch(
      /^ 12:00:00 up 0 min, {2}1 user, {2}load average: 0\.00, 0\.00, 0\.00\n$/,
    )
  })
})

describe('hey', () => {
  test('reports times, codes, and our share of each process', async () => {
    const { ask } = await serving(QUIET, 100)
    const shown = await ask('hey -n 200 -c 10 http://127.0.0.1:8080/', 2000)
    expect(shown).toMatch(/^\nSummary:\n {2}Total:\t\d+\.\d{4} secs\n/)
    expect(shown).toMatch(
      /\n {2}Requests\/sec:\t\d+\.\d{4}\n {2}\n {2}Total data:\t1200 bytes\n {2}Size\/request:\t6 bytes\n/,
    )
    expect(shown.match(/^ {2}\d\.\d{3} \[\d+\]\t\|■*$/gm)).toHaveLength(11)
    expect(shown).toContain('\nLatency distribution:\n  10% in 0.0')
    expect(shown).toContain('\nStatus code distribution:\n  [200]\t200 responses\n')
    const shares = [...shown.matchAll(/^# (\d+) {2}(\d+) {2}/gm)].map(([, pid, count]) => [
      Number(pid),
      Number(count),
    ])
    expect(shares.map(([pid]) => pid)).toEqual([27367, 27368])
    expect(shares.reduce((sum, [, count]) => sum + (count ?? 0), 0)).toBe(200)
  })

  test('Ctrl+C reports what is there; a dead server gives errors', async () => {
    const { kernel, client, ask } = await serving(QUIET, 100)
    client.type('hey -z 1m -c 2 -q 10 http://127.0.0.1:8080/\r')
    await kernel.runUntil(kernel.now + 3000)
    client.type('\x03')
    await kernel.runUntil(kernel.now + 10)
    expect(client.text).toMatch(/\^C\nSummary:\n {2}Total:\t3\.0/)
    expect(client.session.foreground).toBe('none')
    expect(await ask('hey -n 4 -c 2 http://127.0.0.1:9/')).toContain(
      'Error distribution:\n  [4]\tGet "http://127.0.0.1:9/": dial tcp 127.0.0.1:9: connect: connection refused\n',
    )
    expect(await ask('hey -n 1 -c 2 http://127.0.0.1:9/; echo $?')).toMatch(
      /^-n cannot be less than -c\.\n\nUsage: hey/,
    )
  })
})

describe('a load', () => {
  // Little's law: as many are under way as there are connections, whatever the workers and their requests are.
  test.each([
    [1, 50, '/', 500],
    [2, 50, '/', 300],
    [4, 7, '/', 200],
    [3, 120, '/compute/3', 1000],
    [2, 5, '/compute/20', 1000],
    [4, 16, '/slow/1', 4000],
  ])(
    '%d workers, %d connections, %s: in flight = rate × mean time',
    async (workers, connections, path, ms) => {
      const { ask } = await serving(`uvicorn main:app --port 8080 --workers ${workers} --no-access-log`, 100)
      const shown = await ask(`hey -z ${ms}ms -c ${connections} http://127.0.0.1:8080${path}`, ms + 100)
      const figure = (name: string): number => Number(new RegExp(`${name}:\\s*([\\d.]+)`).exec(shown)?.[1])
      const inFlight = figure('Requests/sec') * figure('Average')
      // Those that are under way at the end are in no figure.
      const left = connections / (figure('Requests/sec') * figure('Total'))
      expect(inFlight / connections).toBeGreaterThan(1 - 2 * left - 0.06)
      expect(inFlight / connections).toBeLessThan(1.02)
    },
  )

  test('every connection is accepted, and no worker has all of them', async () => {
    const { ask } = await serving('uvicorn main:app --port 8080 --workers 4 --no-access-log', 100)
    const shown = await ask('hey -n 3000 -c 50 http://127.0.0.1:8080/', 20_000)
    // The slowest has waited for its turn, not for the end of all others.
    const slowest = Number(/Slowest:\t([\d.]+)/.exec(shown)?.[1])
    expect(slowest).toBeLessThan(0.1)
    expect(shown).toContain('[200]\t3000 responses')
  })
})

describe('pip', () => {
  test('changes which version a program is', async () => {
    const kernel = newMachine()
    const terminal = openTerminal(kernel, 'client')
    terminal.type('pip install "uvicorn[standard]==0.30.6"\r')
    await kernel.runUntil(5000)
    expect(terminal.text).toContain(
      'Collecting uvicorn[standard]==0.30.6\n  Downloading uvicorn-0.30.6-py3-none-any.whl',
    )
    expect(terminal.text).toMatch(/Successfully installed uvicorn-0\.30\.6\n$/)
    terminal.type('uvicorn --version\rpip install uvicorn==0.1\r')
    await kernel.runUntil(9000)
    expect(terminal.text).toContain('Running uvicorn 0.30.6 with CPython')
    expect(terminal.text).toContain(
      'ERROR: Could not find a version that satisfies the requirement uvicorn==0.1 (from versions: 0.17.6, 0.30.6, 0.51.0, 0.54.0)\n',
    )
  })
})

describe('files and background servers', () => {
  test("a server's output goes into a file, without colours", async () => {
    const { kernel, ask } = await serving('nohup uvicorn main:app --port 8080 > log.txt 2>&1 &', 100)
    expect(await ask('grep -c startup log.txt')).toBe('2\n')
    expect(kernel.readFile('log.txt')).toMatch(/^nohup: ignoring input\nINFO: {5}Started server process/)
    expect(kernel.readFile('log.txt')).not.toContain('\x1b')
  })

  test('a server may be watched through a pipe', async () => {
    const kernel = newMachine()
    const terminal = openTerminal(kernel, 'client')
    terminal.type('uvicorn main:app --port 8080 2>&1 | grep running\r')
    await kernel.runUntil(2000)
    expect(terminal.text).toMatch(
      /\nINFO: {5}Uvicorn running on http:\/\/127\.0\.0\.1:8080 \(Press CTRL\+C to quit\)\n$/,
    )
    terminal.type('\x03')
    await kernel.runUntil(5000)
    expect(terminal.session.foreground).toBe('none')
  })
})

test('curl, hey and openssl say that TLS never began where a server speaks plain HTTP', async () => {
  const { ask } = await serving(QUIET, 200)
  const verbose = await ask('curl -v https://127.0.0.1:8080/; echo "exit $?"')
  expect(verbose).toContain('* TLSv1.3 (OUT), TLS handshake, Client hello (1):')
  expect(verbose).toContain('curl: (35) OpenSSL/3.0.19: error:0A00010B:SSL routines::wrong version number')
  expect(verbose).toContain('exit 35')
  expect(await ask('hey -n 1 -c 1 https://127.0.0.1:8080/')).toContain(
    'http: server gave HTTP response to HTTPS client',
  )
  const openssl = await ask('openssl s_client -connect 127.0.0.1:8080')
  expect(openssl).toContain('no peer certificate available')
  expect(openssl).toContain('wrong version number')
})
