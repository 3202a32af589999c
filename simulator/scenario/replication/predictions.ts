import { COMMON } from '../common.ts'
import type { Goal } from '../goal/goal.ts'
import type { Prediction } from '../scenario.ts'
import { inServer, requests, times, type Step } from '../step.ts'
import {
  FAILED,
  ONE_WORKER,
  POOL,
  REUSE_PORT,
  SEEDS,
  UP,
  answers,
  clicks,
  crowd,
  eight,
  eighth,
} from './steps.ts'

const START = inServer(COMMON.start)

const together = (target: string): readonly Step[] => requests(target, 4, 1, UP)

/** Forty short requests, one after the other. */
const FORTY = 40

const evenly: Goal = {
  all: [
    { now: 'answered', is: FORTY },
    { now: 'most', is: 10 },
    { now: 'least', is: 10 },
  ],
}

/** Four servers of one worker each, one after the other, in one terminal. */
const fourServers = (command: (index: number) => string): readonly Step[] =>
  [1, 2, 3, 4].map((index) => inServer(`${command(index)} &`, index === 1 ? 0 : 900))

const PORTS = [8001, 8002, 8003, 8004] as const

/** A load balancer on port 80. */
const BALANCER: Step = {
  after: UP,
  do: 'proxy',
  settings: {
    sites: [{ name: '127.0.0.1', upstream: PORTS.map((port) => `127.0.0.1:${port}`) }],
    automatic: false,
    plain: true,
  },
}

const THROUGH_BALANCER: Step = {
  after: 200,
  do: 'ask',
  request: { host: '127.0.0.1', port: 80, target: '/' },
}

/** This many ms after all eight requests were in progress, all are answered, or some are not. */
const doneAfter = (ms: number, done: boolean): Goal => ({
  order: [
    { happened: { event: 'connected' }, times: { atLeast: 8 } },
    { passed: ms },
    done ? { all: [answers, NO_MORE] } : { happened: { event: 'request-ended' } },
  ],
})

const NO_MORE: Goal = { happened: { event: 'request-ended' }, times: 0 }

