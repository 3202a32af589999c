import { COMMON } from '../common.ts'
import type { Scenario } from '../scenario.ts'
import { inClient, inServer, requests } from '../step.ts'
import { mainJs, mainPy } from './files.ts'

const INTERRUPTED_WORKER = {
  event: 'signalled',
  of: 'worker',
  by: 'others',
  where: { signal: 'INT' },
} as const

/** No worker dropped a request in progress. (Requests in the backlog when the socket closes do not count.) */
const NOTHING_CUT = ['closed', 'cut-off'].map((end) => ({
  happened: { event: 'request-ended', of: 'worker', where: { end } } as const,
  times: 0,
}))

/** The server has ended by itself, with exit code 0. */
const ENDED_WELL = { happened: { event: 'ended', of: 'parent', where: { 'status.code': 0 } } } as const

/** The first lab: start four workers, kill one, watch it come back. */
export const serverWorkers: Scenario = {
  ...COMMON,
  machine: { ...COMMON.machine, lowestPort: 0 },
  id: 'server-workers',
  seed: 27365,
  files: { 'main.js': mainJs, 'main.py': mainPy },
  offered: {
    server: [
      'fastapi run --workers 4 main.py',
      'uvicorn main:app --host 0.0.0.0 --port 8080 --workers 4',
      'gunicorn main:app --workers 4 --worker-class uvicorn.workers.UvicornWorker --bind 0.0.0.0:80',
    ],
    client: ['curl http://127.0.0.1:8080/', 'ps -eo pid,ppid,cmd', 'kill -9 ', 'help'],
  },
  predictions: [
    {
      id: 'next-ten',
      steps: [
        inServer(COMMON.start),
        { after: 2500, do: 'signal', to: '{worker:2}', signal: 'KILL' },
        ...requests('/', 10, 150, 50),
      ],
      settle: 1500,
      choices: [
        { id: 'none', when: { all: [{ now: 'answered', is: 10 }] } },
        { id: 'some', when: { now: 'answered', is: { atLeast: 1, atMost: 9 } } },
        { id: 'all', when: { now: 'answered', is: 0 } },
      ],
    },
    {
      id: 'who-gets-ctrl-c',
      steps: [inServer(COMMON.start), { after: 2500, do: 'interrupt', in: 'server' }],
      settle: 2000,
      choices: [
        { id: 'parent', when: { happened: INTERRUPTED_WORKER, times: 0 } },
        { id: 'all', when: { happened: INTERRUPTED_WORKER, times: 4 } },
      ],
    },
  ],
  checkpoints: [
    {
      id: 'replaced',
      goal: {
        all: [
          {
            order: [
              { id: 'serving', now: 'serving', is: 4 },
              {
                id: 'killed',
                happened: { event: 'signalled', of: 'worker', by: 'others', where: { signal: 'KILL' } },
              },
              {
                id: 'successor',
                order: [{ happened: { event: 'ended', of: 'worker' } }, { now: 'serving', is: 4 }],
              },
            ],
          },
          { id: 'answered', now: 'answered', is: { atLeast: 5 } },
          { id: 'none-lost', now: 'lost', is: 0 },
          { id: 'one-server', happened: { event: 'forked', of: 'parent' }, times: 1 },
        ],
      },
      solution: [
        inServer(COMMON.start),
        inClient('kill -9 {worker:3}', 2500),
        ...requests('/', 6, 300, 1500),
      ],
    },
    {
      id: 'gentle-stop',
      goal: {
        all: [
          {
            order: [
              { id: 'serving', now: 'serving', is: 4 },
              { id: 'asking', now: 'open', is: { atLeast: 2 } },
              { id: 'stopped', all: [ENDED_WELL, { now: 'workers', is: 0 }] },
            ],
          },
          { id: 'answered', now: 'answered', is: { atLeast: 10 } },
          { id: 'nothing-cut', all: NOTHING_CUT },
        ],
      },
      solution: [
        inServer(COMMON.start),
        { after: 2000, do: 'clients', on: true },
        { after: 4000, do: 'interrupt', in: 'server' },
        { after: 3000, do: 'wait' },
      ],
    },
  ],
}
