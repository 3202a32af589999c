import { COMMON } from '../common.ts'
import type { Goal, Pattern } from '../goal/goal.ts'
import type { Scenario } from '../scenario.ts'
import { UNIT } from '../startup/index.ts'
import { inClient, inServer, type Step } from '../step.ts'
import { eachJs, mailJs, mainJs, mainPy } from './files.ts'

const UNITS = '/etc/systemd/system'
const BEFORE = UNIT.replace('ExecStart=', 'ExecStartPre=/usr/bin/python migrate.py\nExecStart=')
const gunicorn = (module: string): string =>
  `gunicorn ${module}:app --workers 4 --worker-class uvicorn.workers.UvicornWorker --bind 127.0.0.1:8080`

const MAIL = 'uvicorn mail:app --port 8080 --workers 4 --no-access-log'
const SENT: Pattern = { event: 'output', says: 'mail sent' }

const OK: Pattern = { event: 'statement', where: { outcome: 'ok' } }
const STATEMENT: Pattern = { event: 'statement' }
const ANSWERED: Goal = { happened: { event: 'request-ended', where: { end: 'answered' } } }
/** The shop's three migrations have run once each, and none has failed. */
const ONCE: readonly Goal[] = [
  { happened: OK, times: 3 },
  { happened: STATEMENT, times: 3 },
]
const unit = (verb: 'start' | 'enable', after = 0): Step => ({ after, do: 'unit', verb, unit: 'awesomeapp' })
const ask = (after: number): Step => ({ after, do: 'request', target: '/' })

/** Previous steps: what runs once per worker, and what once per release. */
export const previousSteps: Scenario = {
  ...COMMON,
  id: 'previous-steps',
  seed: 5,
  files: {
    'main.js': mainJs,
    'main.py': mainPy,
    'each.js': eachJs(''),
    'locked.js': eachJs('{ lock: true }'),
    'mail.js': mailJs,
    [`${UNITS}/awesomeapp.service`]: BEFORE,
  },
  offered: {
    server: [COMMON.start, gunicorn('each'), gunicorn('locked'), MAIL],
    client: ['ls', 'cat each.js', 'cat mail.js', 'ps -ef', 'uvicorn mail:app --port 8081'],
  },
  controls: [
    { id: 'migrate', steps: [{ after: 0, do: 'exec', command: 'python migrate.py' }] },
    { id: 'start', steps: [unit('start')] },
    { id: 'enable', steps: [unit('enable')] },
    { id: 'reboot', steps: [{ after: 0, do: 'reboot' }] },
    { id: 'ask', steps: [ask(0)] },
  ],
  always: true,
  predictions: [
    {
      id: 'how-often',
      steps: [inServer(COMMON.start)],
      settle: 2500,
      choices: [
        { id: 'once', when: { happened: { event: 'output', says: 'startup code runs' }, times: 1 } },
        { id: 'four', when: { happened: { event: 'output', says: 'startup code runs' }, times: 4 } },
        { id: 'five', when: { happened: { event: 'output', says: 'startup code runs' }, times: 5 } },
      ],
    },
    {
      id: 'collision',
      steps: [inServer(gunicorn('each'))],
      settle: 8000,
      choices: [
        { id: 'fine', when: { all: [...ONCE, { now: 'serving', is: 4 }] } },
        {
          id: 'repeated',
          when: {
            all: [
              { happened: OK, times: 12 },
              { now: 'serving', is: 4 },
            ],
          },
        },
        { id: 'error', when: { happened: STATEMENT, times: { atLeast: 4 } } },
      ],
    },
    {
      id: 'lock',
      steps: [inServer(gunicorn('locked'))],
      settle: 12_000,
      choices: [
        { id: 'once', when: { all: [...ONCE, { now: 'serving', is: 4 }] } },
        { id: 'error', when: { happened: STATEMENT, times: { atLeast: 4 } } },
      ],
    },
  ],
  checkpoints: [
    {
      id: 'once',
      goal: {
        all: [
          { id: 'each-once', all: ONCE },
          {
            order: [
              { id: 'migrated', happened: OK, times: 3 },
              { id: 'after', now: 'serving', is: 4 },
            ],
          },
          { id: 'answers', ...ANSWERED },
        ],
      },
      solution: [
        { after: 0, do: 'exec', command: 'python migrate.py' },
        inServer(COMMON.start, 5000),
        ask(3000),
        { after: 500, do: 'wait' },
      ],
    },
    {
      id: 'reboot',
      goal: {
        all: [
          { id: 'each-once', all: ONCE },
          {
            order: [
              { id: 'before', now: 'serving', is: 4 },
              { id: 'booted', happened: { event: 'booted' } },
              { id: 'after', now: 'serving', is: 4 },
              { id: 'answers', ...ANSWERED },
            ],
          },
        ],
      },
      solution: [
        unit('enable'),
        unit('start', 100),
        { after: 8000, do: 'reboot' },
        ask(40_000),
        { after: 1000, do: 'wait' },
      ],
    },
    {
      id: 'one-mail',
      goal: {
        all: [
          {
            order: [
              { id: 'serving', now: 'serving', is: { atLeast: 4 } },
              { id: 'sent', happened: SENT, times: { atLeast: 2 } },
              { id: 'answers', ...ANSWERED },
            ],
          },
          { id: 'one-each', not: { happened: SENT, times: { atLeast: 2 }, within: 5000 } },
          { id: 'still', now: 'serving', is: { atLeast: 4 } },
        ],
      },
      solution: [
        inServer('export MAIL=off'),
        inServer(MAIL, 300),
        inClient('uvicorn mail:app --port 8081', 2000),
        { after: 25_000, do: 'request', target: '/' },
        { after: 500, do: 'wait' },
      ],
    },
  ],
}
