import { COMMON } from '../common.ts'
import type { Pattern } from '../goal/goal.ts'
import { mainJs, mainPy } from '../restarts/files.ts'
import type { Scenario } from '../scenario.ts'
import { inClient, inServer, type Step } from '../step.ts'

const UP = 2000
const GUNICORN =
  'gunicorn main:app --workers 4 --worker-class uvicorn.workers.UvicornWorker --bind 127.0.0.1:8080'
const START = inServer(GUNICORN)
const CLIENTS_ON: Step = { after: UP, do: 'clients', on: true }
const OPEN: readonly Step[] = [START, { after: UP, do: 'request', target: '/slow/4' }]
const ANSWERED: Pattern = { event: 'request-ended', where: { end: 'answered' } }

/** gunicorn as the manager, uvicorn as the worker class: what each signal does. */
export const gunicorn: Scenario = {
  ...COMMON,
  machine: { ...COMMON.machine, lowestPort: 0 },
  id: 'gunicorn',
  seed: 9,
  start: GUNICORN,
  files: { 'main.js': mainJs, 'main.py': mainPy },
  offered: {
    server: [GUNICORN, `${GUNICORN} --timeout 4`, 'uvicorn main:app --port 8080 --workers 4'],
    client: [
      'kill -TTIN ',
      'kill -TTOU ',
      'kill -HUP ',
      'kill -TERM ',
      'ps -ef',
      'curl http://127.0.0.1:8080/slow/4',
    ],
  },
  controls: [
    { id: 'slow', steps: [{ after: 0, do: 'request', target: '/slow/4' }] },
    { id: 'ttin', steps: [{ after: 0, do: 'signal', to: '{parent}', signal: 'TTIN' }] },
    { id: 'ttou', steps: [{ after: 0, do: 'signal', to: '{parent}', signal: 'TTOU' }] },
    { id: 'hup', steps: [{ after: 0, do: 'signal', to: '{parent}', signal: 'HUP' }] },
  ],
  predictions: [
    {
      id: 'ctrl-c',
      steps: [...OPEN, { after: 1000, do: 'interrupt', in: 'server' }],
      settle: 5000,
      choices: [
        { id: 'finished', when: { happened: ANSWERED } },
        { id: 'cut', when: { now: 'lost', is: 1 } },
      ],
    },
    {
      id: 'term',
      steps: [...OPEN, { after: 1000, do: 'signal', to: '{parent}', signal: 'TERM' }],
      settle: 5000,
      choices: [
        { id: 'finished', when: { happened: ANSWERED } },
        { id: 'cut', when: { now: 'lost', is: 1 } },
      ],
    },
    {
      id: 'ttou-at-one',
      steps: [
        inServer(GUNICORN.replace('--workers 4', '--workers 2')),
        ...[UP, 800, 800].map((after): Step => ({ after, do: 'signal', to: '{parent}', signal: 'TTOU' })),
      ],
      settle: 2500,
      choices: [
        { id: 'none', when: { now: 'workers', is: 0 } },
        { id: 'one', when: { now: 'workers', is: 1 } },
      ],
    },
  ],
  checkpoints: [
    {
      id: 'fifth',
      goal: {
        all: [
          {
            order: [
              { id: 'four', now: 'serving', is: 4 },
              { id: 'five', now: 'serving', is: 5 },
            ],
          },
          { id: 'one-server', happened: { event: 'forked', of: 'parent' }, times: 1 },
          { id: 'answered', now: 'answered', is: { atLeast: 5 } },
          { id: 'none-lost', now: 'lost', is: 0 },
        ],
      },
      solution: [START, CLIENTS_ON, inClient('kill -TTIN {parent}', 2000), { after: 2500, do: 'wait' }],
    },
    {
      id: 'reload',
      goal: {
        all: [
          {
            order: [
              { id: 'serving', now: 'serving', is: 4 },
              { id: 'ended', happened: { event: 'ended', of: 'worker' }, times: { atLeast: 4 } },
              {
                all: [
                  { id: 'new', now: 'serving', is: 4 },
                  { id: 'new-answer', happened: ANSWERED, times: { atLeast: 5 } },
                ],
              },
            ],
          },
          { id: 'one-server', happened: { event: 'forked', of: 'parent' }, times: 1 },
          { id: 'none-lost', now: 'lost', is: 0 },
          { id: 'none-refused', now: 'refused', is: 0 },
          { id: 'answered', now: 'answered', is: { atLeast: 15 } },
        ],
      },
      solution: [START, CLIENTS_ON, inClient('kill -HUP {parent}', 3000), { after: 6000, do: 'wait' }],
    },
    {
      id: 'graceful',
      goal: {
        all: [
          {
            order: [
              { id: 'serving', now: 'serving', is: 4 },
              { id: 'accepted', happened: { event: 'accepted' } },
              {
                id: 'stopped',
                all: [
                  { happened: { event: 'ended', of: 'parent', where: { 'status.code': 0 } } },
                  { now: 'workers', is: 0 },
                ],
              },
            ],
          },
          { id: 'slow', happened: { event: 'connected', where: { target: '/slow/4' } } },
          { id: 'none-lost', now: 'lost', is: 0 },
        ],
      },
      solution: [...OPEN, inClient('kill -TERM {parent}', 1000), { after: 6000, do: 'wait' }],
    },
  ],
}
