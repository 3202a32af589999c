import { COMMON } from '../common.ts'
import type { Goal, Pattern } from '../goal/goal.ts'
import type { Scenario } from '../scenario.ts'
import { inClient, inServer, requests, type Step } from '../step.ts'
import { downJs, loopJs, mainJs, mainPy } from './files.ts'

const UP = 2500
const START = inServer(COMMON.start)
const GUNICORN =
  'gunicorn main:app --workers 4 --worker-class uvicorn.workers.UvicornWorker --bind 127.0.0.1:8080 --timeout 4'

const KILLED: Pattern = { event: 'signalled', of: 'worker', by: 'others', where: { signal: 'KILL' } }
const PARENT_KILLED: Pattern = { ...KILLED, of: 'parent' }
const BORN: Pattern = { event: 'forked', of: 'worker' }
const ANSWERED: Pattern = { event: 'request-ended', where: { end: 'answered' } }
const CUT: Pattern = { event: 'request-ended', where: { end: 'closed' } }
const killed = (times: number): Goal => ({
  happened: { event: 'ended', of: 'worker', where: { 'status.signal': 'KILL' } },
  times,
})

/** One worker is stopped; another gets the request that keeps it busy, since a stopped one accepts nothing. */
const busyAndFrozen = (start: string): readonly Step[] => [
  inServer(start),
  { after: UP, do: 'signal', to: '{worker:2}', signal: 'STOP' },
  { after: 300, do: 'request', target: '/busy/14' },
]
const BUSY_OR_FROZEN = [
  {
    id: 'both',
    when: {
      all: [
        { happened: CUT, times: { atLeast: 1 } },
        { happened: BORN, times: 6 },
      ],
    },
  },
  {
    id: 'frozen',
    when: { all: [{ happened: ANSWERED, times: 1 }, killed(1), { happened: BORN, times: 5 }] },
  },
  { id: 'busy', when: { all: [{ happened: CUT }, { now: 'frozen', is: 1 }] } },
  { id: 'neither', when: { all: [{ happened: ANSWERED }, { now: 'frozen', is: 1 }] } },
] as const

const ENDED: Pattern = { event: 'ended', of: 'parent' }
const ENDED_WELL: Pattern = { ...ENDED, where: { 'status.code': 0 } }
const FAILED_STARTUP = [
  { id: 'zero', when: { happened: ENDED_WELL } },
  { id: 'error', when: { all: [{ happened: ENDED }, { not: { happened: ENDED_WELL } }] } },
  { id: 'loop', when: { now: 'parents', is: 1 } },
] as const

/** A unit without a start limit of its own: the init system's default applies. */
const IMPATIENT = `[Unit]
Description=Awesome app, with the usual limit

[Service]
WorkingDirectory=/home/user/code/awesomeapp
ExecStart=/usr/local/bin/uvicorn loop:app --port 8080
Restart=always

[Install]
WantedBy=multi-user.target
`