/** The questions of the lab about replication. */
export const predictions: readonly Prediction[] = [
  {
    id: 'eight-clicks',
    seeds: [SEEDS.eight, SEEDS.three],
    steps: [START, ...clicks],
    settle: 1200,
    choices: [
      { id: 'eight', when: eighth(8) },
      { id: 'two', when: eighth(2) },
      { id: 'unsure', when: 'else' },
    ],
  },
  {
    id: 'evenness',
    steps: [START, ...requests('/', FORTY, 60, UP)],
    settle: 500,
    choices: [
      { id: 'even', when: evenly },
      {
        id: 'nearly',
        when: { all: [{ now: 'most', is: { atMost: 13 } }, { not: { now: 'most', is: 10 } }] },
      },
      { id: 'uneven', when: { now: 'most', is: { atLeast: 14 } } },
    ],
  },
  {
    id: 'reuse-port',
    steps: [...fourServers(() => REUSE_PORT), ...requests('/', FORTY, 60, UP)],
    settle: 500,
    choices: [
      { id: 'taken', when: { now: 'serving', is: { atMost: 1 } } },
      { id: 'even', when: evenly },
      {
        id: 'chance',
        when: {
          all: [
            { now: 'answering', is: 4 },
            { now: 'answered', is: FORTY },
            { not: { now: 'most', is: 10 } },
          ],
        },
      },
      { id: 'first', when: { now: 'most', is: FORTY } },
    ],
  },
  {
    id: 'reuse-port-frozen',
    seeds: [6],
    steps: [
      ...fourServers(() => REUSE_PORT),
      { after: UP, do: 'signal', to: '{worker:2}', signal: 'STOP' },
      ...requests('/', FORTY, 60, 200),
    ],
    settle: 500,
    choices: [
      { id: 'others', when: { now: 'answered', is: FORTY } },
      {
        id: 'share',
        when: {
          all: [
            { now: 'open', is: { atLeast: 4, atMost: 20 } },
            { now: 'answering', is: 3 },
          ],
        },
      },
      { id: 'none', when: { now: 'answered', is: 0 } },
    ],
  },
  {
    id: 'in-turns',
    steps: [
      ...fourServers((index) => `uvicorn main:app --port ${PORTS[index - 1]} --no-access-log`),
      BALANCER,
      ...times(THROUGH_BALANCER, FORTY, 60),
    ],
    settle: 500,
    choices: [
      { id: 'even', when: evenly },
      { id: 'uneven', when: { not: evenly } },
    ],
  },
  {
    id: 'stopped-parent',
    steps: [
      START,
      { after: UP, do: 'signal', to: '{parent}', signal: 'STOP' },
      ...requests('/work', 6, 400, 500),
    ],
    settle: 1500,
    choices: [
      { id: 'yes', when: { now: 'answered', is: 6 } },
      { id: 'no', when: { now: 'answered', is: 0 } },
    ],
  },
  {
    id: 'blocking',
    steps: [ONE_WORKER, ...together('/block')],
    settle: 5000,
    choices: [
      {
        id: 'one',
        when: {
          not: {
            order: [{ now: 'open', is: 4 }, { passed: 1500 }, { happened: { event: 'request-ended' } }],
          },
        },
      },
      {
        id: 'four',
        when: {
          order: [
            { now: 'open', is: 4 },
            { passed: 2900 },
            { now: 'answered', is: 3 },
            { now: 'answered', is: 4 },
          ],
        },
      },
    ],
  },
  {
    id: 'waiting',
    steps: [START, ...eight('/wait')],
    settle: 3000,
    choices: [
      { id: 'quarter', when: doneAfter(400, true) },
      { id: 'same', when: { all: [{ not: doneAfter(400, true) }, doneAfter(1400, true)] } },
      { id: 'two', when: doneAfter(1400, false) },
    ],
  },
  {
    id: 'computing',
    steps: [
      inServer('uvicorn main:app --port 8080 --workers 8 --no-access-log'),
      ...eight('/compute', 2 * UP),
    ],
    settle: 9000,
    choices: [
      { id: 'one', when: doneAfter(1500, true) },
      { id: 'two', when: { all: [{ not: doneAfter(1500, true) }, doneAfter(3500, true)] } },
      { id: 'eight', when: doneAfter(3500, false) },
    ],
  },
  {
    id: 'reload',
    steps: [inServer('uvicorn main:app --port 8080 --reload --workers 4'), ...requests('/', 12, 100, 2 * UP)],
    settle: 1000,
    choices: [
      { id: 'four', when: { now: 'serving', is: 4 } },
      {
        id: 'one',
        when: {
          all: [
            { now: 'serving', is: 1 },
            { now: 'answering', is: 1 },
          ],
        },
      },
      { id: 'neither', when: { now: 'serving', is: 0 } },
    ],
  },
  {
    id: 'pool',
    steps: [inServer(POOL), ...crowd(UP)],
    settle: 4000,
    choices: [
      { id: 'enough', when: { all: [{ now: 'answered', is: 60 }, { not: FAILED }] } },
      { id: 'refused', when: { all: [{ now: 'serving', is: 2 }, FAILED] } },
      { id: 'queue', when: 'else' },
    ],
  },
  {
    id: 'broadcast',
    steps: [
      inServer('uvicorn room:app --port 8080 --workers 4 --no-access-log'),
      ...requests('/listen', 6, 200, UP),
      { after: 500, do: 'request', target: '/say' },
    ],
    settle: 2500,
    choices: [
      { id: 'all', when: { now: 'open', is: 0 } },
      { id: 'some', when: { now: 'open', is: { atLeast: 1 } } },
    ],
  },
  {
    id: 'mail',
    speed: 4,
    steps: [inServer('uvicorn mail:app --port 8080 --workers 4 --no-access-log'), { after: UP, do: 'wait' }],
    settle: 9500,
    choices: [
      { id: 'one', when: { happened: { event: 'output', says: 'mail sent' }, times: 1 } },
      { id: 'four', when: { happened: { event: 'output', says: 'mail sent' }, times: 4 } },
    ],
  },
  {
    id: 'metrics',
    steps: [START, ...requests('/count', 12, 150, UP), { after: 1000, do: 'request', target: '/metrics' }],
    settle: 600,
    choices: [
      { id: 'total', when: { happened: { event: 'request-ended', answers: { requests: 12 } } } },
      { id: 'part', when: 'else' },
    ],
  },
  {
    id: 'key',
    steps: [
      inServer('uvicorn key:app --port 8080 --workers 4 --no-access-log'),
      { after: UP, do: 'request', target: '/login' },
      ...requests('/me?session={answer:session}', 8, 300, 300),
    ],
    settle: 600,
    choices: [
      {
        id: 'always',
        when: { happened: { event: 'request-ended', answers: { user: 'nobody' } }, times: 0 },
      },
      { id: 'sometimes', when: { happened: { event: 'request-ended', answers: { user: 'nobody' } } } },
    ],
  },
]
