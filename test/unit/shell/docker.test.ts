import { describe, expect, test } from 'vitest'
import { desk } from './desk-line.ts'

// What docker prints stands in its documentation and its source; it was not recorded.

const SERVER = 'awesomeapp uvicorn main:app --host 0.0.0.0'

describe('docker run', () => {
  test('a published port leads to the one in the container, as long as it runs', async () => {
    const { ask } = desk()
    expect(await ask('curl -s localhost:8080/; echo $?')).toBe('7\n')
    await ask(`docker run -dp 8080:8000 --name web ${SERVER}`, 3000)
    expect(await ask('curl -s localhost:8080/')).toBe('hello\n')
    expect(await ask('docker ps')).toContain('0.0.0.0:8080->8000/tcp')
    await ask('docker stop web', 5000)
    expect(await ask('curl -s localhost:8080/; echo $?')).toBe('7\n')
  })

  test('a container has ports of its own: two servers on 8000, and none of them on the machine', async () => {
    const { ask } = desk()
    await ask(`docker run -d --name one ${SERVER}; docker run -d --name two ${SERVER}`, 3000)
    expect(await ask('curl -s localhost:8000/; echo $?')).toBe('7\n')
    expect(await ask('docker exec two curl -s localhost:8000/')).toBe('hello\n')
    const address = (
      await ask("docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' two")
    ).trim()
    expect(address).toBe('172.17.0.3')
    expect(await ask(`curl -s ${address}:8000/; docker exec one curl -s ${address}:8000/`)).toBe(
      'hello\nhello\n',
    )
  })

  test('a server that listens on 127.0.0.1 in its container cannot be reached through a published port', async () => {
    const { ask } = desk()
    await ask('docker run -d -p 8080:8000 --name web awesomeapp uvicorn main:app', 3000)
    expect(await ask('docker exec web curl -s 127.0.0.1:8000/')).toBe('hello\n')
    expect(await ask('curl -s localhost:8080/; echo $?')).toBe('52\n')
  })

  test('a port that is taken is not published again, by whomever it was taken', async () => {
    const { ask } = desk()
    await ask(`docker run -d -p 8080:8000 --name web ${SERVER}; uvicorn main:app --port 9000 &`, 3000)
    expect(await ask('docker run -d -p 8080:80 --name b1 awesomeapp; echo $?')).toBe(
      "docker: Error response from daemon: driver failed programming external connectivity on endpoint b1: Bind for 0.0.0.0:8080 failed: port is already allocated.\nSee 'docker run --help'.\n125\n",
    )
    expect(await ask('docker run -d -p 9000:80 --name b2 awesomeapp; echo $?')).toContain(
      'listen tcp4 0.0.0.0:9000: bind: address already in use.',
    )
    expect(await ask('uvicorn main:app --port 8080; echo $?', 2000)).toContain('address already in use')
  })

  test('in the foreground it shows the output, and ends with the code of the program', async () => {
    const { ask } = desk()
    expect(await ask("docker run --rm alpine sh -c 'echo hi; exit 7'; echo $?")).toBe('hi\n7\n')
    expect(await ask('docker ps -aq')).toBe('')
    expect(await ask('docker run --name web awesomeapp nosuch; echo $?')).toMatch(
      /exec: "nosuch": executable file not found in \$PATH: unknown\.\n.*\n127\n$/,
    )
    expect(await ask('docker ps -a')).toContain('Created')
    expect(await ask('docker run awesomeapp ./main.py; echo $?')).toMatch(
      /permission denied: unknown\.\n.*\n126\n$/,
    )
    expect(await ask('docker run nothere; echo $?')).toMatch(
      /^Unable to find image 'nothere:latest' locally\n.*125\n$/s,
    )
  })

  test('Ctrl+C in front of it reaches the server, which shuts down; sleep as PID 1 does not hear it', async () => {
    const { kernel, terminal, ask } = desk()
    await ask(`docker run --rm --name web ${SERVER}`, 3000)
    terminal.type('\u0003')
    await kernel.runUntil(kernel.now + 3000)
    expect(terminal.text).toContain('Finished server process')
    expect(terminal.session.foreground).toBe('none')
    await ask('docker run --name deaf alpine sleep 1000', 1000)
    for (let times = 1; times <= 3; times++) {
      expect(terminal.session.foreground).not.toBe('none')
      terminal.type('\u0003')
      await kernel.runUntil(kernel.now + 500)
    }
    expect(terminal.text).toContain('got 3 SIGTERM/SIGINTs, forcefully exiting')
    expect(await ask('docker ps -q')).not.toBe('')
  })

  test('variables come from -e, from the shell, and from a file whose quotes belong to the value', async () => {
    const { ask } = desk()
    await ask(`echo '# settings' > .env; echo 'GREETING="hi"' >> .env; export FROM_SHELL=yes`)
    const asked = 'docker run --rm --env-file .env -e A=1 -e FROM_SHELL -e NOWHERE alpine env'
    const shown = await ask(asked)
    expect(shown.split('\n')).toEqual(expect.arrayContaining(['GREETING="hi"', 'A=1', 'FROM_SHELL=yes']))
    expect(shown).not.toContain('NOWHERE')
    expect(await ask('docker run --env-file nope alpine env; echo $?')).toBe(
      "docker: open nope: no such file or directory.\nSee 'docker run --help'.\n125\n",
    )
  })

  test('options are known or refused by name; those without effect are named', async () => {
    const { ask } = desk()
    const said = await ask(`docker run -d --name web -v .:/code --gpus all --cpus=2 ${SERVER}`, 2000)
    expect(said).toContain('-v and --mount change nothing')
    expect(said).toContain('--gpus, --cpus')
    expect(await ask('docker run --colour blue app; echo $?')).toBe(
      "unknown flag: --colour\nSee 'docker run --help'.\n125\n",
    )
    expect(await ask('docker run --restart always --rm awesomeapp; echo $?')).toBe(
      "docker: Conflicting options: --restart and --rm.\nSee 'docker run --help'.\n125\n",
    )
    expect(await ask('docker run -m 64x awesomeapp')).toContain(
      'invalid argument "64x" for "-m, --memory" flag',
    )
  })
})