/** Restarts: who notices a death, who replaces the process, and what nobody restarts. */
export const restarts: Scenario = {
  ...COMMON,
  id: 'restarts',
  seed: 4,
  files: {
    'main.js': mainJs,
    'main.py': mainPy,
    'down.js': downJs,
    'loop.js': loopJs,
    '/etc/systemd/system/impatient.service': IMPATIENT,
  },
  offered: {
    server: [
      COMMON.start,
      GUNICORN,
      'uvicorn down:app --port 8080 --workers 4',
      'uvicorn loop:app --port 8080 --workers 4',
    ],
    client: [
      'curl http://127.0.0.1:8080/',
      'curl -i http://127.0.0.1:8080/raise',
      'curl http://127.0.0.1:8080/crash',
      'ps -ef',
      'kill -9 ',
    ],
  },
  controls: [
    { id: 'kill-parent', steps: [{ after: 0, do: 'signal', to: '{parent}', signal: 'KILL' }] },
    { id: 'ask', steps: [inClient('curl http://127.0.0.1:8080/')] },
    { id: 'busy', steps: [{ after: 0, do: 'request', target: '/busy/14' }] },
    { id: 'freeze', steps: [{ after: 0, do: 'signal', to: '{worker:1}', signal: 'STOP' }] },
  ],
  predictions: [
    {
      id: 'error-or-crash',
      steps: [
        START,
        inClient('curl -i http://127.0.0.1:8080/raise', UP),
        inClient('curl http://127.0.0.1:8080/', 800),
      ],
      settle: 1500,
      choices: [
        {
          id: 'request',
          when: {
            all: [{ happened: { event: 'head', where: { status: 500 } } }, { happened: BORN, times: 4 }],
          },
        },
        { id: 'worker', when: { happened: BORN, times: { atLeast: 5 } } },
      ],
    },
    {
      id: 'boss',
      steps: [
        START,
        { after: UP, do: 'signal', to: '{parent}', signal: 'KILL' },
        inClient('curl http://127.0.0.1:8080/', 1200),
      ],
      settle: 1500,
      choices: [
        { id: 'answered', when: { happened: ANSWERED } },
        { id: 'refused', when: { now: 'refused', is: { atLeast: 1 } } },
        { id: 'hangs', when: { now: 'open', is: { atLeast: 1 } } },
      ],
    },
    {
      id: 'boss-worker',
      steps: [
        START,
        { after: UP, do: 'signal', to: '{parent}', signal: 'KILL' },
        { after: 1500, do: 'signal', to: '{worker:2}', signal: 'KILL' },
        inClient('curl http://127.0.0.1:8080/', 2500),
      ],
      settle: 2500,
      choices: [
        { id: 'replaced', when: { now: 'workers', is: 4 } },
        { id: 'empty', when: { all: [{ now: 'workers', is: 3 }, { happened: ANSWERED }] } },
        { id: 'all-end', when: { now: 'workers', is: 0 } },
      ],
    },
    {
      id: 'who-kills-uvicorn',
      speed: 2,
      steps: busyAndFrozen(COMMON.start),
      settle: 16_000,
      choices: BUSY_OR_FROZEN,
    },
    {
      id: 'who-kills-gunicorn',
      speed: 2,
      steps: busyAndFrozen(GUNICORN),
      settle: 16_000,
      choices: BUSY_OR_FROZEN,
    },
    {
      id: 'crash-loop',
      steps: [inServer('uvicorn loop:app --port 8080 --workers 4 --no-access-log')],
      settle: 10_000,
      speed: 2,
      choices: [
        { id: 'gives-up', when: { now: 'parents', is: 0 } },
        {
          id: 'slows',
          when: {
            all: [
              { now: 'parents', is: 1 },
              { happened: BORN, times: { atMost: 16 } },
            ],
          },
        },
        {
          id: 'goes-on',
          when: {
            all: [
              { now: 'parents', is: 1 },
              { happened: BORN, times: { atLeast: 17 } },
            ],
          },
        },
      ],
    },
    {
      id: 'failed-startup',
      steps: [inServer('uvicorn down:app --port 8080 --workers 4 --no-access-log')],
      settle: 4000,
      choices: FAILED_STARTUP,
    },
    {
      id: 'old-startup',
      steps: [
        inServer('pip install uvicorn==0.30.6'),
        inServer('uvicorn down:app --port 8080 --workers 4 --no-access-log', 4000),
      ],
      settle: 6000,
      choices: FAILED_STARTUP,
    },
    {
      id: 'gunicorn-startup',
      steps: [inServer(GUNICORN.replace('main:app', 'down:app'))],
      settle: 6000,
      choices: FAILED_STARTUP,
    },
    {
      id: 'systemd-limit',
      speed: 4,
      steps: [
        { after: 0, do: 'unit', verb: 'start', unit: 'impatient' },
        // The starts are shown; the rest of the ten minutes is skipped.
        { after: 12_000, do: 'wait' },
        { after: 588_000, do: 'write', file: 'loop.js', text: mainJs },
        { after: 30_000, do: 'request', target: '/' },
      ],
      settle: 1000,
      choices: [
        { id: 'back', when: { happened: ANSWERED } },
        { id: 'gave-up', when: { now: 'refused', is: 1 } },
      ],
    },
  ],
  checkpoints: [
    {
      id: 'take-over',
      goal: {
        all: [
          {
            order: [
              { id: 'serving', now: 'serving', is: 4 },
              { id: 'killed', happened: PARENT_KILLED },
              { id: 'orphan-answers', happened: ANSWERED },
              {
                id: 'whole',
                all: [
                  { now: 'orphans', is: 0 },
                  { now: 'parents', is: 1 },
                  { now: 'serving', is: 4 },
                ],
              },
              { id: 'answers', happened: ANSWERED },
            ],
          },
        ],
      },
      solution: [
        START,
        inClient('kill -9 {parent}', UP),
        inClient('curl http://127.0.0.1:8080/', 500),
        inClient('pkill -f spawn_main', 800),
        inServer(COMMON.start, 3500),
        inClient('curl http://127.0.0.1:8080/', 2500),
        { after: 500, do: 'wait' },
      ],
    },
    {
      id: 'without-parent',
      goal: {
        all: [
          {
            order: [
              { id: 'serving', now: 'serving', is: 4 },
              { id: 'stopped', order: [{ happened: { event: 'stopped', of: 'parent' } }, { passed: 1 }] },
              { id: 'answered', happened: ANSWERED, times: { atLeast: 10 } },
            ],
          },
          { id: 'alive', now: 'parents', is: 1 },
          { id: 'none-lost', now: 'lost', is: 0 },
        ],
      },
      solution: [
        START,
        { after: UP, do: 'signal', to: '{parent}', signal: 'STOP' },
        ...requests('/work', 12, 200, 300),
        { after: 1500, do: 'wait' },
      ],
    },
    {
      id: 'keep-slow',
      goal: {
        all: [
          {
            order: [
              { id: 'serving', now: 'serving', is: { atLeast: 2 } },
              { id: 'busy', happened: { event: 'connected', where: { target: '/busy/14' } } },
              { id: 'passed', passed: 13_000 },
            ],
          },
          { id: 'gunicorn', happened: { event: 'output', says: 'Starting gunicorn' } },
          { id: 'none-killed', happened: { event: 'signalled', of: 'worker', by: 'parent' }, times: 0 },
          { id: 'none-lost', now: 'lost', is: 0 },
          { id: 'over', now: 'open', is: 0 },
          { id: 'still', now: 'serving', is: { atLeast: 2 } },
        ],
      },
      solution: [
        inServer(GUNICORN.replace('--timeout 4', '--timeout 20')),
        { after: UP, do: 'request', target: '/busy/14' },
        { after: 16_000, do: 'wait' },
      ],
    },
  ],
}
