/** What units, containers and `sh -c` run goes through the same interpreter as what is typed. */
import { expect, test } from 'vitest'
import { Kernel } from '../../../simulator/host/virtual/kernel.ts'
import { scripted } from '../../../simulator/host/virtual/scripted.ts'
import type { ExitStatus } from '../../../simulator/manager/machine.ts'
import { ask, machine } from '../machine/support.ts'

/** Runs a line by `sh -c` to its end: what it printed, and how it ended. */
async function ran(
  line: string,
  files: Readonly<Record<string, string>> = {},
  shell = 'sh',
): Promise<{ text: string; status: ExitStatus | undefined; kernel: Kernel }> {
  const kernel = machine({ files })
  let status: ExitStatus | undefined
  let text = ''
  const write = (more: string): void => {
    text += more
  }
  kernel.exec({
    argv: [shell, '-c', line],
    env: {},
    streams: { stdout: write, stderr: write },
    onEnd: (ended) => (status = ended),
  })
  await kernel.runUntil(60_000)
  return { text, status, kernel }
}

test.each([
  ['for i in 1 2 3; do echo $i; done', '1\n2\n3\n', 0],
  ["echo one two | tr a-z A-Z && echo $((6 * 7)) || echo 'not this'", 'ONE TWO\n42\n', 0],
  ['NAME=web; [ "$NAME" = web ] && echo "it is ${NAME}"; exit 3', 'it is web\n', 3],
  ['echo $(cat words.txt | wc -l) > count.txt; cat count.txt; rm count.txt', '2\n', 0],
  ['sh script.sh a b; echo $?', 'script.sh 2\n7\n', 0],
  ['sh nowhere.sh', 'sh: 0: cannot open nowhere.sh: No such file\n', 2],
  ['bash nowhere.sh', 'bash: nowhere.sh: No such file or directory\n', 127],
  ['uvicorn --version | cut -d" " -f1-2', 'Running uvicorn\n', 0],
  ['nosuch --option', 'sh: 1: nosuch: not found\n', 127],
])('%s', async (line, text, code) => {
  const files = { 'words.txt': 'one\ntwo\n', 'script.sh': 'echo $0 $#\nexit 7\n' }
  const result = await ran(line, files)
  expect(result.text).toBe(text)
  expect(result.status).toEqual({ code })
  expect(result.kernel.processes()).toEqual([])
})

test.each([
  ['set -e; echo on; false; echo never', 'on\n', 1],
  ['set -e; if false; then echo no; fi; while false; do echo no; done; echo on', 'on\n', 0],
  ['set -e; false || echo saved; ! true; true && false || true; echo on', 'saved\non\n', 0],
  ['set -e; set +e; false; echo on', 'on\n', 0],
  ['set -e; echo $(false; echo never); echo on', '\non\n', 0],
  ['set -e; sh -c "false; echo its own"; echo on', 'its own\non\n', 0],
  ['set -e; f() { false; echo on; }; f || true; (f && echo yes); f; echo never', 'on\non\nyes\n', 1],
  [
    'set -eu; echo ${nothing:-none}; echo $nothing; echo never',
    'none\nbash: line 1: nothing: unbound variable\n',
    127,
  ],
  ['set -eo pipefail; false | true | true; echo never', '', 1],
  ['set -o pipefail; false | true; echo $?; set +o pipefail; false | true; echo $?', '1\n0\n', 0],
  ['set -x; echo "a b" c; set +x; echo d', "+ echo 'a b' c\na b c\n+ set +x\nd\n", 0],
])('set -e ends a shell where a failure is not asked about: %s', async (line, text, code) => {
  const result = await ran(line, {}, 'bash')
  expect(result.text).toBe(text)
  expect(result.status).toEqual({ code })
})

test('exec ends the script with what it has become', async () => {
  const { text, status } = await ran('exec sh -c "echo inner; exit 4"; echo never')
  expect({ text, status }).toEqual({ text: 'inner\n', status: { code: 4 } })
})

