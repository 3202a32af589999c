/** Processes have the names that they have in life: seen of uvicorn 0.54 and gunicorn 26.2 on Debian 12. */
import { expect, test } from 'vitest'
import { serving } from './terminal.ts'

const UVICORN = 'uvicorn main:app --port 8080 --workers 2 --no-access-log'

test('workers of uvicorn are new interpreters, whose command lines do not name it', async () => {
  const { ask } = await serving(UVICORN, 160)
  expect(await ask('ps -o pid=,comm=,args= -p 27365 --ppid 27365')).toBe(
    [
      `  27365 uvicorn         ${UVICORN}`,
      '  27366 python3         python3 -c from multiprocessing.resource_tracker import main;main(6)',
      '  27367 python3         python3 -c from multiprocessing.spawn import spawn_main; spawn_main(tracker_fd=7, pipe_handle=9) --multiprocessing-fork',
      '  27368 python3         python3 -c from multiprocessing.spawn import spawn_main; spawn_main(tracker_fd=7, pipe_handle=14) --multiprocessing-fork',
      '',
    ].join('\n'),
  )
  expect(await ask('pgrep uvicorn; pgrep -f 8080; pgrep -c python3')).toBe('27365\n27365\n3\n')
})

test('workers of gunicorn are copies of the master, with its name', async () => {
  const { ask } = await serving('gunicorn main:app -k uvicorn.workers.UvicornWorker -w 2', 160)
  expect(await ask('pgrep gunicorn')).toBe('27365\n27366\n27367\n')
  expect(await ask('ps -o args= --ppid 27365 | sort -u')).toBe(
    'gunicorn main:app -k uvicorn.workers.UvicornWorker -w 2\n',
  )
})

test('pkill -9 -f uvicorn leaves orphans on the port; a new server cannot listen until they are ended', async () => {
  const { ask } = await serving(UVICORN, 160)
  expect(await ask('pkill -9 -f uvicorn; sleep 1; ss -ltnHp', 1500)).toMatch(
    /"python3",pid=27367,.*"python3",pid=27368/,
  )
  expect(await ask('curl -s localhost:8080/')).toBe('hello\n')
  expect(await ask(`${UVICORN}; echo code $?`, 5000)).toMatch(/address already in use[^]*code 3/i)
  expect(await ask('kill $(lsof -t -i :8080); sleep 2; ss -ltnH', 4000)).toBe('')
})

test('ps aux | grep shows the grep too; pgrep does not show itself', async () => {
  const { ask } = await serving(UVICORN, 160)
  expect(await ask('ps aux | grep -c uvicorn')).toBe('2\n')
  expect(await ask("ps aux | grep '[u]vicorn' | wc -l")).toBe('1\n')
  expect(await ask('pgrep -f 8080 | wc -l')).toBe('1\n')
})
