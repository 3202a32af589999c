import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { desk } from './desk-line.ts'

// What docker prints stands in its documentation and its source; it was not recorded.

/** A machine with a Dockerfile. */
function withDockerfile(text: string) {
  const made = desk()
  made.kernel.writeFile('Dockerfile', text)
  return made
}

const config = (name: string) => `docker inspect -f '{{json .Config.${name}}}' shop`

test('the exec form starts the server itself, which hears docker stop at once', async () => {
  const { kernel, ask } = withDockerfile(
    'FROM python:3.13-slim\nWORKDIR /code\nCOPY . .\nCMD ["uvicorn", "main:app", "--host", "0.0.0.0"]\n',
  )
  expect(await ask('docker build -t shop .')).toContain('[3/3] COPY . .')
  await ask('docker run -d --name web -p 8080:8000 shop', 3000)
  expect(await ask('curl -s localhost:8080/')).toBe('hello\n')
  const from = kernel.now
  await ask('docker stop web', 9000)
  expect(await ask('docker ps -a')).toMatch(/Exited \((?:0|143)\)/)
  expect((kernel.keepers.list()[0]?.finishedAt ?? Infinity) - from).toBeLessThan(2000)
})

test('the shell form starts a shell that does not pass the signal on: ten seconds, and 137', async () => {
  const { kernel, ask } = withDockerfile(
    'FROM python:3.13-slim\nENV PORT=8000\nUSER app\nCMD uvicorn main:app --host 0.0.0.0 --port $PORT\n',
  )
  await ask('docker build -t shop .')
  expect(await ask(config('Cmd'))).toBe('["/bin/sh","-c","uvicorn main:app --host 0.0.0.0 --port $PORT"]\n')
  await ask('docker run -d --name web -p 8080:8000 shop', 3000)
  expect(await ask('docker exec web whoami; curl -s localhost:8080/')).toBe('app\nhello\n')
  const from = kernel.now
  await ask('docker stop web', 14_000)
  expect(await ask('docker ps -a')).toContain('Exited (137)')
  expect((kernel.keepers.list()[0]?.finishedAt ?? 0) - from).toBeGreaterThanOrEqual(10_000)
})

test.each([
  ['in the shell form', 'CMD exec uvicorn main:app\n'],
  ['at the end of a script', 'COPY start.sh .\nCMD ["./start.sh"]\n'],
])('exec %s puts the server in the place of the shell: docker stop reaches it', async (_, command) => {
  const { kernel, ask } = withDockerfile(`FROM python\n${command}`)
  kernel.writeFile('start.sh', '#!/bin/sh\nset -e\necho before\nexec uvicorn main:app\n')
  await ask('docker build -t shop .; docker run -d --name web shop', 3000)
  const from = kernel.now
  await ask('docker stop web', 12_000)
  expect(await ask('docker logs web')).toContain('Finished server process')
  expect((kernel.keepers.list()[0]?.finishedAt ?? Infinity) - from).toBeLessThan(2000)
})

test('single quotes are no JSON: the shell looks for a program with a bracket in its name', async () => {
  const { ask } = withDockerfile("FROM python\nCMD ['uvicorn', 'main:app']\n")
  await ask('docker build -t shop .')
  expect(await ask('docker run shop; echo $?')).toMatch(/\[uvicorn,: .*not found\n127\n$/)
})

test('ENTRYPOINT takes CMD, or what is typed, as its arguments', async () => {
  const { ask } = withDockerfile('FROM alpine\nENTRYPOINT ["echo", "one"]\nCMD ["two"]\n')
  await ask('docker build -t shop .')
  expect(
    await ask(
      'docker run --rm shop; docker run --rm shop 2; docker run --rm --entrypoint printenv shop HOME',
    ),
  ).toBe('one two\none 2\n/root\n')
})

test('settings of an image: variables, folder, ports, labels, signal, health check', async () => {
  const { ask } = withDockerfile(
    'ARG BASE=python\nFROM $BASE AS first\nENV A=1 B="two words"\nENV C=$A-${D:-none}\nWORKDIR /srv\nWORKDIR app\n' +
      'EXPOSE 8000 9000/tcp\nLABEL by=me\nSTOPSIGNAL SIGINT\nFROM first\n' +
      'HEALTHCHECK --interval=5s --retries=2 CMD curl -f localhost:8000 || exit 1\n',
  )
  await ask('docker build -t shop .')
  const env = JSON.parse(await ask(config('Env'))) as string[]
  expect(env).toEqual(expect.arrayContaining(['A=1', 'B=two words', 'C=1-none']))
  expect(
    await ask("docker inspect -f '{{.Config.WorkingDir}} {{.Config.StopSignal}} {{.Config.Labels.by}}' shop"),
  ).toBe('/srv/app SIGINT me\n')
  expect(await ask(config('ExposedPorts'))).toBe('{"8000/tcp":{},"9000/tcp":{}}\n')
  expect(await ask(config('Healthcheck'))).toContain('curl -f localhost:8000 || exit 1')
})

test('a layer is built again when its input, or a layer before it, has changed', async () => {
  const { kernel, ask } = withDockerfile(
    'FROM python\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n',
  )
  kernel.writeFile('requirements.txt', 'fastapi\n')
  const cached = (shown: string) => [...shown.matchAll(/CACHED \[(\d)/g)].map(([, step]) => step)
  expect(cached(await ask('docker build .'))).toEqual([])
  expect(cached(await ask('docker build .'))).toEqual(['2', '3', '4'])
  kernel.writeFile('main.py', 'app = None\n')
  expect(cached(await ask('docker build .'))).toEqual(['2', '3'])
  kernel.writeFile('requirements.txt', 'fastapi==0.1\n')
  expect(cached(await ask('docker build .'))).toEqual([])
  expect(cached(await ask('docker build --no-cache .'))).toEqual([])
})

test.each([
  ['FROM nothere\n', 'failed to solve: nothere: failed to resolve source metadata'],
  ['FROM python\nFOO bar\n', 'failed to solve: dockerfile parse error on line 2: unknown instruction: FOO'],
  ['RUN ls\n', 'failed to solve: dockerfile parse error on line 1: no build stage in current context'],
  ['# nothing\n', 'failed to solve: file with no instructions'],
  ['FROM python\nCOPY absent.txt .\n', '"/absent.txt": not found'],
])('what cannot be built says why: %j', async (text, reason) => {
  const { ask } = withDockerfile(text)
  const shown = await ask('docker build -t shop .; echo $?')
  expect(shown).toContain(`ERROR: `)
  expect(shown).toContain(reason)
  expect(shown).toMatch(/\n1\n$/)
  expect(await ask('docker images -q')).toBe((await ask('docker images -q awesomeapp')).trimEnd() + '\n')
})

test('the Dockerfile that readers copy is built, and its container answers', async () => {
  const { kernel, ask } = withDockerfile(readFileSync('content/deploy/docker/Dockerfile', 'utf8'))
  for (const file of ['requirements.txt', 'migrate.py']) kernel.writeFile(file, '')
  expect(await ask('docker build -t shop .')).toContain('naming to docker.io/library/shop:latest')
  await ask('docker run -d --name shop -p 127.0.0.1:8080:8000 --restart unless-stopped shop', 3000)
  expect(await ask('curl -s 127.0.0.1:8080/')).toBe('hello\n')
})
