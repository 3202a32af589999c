/** The files of the machine are one tree: what is written by one program is read by every other, by any of its paths. */
import { expect, test } from 'vitest'
import { newMachine, openTerminal, output } from './terminal.ts'

const LINES = 'Could not import module "main".'

test.each([
  [
    'a program looks in its own folder',
    'cd ~; uvicorn main:app',
    `ERROR:    Error loading ASGI app. ${LINES}\n`,
  ],
  [
    'a folder that is not there holds nothing',
    'uvicorn main:app --app-dir nowhere',
    `ERROR:    Error loading ASGI app. ${LINES}\n`,
  ],
  ['so does gunicorn', 'gunicorn --chdir nowhere main:app', "\nError: can't chdir to 'nowhere'\n"],
  [
    'a file of variables has to be there',
    'uvicorn main:app --env-file .env',
    "Usage: uvicorn [OPTIONS] APP\nTry 'uvicorn --help' for help.\n\nError: Invalid value for '--env-file': Path '.env' does not exist.\n",
  ],
  [
    'one file has many paths',
    'echo one > ~/code/awesomeapp/a; cat a ./a ../awesomeapp/a; cd /; cat home/user/code/awesomeapp/a',
    'one\none\none\none\n',
  ],
  [
    'what is written elsewhere stays there',
    'echo two > /tmp/a; ls a; ls /tmp; cd /tmp; cat a',
    "ls: cannot access 'a': No such file or directory\na\ntwo\n",
  ],
])('%s', async (_what, line, shown) => {
  expect(await output(line, 3000)).toBe(shown)
})

test.each([
  'cd ..; uvicorn main:app --app-dir awesomeapp',
  'uvicorn main:app --app-dir ~/code/awesomeapp',
  'cd /; PYTHONPATH=/home/user/code/awesomeapp uvicorn main:app',
  'mv main.js /tmp/main.js; python -m uvicorn --app-dir nowhere main:app; cd /tmp; python -m uvicorn --app-dir nowhere main:app',
  'cd ~; fastapi run code/awesomeapp/main.py --port 8000',
  'cd ~; gunicorn --chdir code/awesomeapp main:app -k uvicorn.workers.UvicornWorker',
])('%s', async (line) => {
  const kernel = newMachine()
  const server = openTerminal(kernel, 'server')
  const client = openTerminal(kernel, 'client')
  server.type(`${line}\r`)
  await kernel.runUntil(10_000)
  client.type('curl -s localhost:8000/\r')
  await kernel.runUntil(11_000)
  expect(client.text).toContain('\nhello\n')
})

test('the application gets the variables of --env-file that the environment does not have', async () => {
  const kernel = newMachine()
  const terminal = openTerminal(kernel, 'server')
  terminal.type("printf 'COLOUR=red\\nHOME=/nowhere\\nWEB_CONCURRENCY=3\\n' > .env\r")
  terminal.type('uvicorn main:app --env-file .env\r')
  await kernel.runUntil(5000)
  expect(terminal.text).toContain("INFO:     Loading environment from '.env'\n")
  const workers = kernel.processes().filter(({ kind }) => kind === 'worker')
  expect(workers).toHaveLength(3)
  const environments = workers.map(({ pid }) => kernel.process(pid)?.env)
  for (const env of environments) expect(env).toMatchObject({ COLOUR: 'red', HOME: '/home/user' })
})

test('a unit reads its file of variables from the project', async () => {
  const kernel = newMachine()
  const terminal = openTerminal(kernel, 'server')
  for (const line of [
    "printf 'WEB_CONCURRENCY=2\\n' > .env",
    "printf '[Service]\\nWorkingDirectory=/home/user/code/awesomeapp\\nEnvironmentFile=/home/user/code/awesomeapp/.env\\nExecStart=/home/user/code/awesomeapp/.venv/bin/uvicorn main:app\\n' > /etc/systemd/system/web.service",
    'systemctl daemon-reload; systemctl start web',
  ])
    terminal.type(`${line}\r`)
  await kernel.runUntil(5000)
  expect(kernel.processes().filter(({ kind }) => kind === 'worker')).toHaveLength(2)
})
