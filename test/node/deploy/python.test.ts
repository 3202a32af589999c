import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { file, program } from './tools.ts'

/** Configures Python's logging with the file, and logs as uvicorn does: an event, and a request. */
const LOGGING = `
import json, logging, logging.config, sys
logging.config.dictConfig(json.load(sys.stdin))
logging.getLogger('uvicorn.error').info('Started server process [%d]', 7)
logging.getLogger('uvicorn.access').info('%s - "%s %s HTTP/%s" %d', '127.0.0.1:5', 'GET', '/', '1.1', 200)
`

test('log.json puts the time and the PID before each event and each request, once', (context) => {
  const { stdout, stderr, pid } = spawnSync(program('python3', 'python3', context), ['-c', LOGGING], {
    input: file('python/log.json'),
    encoding: 'utf8',
  })
  const start = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \[${pid}\] INFO `
  expect(stderr).toBe('')
  expect(stdout).toMatch(
    new RegExp(
      String.raw`^${start}Started server process \[7\]\n${start}127\.0\.0\.1:5 - "GET / HTTP/1\.1" 200\n$`,
    ),
  )
})

/** The functions of a module, with their parameters; the module is not run, so what it imports need not be there. */
const FUNCTIONS = `
import ast, sys
for node in ast.parse(sys.stdin.read()).body:
    if isinstance(node, ast.FunctionDef): print(node.name, *[each.arg for each in node.args.args])
`

test('gunicorn.conf.py is Python, and has the hook as gunicorn calls it', (context) => {
  const { stdout, stderr } = spawnSync(program('python3', 'python3', context), ['-c', FUNCTIONS], {
    input: file('python/gunicorn.conf.py'),
    encoding: 'utf8',
  })
  expect({ stdout, stderr }).toEqual({ stdout: 'child_exit server worker\n', stderr: '' })
})
