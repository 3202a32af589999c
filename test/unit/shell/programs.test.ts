import { describe, expect, test } from 'vitest'
import { output, serving } from './terminal.ts'

describe('what a line shows', () => {
  test.each([
    ['echo one two', 'one two\n'],
    ['echo -n one; echo two', 'onetwo\n'],
    [
      'pacman',
      'bash: pacman: command not found\n# This small machine does not have that. “help” lists what can be typed here.\n',
    ],
    [
      'crul http://x',
      'bash: crul: command not found\n# Did you mean curl? “help” lists what can be typed here.\n',
    ],
    ['./a; echo $?', 'bash: ./a: No such file or directory\n'],
    ['nope; echo $?', 'bash: nope: command not found\n'],
    ['ls', 'main.js  main.py\n'],
    ['ls nope', "ls: cannot access 'nope': No such file or directory\n"],
    ['cat ./main.py', 'app = FastAPI()\n'],
    ['cat nope', 'cat: nope: No such file or directory\n'],
    ['echo x > a; echo y >> a; cat a', 'x\ny\n'],
    ['echo x > /dev/null', ''],
    ['cat nope 2> /dev/null || echo none', 'none\n'],
    ['A=1; echo $A; export B=2; env | grep ^[AB]=', '1\nB=2\n'],
    ['C=3 env | tail -n 1', 'C=3\n'],
    ['sleep', "sleep: missing operand\nTry 'sleep --help' for more information.\n"],
    ['sleep 0.05 && echo done', 'done\n'],
    ['; a', "bash: syntax error near unexpected token `;'\n"],
    [
      'kill',
      'kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n',
    ],
    ['kill -9 2', 'bash: kill: (2) - No such process\n'],
    ['kill abc', 'bash: kill: abc: arguments must be process or job IDs\n'],
    ['kill -FOO 1', 'bash: kill: FOO: invalid signal specification\n'],
    ['kill %1', 'bash: kill: %1: no such job\n'],
    ['kill -l 9 KILL sigterm 137', 'KILL\n9\n15\nKILL\n'],
    ['pgrep', "pgrep: no matching criteria specified\nTry `pgrep --help' for more information.\n"],
    ['ps -eo pid,cmd', '    PID CMD\n  27301 -bash\n  27365 ps -eo pid,cmd\n'],
    ['curl', "curl: try 'curl --help' or 'curl --manual' for more information\n"],
    [
      'curl --foo x',
      "curl: option --foo: is unknown\ncurl: try 'curl --help' or 'curl --manual' for more information\n",
    ],
    [
      'curl -X',
      "curl: option -X: requires parameter\ncurl: try 'curl --help' or 'curl --manual' for more information\n",
    ],
    ['curl example.test', 'curl: (6) Could not resolve host: example.test\n'],
    ['curl http://', 'curl: (3) URL using bad/illegal format or missing URL\n'],
    [
      'curl localhost:1',
      "curl: (7) Failed to connect to localhost port 1 after 0 ms: Couldn't connect to server\n",
    ],
    ['curl -s 127.0.0.1:1; echo $?', '7\n'],
    ['uvicorn --version', 'Running uvicorn 0.54.0'],
  ])('%s', async (line, shown) => {
    const text = await output(line)
    if (line.endsWith('; echo $?') && line !== 'curl -s 127.0.0.1:1; echo $?') {
      expect(text.startsWith(shown)).toBe(true)
      expect(text.split('\n')).toContain('127')
    } else if (line === 'uvicorn --version') expect(text).toContain(shown)
    else expect(text).toBe(shown)
  })

  test('arithmetic is done with what commands and variables in it come to', async () => {
    const line =
      'W=3; echo $(nproc) $((2 * $(nproc) + 1)) $(($(nproc)*2)) $((`nproc` - 1)) $((${W:-1} + $(echo $((W * 2)))))'
    const [cores, ...rest] = (await output(line)).trim().split(' ').map(Number)
    if (cores === undefined) throw new Error('nproc said nothing')
    expect(rest).toEqual([2 * cores + 1, 2 * cores, cores - 1, 9])
    expect(await output('for ((i = 0; i < $(echo 3); i += 1)); do echo $i; done')).toBe('0\n1\n2\n')
    expect(await output('(( $(echo 2) > 1 )) && echo yes')).toBe('yes\n')
    expect(await output('X=1+2; Y=X; echo $((Y * 2)) $((08))')).toBe(
      'bash: 08: value too great for base (error token is "08")\n',
    )
  })

  test('kill -l lists the signals in columns', async () => {
    const [first, second] = (await output('kill -l')).split('\n')
    expect(first).toBe(' 1) SIGHUP\t 2) SIGINT\t 3) SIGQUIT\t 4) SIGILL\t 5) SIGTRAP')
    expect(second).toBe(' 6) SIGABRT\t 7) SIGBUS\t 8) SIGFPE\t 9) SIGKILL\t10) SIGUSR1')
  })

  test('help has a line for every command', async () => {
    const text = await output('help')
    for (const name of ['curl', 'kill', 'ps', 'pgrep', 'ls', 'cat', 'sleep', 'history', 'clear']) {
      expect(text).toMatch(new RegExp(`^ {2}${name} +\\S`, 'm'))
    }
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })
})