describe('how a container ends', () => {
  test('docker stop $(docker ps -q) stops all; the exit code is that of the end', async () => {
    const { ask } = desk()
    await ask(`docker run -d --name web ${SERVER}`, 2000)
    await ask('docker run -d --name deaf alpine sleep 1000', 1000)
    expect((await ask('docker ps -q')).trim().split('\n')).toHaveLength(2)
    await ask('docker stop -t 3 $(docker ps -q)', 8000)
    expect(await ask('docker ps -q')).toBe('')
    const listed = await ask('docker ps -a')
    // The server has a handler, and ends by the signal again; as PID 1 sleep has none, and is killed after three seconds.
    expect(listed).toMatch(/Exited \((?:0|143)\).* web\n/)
    expect(listed).toMatch(/Exited \(137\) .* deaf\n/)
    expect(await ask("docker inspect -f '{{.State.ExitCode}} {{.State.OOMKilled}}' deaf")).toBe('137 false\n')
  })

  test('a shell before the server keeps the signal to itself: ten seconds, and 137; --init passes it on', async () => {
    const { kernel, ask } = desk()
    const shell = "awesomeapp sh -c 'uvicorn main:app --host 0.0.0.0'"
    await ask(`docker run -d --name web -p 8000:8000 ${shell}`, 3000)
    expect(await ask('curl -s localhost:8000/')).toBe('hello\n')
    const from = kernel.now
    await ask('docker stop web', 15_000)
    expect(await ask('docker ps -a')).toContain('Exited (137)')
    const [died] = kernel.keepers.log('web').filter(({ text }) => text.startsWith('die'))
    expect((died?.at ?? 0) - from).toBeGreaterThanOrEqual(10_000)
    await ask(`docker run -d --name polite --init ${shell}`, 3000)
    await ask('docker stop polite', 3000)
    expect(await ask('docker ps -a')).toMatch(/Exited \(143\) .* polite\n/)
  })

  test('after docker kill nothing is restarted, after an end of its own it is', async () => {
    const { ask } = desk()
    await ask('docker run -d --name web --restart always alpine sleep 1', 1500)
    expect(await ask("docker inspect -f '{{.RestartCount}}' web")).toBe('1\n')
    await ask('docker kill web', 1000)
    expect(await ask('docker ps -a')).toContain('Exited (137)')
    expect(await ask('docker kill web; echo $?')).toMatch(/is not running\n1\n$/)
  })

  test('docker wait says the code, --rm leaves nothing', async () => {
    const { ask } = desk()
    await ask("docker run -d --rm --name job alpine sh -c 'sleep 2; exit 3'")
    expect(await ask('docker wait job', 3000)).toBe('3\n')
    expect(await ask('docker ps -aq')).toBe('')
  })

  test('a running container is not removed unless that is forced', async () => {
    const { ask } = desk()
    await ask(`docker run -d --name web ${SERVER}`, 2000)
    expect(await ask('docker rm web; echo $?')).toMatch(
      /^Error response from daemon: You cannot remove a running container [\da-f]{64}\..*\n1\n$/,
    )
    expect(await ask('docker rmi awesomeapp; echo $?')).toMatch(
      /cannot be forced.* is using its referenced image/,
    )
    expect(await ask('docker rm -f web; docker ps -aq')).toBe('web\n')
    expect(await ask('docker stop nobody; echo $?')).toBe(
      'Error response from daemon: No such container: nobody\n1\n',
    )
  })
})

