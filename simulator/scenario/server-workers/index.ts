import { newest } from '../../manager/versions.ts'
import type { Scenario } from '../scenario.ts'
import { mainJs, mainPy } from './files.ts'

const MB = 1_000_000

/** The first lab: start four workers, kill one, watch it come back. */
export const serverWorkers: Scenario = {
  id: 'server-workers',
  seed: 27365,
  machine: { cores: 4, memory: 930 * MB },
  speaks: { uvicorn: newest('uvicorn'), gunicorn: newest('gunicorn'), fastapi: newest('fastapi') },
  files: { 'main.js': mainJs, 'main.py': mainPy },
  app: { file: 'main.js', twin: 'main.py' },
  start: 'uvicorn main:app --port 8080 --workers 4 --no-access-log',
  offered: {
    server: [
      'fastapi run --workers 4 main.py',
      'uvicorn main:app --host 0.0.0.0 --port 8080 --workers 4',
      'gunicorn main:app --workers 4 --worker-class uvicorn.workers.UvicornWorker --bind 0.0.0.0:80',
    ],
    client: ['curl http://127.0.0.1:8080/', 'ps -eo pid,ppid,cmd', 'kill -9 ', 'help'],
  },
  completions: {
    uvicorn: [
      'main:app',
      '--host 0.0.0.0',
      '--port 8080',
      '--workers 4',
      '--no-access-log',
      '--log-level debug',
      '--timeout-graceful-shutdown 30',
      '--limit-max-requests 100',
    ],
    gunicorn: [
      'main:app',
      '--workers 4',
      '--worker-class uvicorn.workers.UvicornWorker',
      '--bind 0.0.0.0:80',
      '--access-logfile -',
      '--timeout 30',
      '--graceful-timeout 30',
      '--max-requests 100',
    ],
    fastapi: ['run', '--workers 4', '--port 8000', '--host 0.0.0.0'],
    curl: ['http://127.0.0.1:8080/', 'http://127.0.0.1:8000/', 'http://127.0.0.1/', '-i', '-s', '-v'],
    kill: ['-9'],
    ps: ['-ef', '--forest', 'aux'],
    pgrep: ['-P', '-a', 'uvicorn', 'gunicorn', 'fastapi'],
    pkill: ['-9', 'uvicorn', 'gunicorn', 'fastapi'],
  },
  // Slow enough to be seen, quick enough that a killed worker has a request in hand.
  clients: { clients: 5, method: 'GET', target: '/work', pause: [150, 900], patience: 10_000 },
}