test('SIGTERM ends the shell, not the program that it waits for', async () => {
  const kernel = machine()
  const pid = kernel.exec({ argv: ['sh', '-c', 'sleep 100; echo never'], env: {} })
  if (pid === 'not-found') throw new Error('expected sh to be a program of the machine')
  await kernel.runUntil(100)
  const child = kernel.processes().find(({ ppid }) => ppid === pid)
  expect(child?.command).toBe('sleep 100')
  kernel.signal(pid, 'TERM')
  await kernel.runUntil(200)
  expect(kernel.processes().map((process) => [process.pid, process.ppid])).toEqual([[child?.pid, 1]])
})

test('a program that is started by itself is one process, which a signal stops, continues and ends', async () => {
  const kernel = machine()
  const ends: [ExitStatus, number][] = []
  const pid = kernel.exec({
    argv: ['/usr/bin/sleep', '5'],
    env: {},
    onEnd: (status) => ends.push([status, kernel.now]),
  })
  if (pid === 'not-found') throw new Error('expected sleep to be a program of the machine')
  await kernel.runUntil(1000)
  expect(kernel.processes()).toMatchObject([{ pid, kind: 'program', state: 'S' }])
  kernel.signal(pid, 'STOP')
  await kernel.runUntil(20_000)
  expect(ends).toEqual([])
  kernel.signal(pid, 'CONT')
  await kernel.runUntil(21_000)
  expect(ends).toEqual([[{ code: 0 }, 20_000]])
})

test('what a unit starts by a script belongs to the unit, and prints into its journal', async () => {
  const unit = `[Service]
ExecStart=/bin/sh -c 'for i in 1 2; do echo step $$i; done; exec uvicorn main:app --workers 2'
WorkingDirectory=/home/user/code/awesomeapp
`
  const kernel = machine({ files: { '/etc/systemd/system/web.service': unit } })
  kernel.init.start('web')
  await kernel.runUntil(5000)
  const { pids = [], mainPid } = kernel.init.status('web') ?? {}
  expect(pids.length).toBeGreaterThanOrEqual(4)
  expect(kernel.processes().every((process) => process.unit === 'web.service')).toBe(true)
  const lines = kernel.init.journal({ unit: 'web' })
  const said = lines.filter(({ pid }) => pid === mainPid)
  expect(said.map(({ identifier, text }) => `${identifier}: ${text}`)).toEqual(['sh: step 1', 'sh: step 2'])
  // The stream was given to `sh`, and what writes to it later goes by that name.
  expect(lines.some(({ identifier, text }) => identifier === 'sh' && text.includes('startup'))).toBe(true)
  expect(await ask(kernel, '/')).toBe('200')
  kernel.init.stop('web')
  await kernel.runUntil(30_000)
  expect(kernel.processes()).toEqual([])
})

test('where a script sends a server its output, the journal does not have it', async () => {
  const unit = `[Service]\nExecStart=/bin/sh -c 'uvicorn main:app --workers 2 2> /tmp/server.log'\n`
  const kernel = machine({ files: { '/etc/systemd/system/web.service': unit } })
  kernel.init.start('web')
  await kernel.runUntil(5000)
  expect(kernel.readFile('/tmp/server.log')).toContain('Uvicorn running on')
  expect(kernel.init.journal({ unit: 'web' }).some(({ text }) => text.includes('Uvicorn running'))).toBe(
    false,
  )
})

test("a container's first process is the shell of its command, with the server as its child", async () => {
  const kernel = machine()
  kernel.keepers.add({
    name: 'web',
    command: 'WEB_CONCURRENCY=2 uvicorn main:app --host 0.0.0.0 || echo gone',
    keeper: { by: 'container', policy: 'no', form: 'shell' },
  })
  await kernel.runUntil(5000)
  const shell = kernel.keepers.list()[0]?.pid
  const server = kernel.processes().find(({ kind }) => kind === 'manager')
  expect(server).toMatchObject({ ppid: shell, container: 'web', user: 'root' })
  kernel.signal(server?.pid ?? 0, 'KILL')
  await kernel.runUntil(6000)
  expect(kernel.keepers.output('web').map(({ text }) => text)).toContain('gone\n')
})

test('a machine that was handed no interpreter knows servers and migrations alone', () => {
  const kernel = new Kernel({ seed: 1, factory: scripted })
  expect(kernel.exec({ argv: ['sh', '-c', 'true'], env: {} })).toBe('not-found')
  expect(kernel.exec({ argv: ['python', 'migrate.py'], env: {} })).not.toBe('not-found')
})
