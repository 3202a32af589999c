import { COMMON } from '../common.ts'
import type { Goal } from '../goal/goal.ts'
import { keyJs } from '../replication/files.ts'
import { mainJs, mainPy } from '../server-workers/files.ts'
import type { Scenario } from '../scenario.ts'
import { inClient, inServer, requests, type Step } from '../step.ts'

const PATH = '/etc/systemd/system/awesomeapp.service'

/** The unit of the chapter. */
export const UNIT = `[Unit]
Description=Awesome app
After=network.target
StartLimitIntervalSec=0

[Service]
WorkingDirectory=/home/user/code/awesomeapp
ExecStart=/usr/local/bin/uvicorn main:app --port 8080 --workers 4
Restart=always
RestartSec=2

[Install]
WantedBy=multi-user.target
`

/** The same for an application with a login, with an optional environment file. */
const MEMBERS = UNIT.replace('Awesome app', 'An app with a login')
  .replace('ExecStart=', 'EnvironmentFile=-/etc/members.env\nExecStart=')
  .replace('main:app', 'key:app')

const UP = 3000
const unit = (verb: 'start' | 'enable', after = 0): Step => ({ after, do: 'unit', verb, unit: 'awesomeapp' })
const LOGIN = '/login'
/** Eight requests that ask which user the login's session belongs to. */
const me = (first: number): readonly Step[] => requests('/me?session={answer:session}', 8, 300, first)
const ask = (after: number): Step => ({ after, do: 'request', target: '/' })
const REBOOT: Step = { after: UP, do: 'reboot' }
const NOHUP = 'nohup uvicorn main:app --port 8080 --workers 1 &'
const ONE = inServer('uvicorn main:app --port 8080 --workers 1')
/** The longest that a reboot and the start after it take, in ms. */
const BOOT = 40_000

const ANSWERED: Goal = { happened: { event: 'request-ended', where: { end: 'answered' } } }
const answers = [
  { id: 'yes', when: ANSWERED },
  { id: 'no', when: { now: 'refused', is: { atLeast: 1 } } },
] as const

/** Running on startup: what starts the server after a reboot, with nobody logged in. */
export const startup: Scenario = {
  ...COMMON,
  id: 'startup',
  seed: 8,
  files: {
    'main.js': mainJs,
    'main.py': mainPy,
    'key.js': keyJs,
    [PATH]: UNIT,
    '/etc/systemd/system/members.service': MEMBERS,
  },
  offered: {
    server: [COMMON.start, 'uvicorn main:app --port 8080 --workers 1', NOHUP, `cat ${PATH}`],
    client: [
      'curl http://127.0.0.1:8080/',
      'ps -ef',
      'cat key.js',
      'cat /etc/systemd/system/members.service',
      'systemctl enable --now members',
    ],
  },
  controls: [
    { id: 'start', steps: [unit('start')] },
    { id: 'enable', steps: [unit('enable')] },
    { id: 'hang-up', steps: [{ after: 0, do: 'hang-up', in: 'server' }] },
    { id: 'reboot', steps: [{ after: 0, do: 'reboot' }] },
    { id: 'ask', steps: [ask(0)] },
    { id: 'log-in', steps: [{ after: 0, do: 'request', target: LOGIN }] },
    { id: 'me', steps: me(0) },
  ],
  always: true,
  predictions: [
    {
      id: 'connection',
      steps: [ONE, { after: UP, do: 'hang-up', in: 'server' }, ask(2000)],
      settle: 1000,
      choices: answers,
    },
    {
      id: 'nohup',
      steps: [inServer(NOHUP), { after: UP, do: 'hang-up', in: 'server' }, ask(2000)],
      settle: 1000,
      choices: answers,
    },
    {
      id: 'nohup-reboot',
      speed: 4,
      steps: [inServer(NOHUP), REBOOT, ask(BOOT)],
      settle: 1000,
      choices: answers,
    },
    {
      id: 'started-only',
      speed: 4,
      steps: [unit('start'), REBOOT, ask(BOOT)],
      settle: 1000,
      choices: answers,
    },
    {
      id: 'killed-parent',
      steps: [unit('start'), { after: UP, do: 'signal', to: '{parent}', signal: 'KILL' }, ask(6000)],
      settle: 1000,
      choices: [
        {
          id: 'new',
          when: {
            all: [
              { now: 'parents', is: 1 },
              { now: 'serving', is: 4 },
              { now: 'orphans', is: 0 },
            ],
          },
        },
        { id: 'orphans', when: { now: 'orphans', is: { atLeast: 1 } } },
        { id: 'nothing', when: { now: 'workers', is: 0 } },
      ],
    },
  ],
  checkpoints: [
    {
      id: 'reboot',
      goal: {
        order: [
          { id: 'before', now: 'serving', is: 4 },
          { id: 'booted', happened: { event: 'booted' } },
          { id: 'after', now: 'serving', is: 4 },
          { id: 'answers', ...ANSWERED },
        ],
      },
      solution: [unit('enable'), unit('start', 100), REBOOT, ask(BOOT), { after: 1000, do: 'wait' }],
    },
    {
      id: 'boss',
      goal: {
        order: [
          { id: 'serving', now: 'serving', is: 4 },
          {
            id: 'killed',
            order: [
              { happened: { event: 'signalled', of: 'parent', by: 'others', where: { signal: 'KILL' } } },
              { happened: { event: 'ended', of: 'parent' } },
            ],
          },
          {
            id: 'whole',
            all: [
              { now: 'parents', is: 1 },
              { now: 'serving', is: 4 },
              { now: 'orphans', is: 0 },
            ],
          },
          { id: 'answers', ...ANSWERED },
        ],
      },
      solution: [
        unit('start'),
        { after: UP, do: 'signal', to: '{parent}', signal: 'KILL' },
        ask(7000),
        { after: 500, do: 'wait' },
      ],
    },
    {
      id: 'logged-in',
      goal: {
        all: [
          {
            order: [
              { id: 'login', happened: { event: 'request-ended', answers: { login: true } } },
              { id: 'booted', happened: { event: 'booted' } },
              { id: 'after', now: 'serving', is: 4 },
              {
                id: 'known',
                happened: { event: 'request-ended', answers: { user: 'ann' } },
                times: { atLeast: 8 },
              },
            ],
          },
          { id: 'once', happened: { event: 'request-ended', answers: { login: true } }, times: 1 },
          { id: 'never-nobody', happened: { event: 'request-ended', answers: { user: 'nobody' } }, times: 0 },
          { id: 'serving', now: 'serving', is: 4 },
        ],
      },
      solution: [
        inClient('echo SECRET_KEY=horse-battery-staple > /etc/members.env'),
        inClient('systemctl enable --now members', 500),
        { after: UP, do: 'request', target: LOGIN },
        { after: 1000, do: 'reboot' },
        ...me(BOOT),
        { after: 500, do: 'wait' },
      ],
    },
  ],
}
