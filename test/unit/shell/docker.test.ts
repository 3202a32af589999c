import { expect, test } from 'vitest'
import { desk } from './desk-line.ts'

const SERVER = 'awesomeapp uvicorn main:app --host 0.0.0.0'

test('a published port leads to the one in the container, as long as it runs', async () => {
  const { ask } = desk()
  expect(await ask('curl -s localhost:8080/; echo $?')).toBe('7\n')
  await ask(`docker run -dp 8080:8000 --name web ${SERVER}`, 3000)
  expect(await ask('curl -s localhost:8080/')).toBe('hello\n')
  expect(await ask('docker ps')).toContain('0.0.0.0:8080->8000/tcp')
  await ask('docker stop web', 5000)
  expect(await ask('curl -s localhost:8080/; echo $?')).toBe('7\n')
})

test('docker logs shows what the program wrote, -f goes on until it ends', async () => {
  const { kernel, terminal, ask } = desk()
  await ask(`docker run -d --name web ${SERVER}`, 3000)
  expect(await ask('docker logs web')).toContain('Application startup complete.')
  expect(await ask('docker logs --tail 1 web')).toMatch(/^[^\n]+\n$/)
  const before = terminal.text.length
  terminal.type('docker logs -f --tail 0 web\r')
  kernel.after(500, () => void kernel.keepers.stop('web'))
  await kernel.runUntil(kernel.now + 5000)
  expect(terminal.text.slice(before)).toContain('Finished server process')
  expect(terminal.session.foreground).toBe('none')
})

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
})

test('a shell before the server keeps the signal to itself: ten seconds, and 137', async () => {
  const { kernel, ask } = desk()
  await ask("docker run -d --name web awesomeapp sh -c 'uvicorn main:app --host 0.0.0.0 --port 8000'", 3000)
  expect(await ask('curl -s localhost:8000/')).toBe('hello\n')
  const from = kernel.now
  await ask('docker stop web; date', 15_000)
  expect(await ask('docker ps -a')).toContain('Exited (137)')
  const [died] = kernel.keepers.log('web').filter(({ text }) => text.startsWith('die'))
  expect((died?.at ?? 0) - from).toBeGreaterThanOrEqual(10_000)
})

test('a running container is not removed unless that is forced; options are known or refused by name', async () => {
  const { ask } = desk()
  await ask(`docker run -d --name web --network host --health-interval 5s --gpus all ${SERVER}`, 2000)
  expect(await ask('docker ps')).toContain('awesomeapp')
  expect(await ask('docker rm web; echo $?')).toMatch(
    /^Error response from daemon: You cannot remove a running container [\da-f]{64}\..*\n1\n$/,
  )
  expect(await ask('docker rm -f web; docker ps -aq')).toBe('web\n')
  expect(await ask('docker run --colour blue app; echo $?')).toBe(
    "unknown flag: --colour\nSee 'docker run --help'.\n125\n",
  )
  expect(await ask('docker stop nobody; echo $?')).toBe(
    'Error response from daemon: No such container: nobody\n1\n',
  )
})