describe('what is seen of a container', () => {
  test('docker logs shows what the program wrote, -f goes on until it ends', async () => {
    const { kernel, terminal, ask } = desk()
    await ask(`docker run -d --name web ${SERVER}`, 3000)
    expect(await ask('docker logs web')).toContain('Application startup complete.')
    expect(await ask('docker logs --tail 1 web')).toMatch(/^[^\n]+\n$/)
    expect(await ask('docker logs -t --tail 1 web')).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]{18}Z INFO/)
    const before = terminal.text.length
    terminal.type('docker logs -f --tail 0 web\r')
    kernel.after(500, () => void kernel.keepers.stop('web'))
    await kernel.runUntil(kernel.now + 5000)
    expect(terminal.text.slice(before)).toContain('Finished server process')
    expect(terminal.session.foreground).toBe('none')
  })

  test('docker ps by a template, a filter, and the newest alone', async () => {
    const { ask } = desk()
    await ask('docker run -d --name one alpine sleep 100', 2000)
    await ask('docker run -d --name two alpine sleep 100', 2000)
    expect(await ask("docker ps --format '{{.Names}}: {{.Image}}'")).toBe('two: alpine\none: alpine\n')
    expect(await ask("docker ps --format 'table {{.Names}}\\t{{.State}}'")).toBe(
      'NAMES   STATE\ntwo     running\none     running\n',
    )
    expect(await ask("docker ps -f name=on --format '{{.Names}}'; docker ps -l --format '{{.Names}}'")).toBe(
      'one\ntwo\n',
    )
    expect(await ask("docker ps --format '{{.Colour}}'; echo $?")).toMatch(/no entry for key "Colour"\n1\n$/)
  })

  test('a health check: starting, healthy, and unhealthy after three failures', async () => {
    const { ask } = desk()
    const check = '--health-cmd "curl -fs localhost:8000/" --health-interval 5s'
    expect(await ask("docker inspect -f '{{.State.Health.Status}}' nobody; echo $?")).toContain(
      'No such object',
    )
    await ask(`docker run -d --name web ${check} ${SERVER}`, 2000)
    const health = async (): Promise<string> => ask("docker inspect -f '{{.State.Health.Status}}' web")
    expect(await health()).toBe('starting\n')
    await ask('sleep 4', 4500)
    expect(await health()).toBe('healthy\n')
    expect(await ask('docker ps')).toContain('(healthy)')
    await ask('docker exec web pkill -STOP -f uvicorn', 120_000)
    expect(await health()).toBe('unhealthy\n')
    await ask(`docker run -d --name plain ${SERVER}`)
    expect(await ask("docker inspect -f '{{.State.Health.Status}}' plain; echo $?")).toContain(
      'template: :1:8: executing "" at <.State.Health.Status>: map has no entry for key "Health"',
    )
  })

  test('docker exec runs in the container, with its code, its variables and its user', async () => {
    const { ask } = desk()
    await ask(`docker run -d --name web -e STAGE=prod ${SERVER}`, 2000)
    expect(await ask(`docker exec -it web sh -c 'echo $STAGE; exit 3'; echo $?`)).toBe('prod\n3\n')
    expect(await ask('docker exec -u app -e A=2 web sh -c "whoami; printenv A"')).toBe('app\n2\n')
    expect(await ask('docker exec web nosuch; echo $?')).toMatch(
      /executable file not found in \$PATH: unknown\n127\n$/,
    )
    expect(await ask('docker exec -it web bash')).toContain("docker exec web sh -c 'ps aux; env'")
    const seen = await ask('docker exec web ps aux; docker exec web kill -TERM 1', 3000)
    expect(seen).toContain('uvicorn main:app')
    expect(seen).not.toContain('bash')
    expect(await ask('docker exec web env; echo $?')).toMatch(
      /^Error .* Container [\da-f]{64} is not running\n1\n$/,
    )
  })

  test('docker stats counts the memory of the container against its limit', async () => {
    const { ask } = desk()
    await ask(`docker run -d --name web -m 256m ${SERVER}`, 3000)
    const [, used, , share] =
      /web\s+[\d.]+%\s+([\d.]+)MiB \/ (256)MiB\s+([\d.]+)%\s+1\n/.exec(
        await ask('docker stats --no-stream', 1500),
      ) ?? []
    expect(Number(used)).toBeGreaterThan(20)
    expect(Number(share)).toBeCloseTo((100 * Number(used)) / 256, 1)
  })

  test('containers of a network that was made find each other by name', async () => {
    const { ask } = desk()
    expect(await ask('docker run -d --network shop alpine sleep 9; echo $?')).toContain(
      'network shop not found.',
    )
    await ask('docker network create shop')
    await ask(`docker run -d --name web --network shop ${SERVER}`, 2000)
    expect(await ask('docker run --rm --network shop alpine curl -s http://web:8000/')).toBe('hello\n')
    expect(await ask('docker run --rm alpine curl -s http://web:8000/; echo $?')).toBe('6\n')
  })
})
