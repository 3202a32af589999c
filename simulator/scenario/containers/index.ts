import type { Keeper } from '../../machine/keeper/api.ts'
import { COMMON } from '../common.ts'
import type { Goal } from '../goal/goal.ts'
import { downJs, loopJs, mainJs, mainPy } from '../restarts/files.ts'
import type { Scenario } from '../scenario.ts'
import type { Step } from '../step.ts'

const UP = 3000
const ONE = 'uvicorn main:app --port 8080'
const FOUR = `${ONE} --workers 4`

const keep = (command: string, keeper: Keeper, after = 0, name = 'web'): Step => ({
  after,
  do: 'keep',
  keeping: { name, command, keeper },
})
const container = (form: 'exec' | 'shell'): Keeper => ({ by: 'container', policy: 'always', form })
const stop = (after: number): Step => ({ after, do: 'keeper', verb: 'stop', name: 'web' })
const SLOW: Step = { after: UP, do: 'request', target: '/slow/4' }
const kill = (to: string, after: number): Step => ({ after, do: 'signal', to, signal: 'KILL' })

const KILLED: Goal = { happened: { event: 'ended', where: { 'status.signal': 'KILL' } } }
const ANSWERED: Goal = { happened: { event: 'request-ended', where: { end: 'answered' } } }
const restarted: Goal = { happened: { event: 'kept', where: { restarts: 1 } } }
const stopped = [
  { id: 'clean', when: { all: [{ not: KILLED }, { now: 'parents', is: 0 }] } },
  { id: 'killed', when: { all: [KILLED, { now: 'parents', is: 0 }] } },
  { id: 'runs', when: { now: 'parents', is: { atLeast: 1 } } },
] as const

const requestEnds = [
  { id: 'answered', when: ANSWERED },
  { id: 'lost', when: { now: 'lost', is: 1 } },
  { id: 'refused', when: { now: 'refused', is: 1 } },
] as const

/** Containers: who gets the signal, who notices a death, and how long the pauses grow. */
export const containers: Scenario = {
  ...COMMON,
  id: 'containers',
  seed: 6,
  files: { 'main.js': mainJs, 'main.py': mainPy, 'down.js': downJs, 'loop.js': loopJs },
  start: FOUR,
  offered: { server: [FOUR, ONE], client: ['ps -ef', 'curl http://127.0.0.1:8080/slow/4', 'kill -9 '] },
  controls: [
    { id: 'exec', steps: [keep(ONE, container('exec'))] },
    { id: 'shell', steps: [keep(ONE, container('shell'))] },
    { id: 'four', steps: [keep(FOUR, container('exec'))] },
    { id: 'slow', steps: [{ after: 0, do: 'request', target: '/slow/4' }] },
    { id: 'stop', steps: [stop(0)] },
    { id: 'kill', steps: [kill('{parent}', 0)] },
  ],
  always: true,
  predictions: [
    {
      id: 'exec-form',
      steps: [keep(ONE, container('exec')), stop(UP)],
      settle: 14_000,
      speed: 2,
      choices: stopped,
    },
    {
      id: 'shell-form',
      steps: [keep(ONE, container('shell')), stop(UP)],
      settle: 14_000,
      speed: 2,
      choices: stopped,
    },
    {
      id: 'exec-request',
      steps: [keep(ONE, container('exec')), SLOW, stop(1000)],
      settle: 14_000,
      speed: 2,
      choices: requestEnds,
    },
    {
      id: 'shell-request',
      steps: [keep(ONE, container('shell')), stop(UP), { after: 8000, do: 'request', target: '/slow/4' }],
      settle: 6000,
      speed: 2,
      choices: requestEnds,
    },
    {
      id: 'four-in-one',
      steps: [keep(FOUR, container('exec')), kill('{worker:2}', UP)],
      settle: 4000,
      choices: [
        { id: 'noticed', when: restarted },
        { id: 'unseen', when: { all: [{ not: restarted }, { now: 'serving', is: 4 }] } },
      ],
    },
    {
      id: 'one-each',
      steps: [keep(ONE, container('exec')), kill('{parent}', UP)],
      settle: 4000,
      choices: [
        { id: 'noticed', when: restarted },
        { id: 'unseen', when: { not: restarted } },
      ],
    },
    {
      id: 'back-off',
      speed: 20,
      steps: [keep('uvicorn loop:app --port 8080', { by: 'pod' })],
      settle: 300_000,
      choices: [
        {
          id: 'few',
          when: { happened: { event: 'forked', of: 'parent' }, times: { atLeast: 4, atMost: 9 } },
        },
        { id: 'dozens', when: { happened: { event: 'forked', of: 'parent' }, times: { atLeast: 10 } } },
        { id: 'once', when: { happened: { event: 'forked', of: 'parent' }, times: { atMost: 3 } } },
      ],
    },
  ],
  checkpoints: [
    {
      id: 'clean-stop',
      goal: {
        all: [
          {
            order: [
              { id: 'kept', happened: { event: 'kept' } },
              { id: 'accepted', happened: { event: 'accepted' } },
              {
                all: [
                  { id: 'answered', ...ANSWERED },
                  {
                    id: 'stopped',
                    all: [
                      { now: 'parents', is: 0 },
                      { now: 'workers', is: 0 },
                    ],
                  },
                ],
              },
            ],
          },
          { id: 'slow', happened: { event: 'connected', where: { target: '/slow/4' } } },
          { id: 'none-lost', now: 'lost', is: 0 },
          { id: 'none-killed', not: KILLED },
        ],
      },
      solution: [keep(ONE, container('exec')), SLOW, stop(1000), { after: 8000, do: 'wait' }],
    },
    {
      id: 'counted',
      goal: {
        all: [
          {
            order: [
              { id: 'serving', now: 'serving', is: { atLeast: 1 } },
              { id: 'killed', ...KILLED },
              { id: 'counted', ...restarted },
              { id: 'back', now: 'serving', is: { atLeast: 1 } },
              { id: 'answers', ...ANSWERED },
            ],
          },
        ],
      },
      solution: [
        keep(ONE, container('exec')),
        kill('{parent}', UP),
        { after: 4000, do: 'request', target: '/' },
        { after: 500, do: 'wait' },
      ],
    },
  ],
}