describe('beside a running server', () => {
  const COMMAND = 'uvicorn main:app --port 8080 --workers 2'

  test('curl shows body, head, status', async () => {
    const { ask } = await serving(COMMAND)
    expect(await ask('curl http://127.0.0.1:8080/')).toBe('hello\n')
    expect(await ask('curl -i localhost:8080')).toBe(
      'HTTP/1.1 200 OK\ndate: Wed, 01 May 2024 12:00:02 GMT\nserver: uvicorn\ncontent-length: 6\ncontent-type: text/plain\n\nhello\n',
    )
    expect(await ask("curl -s -o /dev/null -w '%{http_code}\\n' localhost:8080/nope")).toBe('404\n')
    expect(await ask('curl -sf localhost:8080/nope || echo $?')).toBe('22\n')
    expect((await ask('curl -s localhost:8080/?[1-3]')).match(/hello/g)).toHaveLength(3)
    expect(await ask('curl -v -s -X POST -d a=1 localhost:8080')).toContain('> POST / HTTP/1.1\n')
  })

  test('a header that stands twice in an answer is shown twice, beside those of the server', async () => {
    const { ask } = await serving(COMMAND)
    expect(await ask('curl -i localhost:8080/cookies')).toBe(
      'HTTP/1.1 204 No Content\ndate: Wed, 01 May 2024 12:00:02 GMT\nserver: uvicorn\n' +
        'set-cookie: a=1\ndate: long ago\nset-cookie: b=2\n\n',
    )
  })

  // What curl 7.88.1 sent, to the letter.
  test.each([
    [
      '-H X-A:a -H x-a:b -d é',
      'User-Agent: curl/7.88.1|Accept: */*|X-A: a|x-a: b|Content-Length: 2|Content-Type: application/x-www-form-urlencoded',
    ],
    ["-H accept: -H user-agent: -H 'X-Empty;'", 'X-Empty: '],
    [
      '-H content-type:text/plain -d x',
      'User-Agent: curl/7.88.1|Accept: */*|content-type: text/plain|Content-Length: 1',
    ],
    [
      '--json {} -A me',
      'User-Agent: me|Content-Type: application/json|Accept: application/json|Content-Length: 2',
    ],
    ['-H User-Agent:me -A other -H X-A:1', 'Accept: */*|User-Agent: me|X-A: 1'],
  ])('curl %s sends these headers', async (typed, sent) => {
    const { ask } = await serving(COMMAND)
    const said = await ask(`curl -sv ${typed} localhost:8080`)
    const lines = said.split('\n').filter((line) => line.startsWith('> '))
    expect(lines.slice(1, -1)).toEqual(
      ['Host: localhost:8080', ...sent.split('|')].map((line) => `> ${line}`),
    )
  })

  test('what is typed has memory as well', async () => {
    const { ask } = await serving(COMMAND)
    expect(await ask('ps -o rss= -C ps')).toBe(' 4732\n')
    expect(await ask('sleep 9 & ps -o rss= -C sleep')).toMatch(/\n 1832\n$/)
    expect(await ask('reboot --now; echo $?')).toBe("reboot: unrecognized option '--now'\n1\n")
  })

  test('options and programs that there are not are said to be so', async () => {
    const { ask } = await serving(COMMAND)
    expect(await ask('cat -Q; echo $?')).toBe(
      "cat: invalid option -- 'Q'\nTry 'cat --help' for more information.\n1\n",
    )
    expect(await ask('cat -A main.py; echo $?')).toMatch(/^# This cat does not know -A.*\n1\n$/)
    expect(await ask('systemctl --nope; echo $?')).toBe("systemctl: unrecognized option '--nope'\n1\n")
    expect(await ask('systemctl --version')).toMatch(/^systemd 252 /)
    expect(await ask('python3 --version; echo $?')).toBe('Python 3.11.2\n0\n')
    expect(await ask('python main.py; echo $?')).toMatch(/^# Of Python only .*\n.*1\n$/s)
  })

  test('the shares of the workers fit into a narrow terminal', async () => {
    const { ask } = await serving(COMMAND, 44)
    const shares = (await ask('hey -n 40 -c 4 http://127.0.0.1:8080/', 3000)).match(/^# \d+ .*$/gm) ?? []
    expect(shares.length).toBeGreaterThan(1)
    for (const share of shares) expect(share).toMatch(/^# \d+ +\d+ +[\d.]+ % +■+$/)
  })

  test('here documents', async () => {
    const { client, ask } = await serving(COMMAND)
    expect(
      await ask('cat > note.txt <<EOF && cat note.txt\rone "$HOME" \\$HOME\r  $(echo "two")\rEOF'),
    ).toMatch(/\none "\/home\/user" \$HOME\n {2}two\n$/)
    expect(client.text).toContain('> EOF')
    expect(await ask("wc -l <<'END' | cat -n; echo done\r$HOME\r`x`\rEND")).toMatch(/1\t2\ndone\n$/)
    expect(await ask("cat <<'END'\r$HOME\rEND")).toMatch(/\n\$HOME\n$/)
    const unit = '[Service]\rExecStart=/usr/local/bin/uvicorn main:app --port 8081'
    await ask(`cat > /etc/systemd/system/web.service <<EOF\r${unit}\rEOF`)
    expect(await ask('systemctl daemon-reload; systemctl start web; systemctl is-active web')).toBe(
      'active\n',
    )
    expect(await ask('cat <<-A; cat <<B\r\tx\r\tA\ry\rB')).toMatch(/\nx\ny\n$/)
  })

  test('curl says how a request was lost', async () => {
    const { kernel, client, ask } = await serving(COMMAND)
    client.type('curl localhost:8080/slow/5\r')
    await kernel.runUntil(kernel.now + 100)
    const busy = kernel.trace.findLast((event) => event.type === 'accepted')
    if (busy?.type !== 'accepted') throw new Error('nobody accepted')
    kernel.signal(busy.pid, 'KILL')
    await kernel.runUntil(kernel.now + 100)
    expect(client.text).toContain('curl: (18) transfer closed with 5 bytes remaining to read\n')
    expect(await ask('curl -m 0.5 localhost:8080/slow/5', 1000)).toBe(
      'curl: (28) Operation timed out after 500 milliseconds with 0 bytes received\n',
    )
  })

  test('ps and pgrep see parent and workers', async () => {
    const { ask } = await serving(COMMAND)
    expect(await ask('pgrep -P 27365')).toBe('27366\n27367\n27368\n')
    expect(await ask('pgrep -a gunicorn; echo $?')).toBe('1\n')
    const tree = await ask('ps -eo pid,ppid,cmd --forest')
    expect(tree.split('\n').slice(0, 4)).toEqual([
      '    PID    PPID CMD',
      '  27301       1 -bash',
      '  27365   27301  \\_ uvicorn main:app --port 8080 --workers 2',
      '  27366   27365      \\_ python3 -c from multiprocessing.resource_tracker import main;main(6)'.slice(
        0,
        80,
      ),
    ])
    expect((await ask('ps -ef')).split('\n')[0]).toBe(
      'UID          PID    PPID  C STIME TTY          TIME CMD',
    )
  })

  test('kill reaches a worker, and the parent replaces it', async () => {
    const { kernel, server, ask } = await serving(COMMAND)
    expect(await ask('kill -9 27367; echo $?', 2000)).toBe('0\n')
    expect(server.text).toContain('INFO:     Waiting for child process [27367]\n')
    expect(server.text).toContain('INFO:     Child process [27367] died\n')
    expect(kernel.processes().filter(({ kind }) => kind === 'worker')).toHaveLength(2)
  })

  test('pkill ends the server, and bash says so', async () => {
    const { server, ask } = await serving('uvicorn main:app --port 8080')
    await ask('pkill -TERM -f uvicorn', 3000)
    expect(server.text).toMatch(/\nTerminated\n$/)
    server.type('echo $?\r')
    expect(server.text).toMatch(/\n143\n$/)
  })

  test('Ctrl+C stops it, and the exit code is there', async () => {
    const { kernel, server } = await serving(COMMAND)
    server.type('\x03')
    await kernel.runUntil(kernel.now + 4000)
    expect(server.text).toMatch(/\^CINFO: {5}Shutting down\n/)
    expect(server.text).toMatch(/INFO: {5}Stopping parent process \[27365\]\n$/)
    server.type('echo $?\r')
    expect(server.text).toMatch(/\n0\n$/)
    expect(kernel.processes().map(({ command }) => command)).toEqual(['-bash', '-bash'])
  })

  test('a second server finds the port taken', async () => {
    const { kernel, client } = await serving(COMMAND)
    client.type('uvicorn main:app --port 8080 --workers 2; echo $?\r')
    await kernel.runUntil(kernel.now + 2000)
    expect(client.text).toContain('ERROR:    [Errno 98] Address already in use\n3\n')
  })

  test('jobs in the background are told of', async () => {
    const { kernel, client } = await serving(COMMAND)
    client.type('curl -s localhost:8080/ > a &\r')
    await kernel.runUntil(kernel.now + 100)
    client.type('cat a\r')
    await kernel.runUntil(kernel.now + 1)
    expect(client.text).toMatch(/\[1\] \d+\n/)
    expect(client.text).toMatch(/hello\n\[1\]\+ {2}Done {20}curl/)
  })
})
