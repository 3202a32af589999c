import type { ClientLoad } from '../machine/clients/clients.ts'
import { defaultSpeaker } from '../manager/versions.ts'
import type { Scenario } from './scenario.ts'

export const MB = 1_000_000

/** The command of most labs; without the access log. */
export const UVICORN = 'uvicorn main:app --port 8080 --workers 4 --no-access-log'

/** Clients with short requests: few are in progress when a worker dies. */
export const CLIENTS: ClientLoad = {
  clients: 5,
  method: 'GET',
  target: '/work',
  pause: [150, 900],
  patience: 10_000,
}

/** What the labs have in common. */
export const COMMON = {
  machine: { cores: 4, memory: 930 * MB },
  speaks: {
    uvicorn: defaultSpeaker('uvicorn'),
    gunicorn: defaultSpeaker('gunicorn'),
    fastapi: defaultSpeaker('fastapi'),
  },
  app: { file: 'main.js', twin: 'main.py' },
  start: UVICORN,
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
      '--bind 0.0.0.0:8080',
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
  clients: CLIENTS,
  zoom: {},
  controls: [],
} satisfies Partial<Scenario>
