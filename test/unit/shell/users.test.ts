/** Who may bind which port, and what `sudo` makes of a command. */
import { expect, test } from 'vitest'
import english from '../../../content/lab/en.json' with { type: 'json' }
import { newMachine, openTerminal, output } from './terminal.ts'

const note = english.shell.sudoPath.replace('{program}', 'uvicorn')

test.each([
  ['sudo whoami; whoami', 'root\nuser\n'],
  ['sudo id; sudo -u www-data id -un', 'uid=0(root) gid=0(root) groups=0(root)\nwww-data\n'],
  ['sudo -u bob ls', 'sudo: unknown user bob\nsudo: error initializing audit plugin sudoers_audit\n'],
  ['X=1 sudo printenv X; echo $?; X=2 sudo -E printenv X; sudo X=3 printenv X', '1\n2\n3\n'],
  ["sudo bash -c 'whoami; echo $HOME'", 'root\n/root\n'],
  ['sudo sleep 9 & sleep 0.1; ps -C sleep -o user=', '[1] 27365\nroot\n'],
])('%s', async (line, shown) => {
  expect(await output(line)).toBe(shown)
})

test('sudo does not find what is in the virtual environment', async () => {
  const shown = await output('sudo uvicorn main:app --port 80; echo $?')
  expect(shown.replaceAll('\n# ', ' ')).toBe(
    `sudo: uvicorn: command not found\n# ${note}\n1\n`.replaceAll('\n# ', ' '),
  )
})

test('an ordinary user may not bind a port under 1024', async () => {
  expect(await output('uvicorn main:app --port 80; echo $?', 5000)).toContain(
    "ERROR:    [Errno 13] error while attempting to bind on address ('127.0.0.1', 80): permission denied\n",
  )
  expect(await output('uvicorn main:app --port 443 --workers 2; echo $?', 5000)).toBe(
    'ERROR:    [Errno 13] Permission denied\n3\n',
  )
  const gunicorn = await output('gunicorn main:app -b 0.0.0.0:80; echo $?', 10_000)
  expect(gunicorn).toContain("[ERROR] connection to ('0.0.0.0', 80) failed: [Errno 13] Permission denied\n")
  expect(gunicorn).toMatch(/\[ERROR\] Can't connect to \('0\.0\.0\.0', 80\)\n1\n$/)
})

test.each([
  'sudo $(which uvicorn) main:app --port 80',
  'sudo .venv/bin/uvicorn main:app --port 80 --workers 2',
])('root may: %s', async (line) => {
  const kernel = newMachine()
  const server = openTerminal(kernel, 'server')
  const client = openTerminal(kernel, 'client')
  server.type(`${line}\r`)
  await kernel.runUntil(5000)
  client.type('curl -s localhost/\r')
  await kernel.runUntil(6000)
  expect(client.text).toContain('\nhello\n')
})
