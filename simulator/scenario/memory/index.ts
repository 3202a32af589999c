import { COMMON } from '../common.ts'
import type { Scenario } from '../scenario.ts'
import { inClient, inServer, requests } from '../step.ts'
import { mainJs, mainPy } from './files.ts'

const UP = 2500
const RETIRE = 'uvicorn main:app --port 8080 --workers 2 --no-access-log --limit-max-requests 8'
const TWO = 'uvicorn main:app --port 8080 --workers 2 --no-access-log'

const PRELOAD =
  'gunicorn main:app --workers 4 --worker-class uvicorn.workers.UvicornWorker --bind 127.0.0.1:8080 --preload'
const IMPATIENT = PRELOAD.replace('--preload', '--timeout 4')

const BORN = { event: 'forked', of: 'worker' } as const
const KILLED_BY_KERNEL = { happened: { event: 'out-of-memory' } } as const

/** gunicorn has logged its guess about memory, and had sent the signal itself. */
const SAID = { happened: { event: 'output', says: 'Perhaps out of memory?' } } as const
const KILLED_BY_PARENT = {
  happened: { event: 'signalled', of: 'worker', by: 'parent', where: { signal: 'KILL' } },
} as const

/** Memory: a copy for each process, and what a leak does. */
export const memory: Scenario = {
  ...COMMON,
  machine: { ...COMMON.machine, lowestPort: 0 },
  id: 'memory',
  seed: 12,
  files: { 'main.js': mainJs, 'main.py': mainPy },
  offered: {
    server: [COMMON.start, TWO, RETIRE, PRELOAD],
    client: ['ps aux', 'free -m', 'dmesg', 'curl http://127.0.0.1:8080/leak'],
  },
  clients: { ...COMMON.clients, target: '/' },
  controls: [{ id: 'leak', steps: requests('/leak', 10, 120) }],
  predictions: [
    {
      id: 'copies',
      steps: [inServer(COMMON.start)],
      settle: UP,
      choices: [
        { id: 'shared', when: { now: 'memory', is: { atMost: 340 } } },
        { id: 'four', when: { now: 'memory', is: { atLeast: 600 } } },
      ],
    },
    {
      id: 'preload',
      steps: [inServer(PRELOAD)],
      settle: 2 * UP,
      choices: [
        {
          id: 'four',
          when: {
            all: [
              { now: 'serving', is: 4 },
              { now: 'used', is: { atLeast: 700 } },
            ],
          },
        },
        {
          id: 'once',
          when: {
            all: [
              { now: 'serving', is: 4 },
              { now: 'used', is: { atMost: 500 } },
            ],
          },
        },
        { id: 'fails', when: { now: 'serving', is: 0 } },
      ],
    },
    {
      id: 'out-of-memory',
      steps: [inServer(COMMON.start), ...requests('/leak', 60, 80, UP)],
      settle: 3000,
      choices: [
        {
          id: 'replaced',
          when: {
            all: [KILLED_BY_KERNEL, { now: 'parents', is: 1 }, { happened: BORN, times: { atLeast: 5 } }],
          },
        },
        { id: 'all', when: { now: 'parents', is: 0 } },
        { id: 'slow', when: { all: [{ not: KILLED_BY_KERNEL }, { now: 'parents', is: 1 }] } },
      ],
    },
    {
      id: 'perhaps',
      speed: 2,
      steps: [inServer(IMPATIENT), { after: 2 * UP, do: 'signal', to: '{worker:2}', signal: 'STOP' }],
      settle: 8000,
      choices: [
        { id: 'memory', when: { all: [SAID, KILLED_BY_KERNEL] } },
        { id: 'manager', when: { all: [SAID, { not: KILLED_BY_KERNEL }, KILLED_BY_PARENT] } },
      ],
    },
  ],
  checkpoints: [
    {
      id: 'evidence',
      goal: {
        all: [
          {
            order: [
              { id: 'killed', ...KILLED_BY_KERNEL },
              { id: 'replaced', happened: BORN },
              {
                id: 'line',
                happened: {
                  event: 'output',
                  says: 'Out of memory: Killed process',
                  where: { terminal: 'client' },
                },
              },
            ],
          },
          { id: 'one-server', now: 'parents', is: 1 },
          { id: 'serving', now: 'serving', is: { atLeast: 2 } },
        ],
      },
      solution: [
        inServer(COMMON.start),
        ...requests('/leak', 60, 80, UP),
        inClient('dmesg', 3000),
        { after: 500, do: 'wait' },
      ],
    },
    {
      id: 'fits',
      goal: {
        all: [
          { id: 'serving', now: 'serving', is: { atLeast: 2 } },
          { id: 'peak', now: 'peak', is: { atMost: 450 } },
          { id: 'answered', now: 'answered', is: { atLeast: 20 } },
          { id: 'none-lost', now: 'lost', is: 0 },
        ],
      },
      solution: [inServer(TWO), ...requests('/', 24, 100, UP), { after: 500, do: 'wait' }],
    },
    {
      id: 'leak',
      goal: {
        all: [
          {
            id: 'leaking',
            happened: { event: 'connected', where: { target: '/leak' } },
            times: { atLeast: 40 },
          },
          { id: 'answered', now: 'answered', is: { atLeast: 40 } },
          { id: 'none-lost', now: 'lost', is: 0 },
          { id: 'peak', now: 'peak', is: { atMost: 600 } },
          { id: 'over', now: 'open', is: 0 },
        ],
      },
      solution: [inServer(RETIRE), ...requests('/leak', 44, 400, UP), { after: 3000, do: 'wait' }],
    },
  ],
}
