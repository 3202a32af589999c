import { COMMON } from '../common.ts'
import type { Goal } from '../goal/goal.ts'
import type { Checkpoint } from '../scenario.ts'
import { inClient, inServer } from '../step.ts'
import { FAILED, LISTEN, ONE_WORKER, POOL, UP, answers, clicks, counted, crowd, eight } from './steps.ts'

/** Eight responses with this field, all within this many ms. */
const eightWithin = (field: 'waited' | 'computed', within: number): Goal => ({
  happened: { event: 'request-ended', answers: { [field]: true } },
  times: { atLeast: 8 },
  within,
})

/** The checkpoints of the lab about replication. */
export const checkpoints: readonly Checkpoint[] = [
  {
    id: 'one-count',
    goal: {
      all: [
        {
          order: [
            { id: 'serving', now: 'serving', is: { atLeast: 4 } },
            { id: 'eight', all: [answers, counted(8)] },
            { id: 'metrics', happened: { event: 'request-ended', answers: { requests: 8 } } },
          ],
        },
        { id: 'several', now: 'answering', is: { atLeast: 2 } },
        { id: 'still', now: 'serving', is: { atLeast: 4 } },
        { id: 'none-lost', now: 'lost', is: 0 },
      ],
    },
    solution: [
      inServer(COMMON.start.replace('main:app', 'shared:app')),
      ...clicks,
      inClient('curl http://127.0.0.1:8080/metrics', 1500),
      { after: 500, do: 'wait' },
    ],
  },
  {
    id: 'knee',
    goal: {
      all: [
        {
          order: [
            {
              id: 'one-worker',
              all: [
                { now: 'serving', is: 1 },
                { now: 'workers', is: 0 },
              ],
            },
            { id: 'waited', ...eightWithin('waited', 800) },
          ],
        },
        { id: 'computed', ...eightWithin('computed', 1800) },
        { id: 'few', now: 'workers', is: { atMost: 4 } },
        { id: 'serving', now: 'serving', is: { atLeast: 1 } },
      ],
    },
    solution: [
      ONE_WORKER,
      ...eight('/wait'),
      { after: 2000, do: 'interrupt', in: 'server' },
      inServer(COMMON.start, 1500),
      ...eight('/compute'),
      { after: 3000, do: 'wait' },
    ],
  },
  {
    id: 'pool-fits',
    goal: {
      all: [
        {
          order: [
            { id: 'serving', now: 'serving', is: { atLeast: 2 } },
            { id: 'crowd', now: 'open', is: { atLeast: 30 } },
            { id: 'migration', happened: { event: 'statement', where: { outcome: 'ok' } } },
            { id: 'over', now: 'open', is: 0 },
          ],
        },
        { id: 'answered', now: 'answered', is: { atLeast: 60 } },
        { id: 'none-failed', not: FAILED },
        {
          id: 'none-refused',
          happened: { event: 'database-connection', where: { step: 'refused' } },
          times: 0,
        },
        { id: 'still', now: 'serving', is: { atLeast: 2 } },
      ],
    },
    solution: [
      inServer('export POOL_SIZE=5 MAX_OVERFLOW=5'),
      inServer(POOL, 300),
      ...crowd(UP),
      inClient('python migrate.py', 300),
      { after: 6000, do: 'wait' },
    ],
  },
  {
    id: 'told-all',
    goal: {
      all: [
        {
          order: [
            { id: 'serving', now: 'serving', is: { atLeast: 4 } },
            { id: 'listening', now: 'open', is: { atLeast: 6 } },
            { id: 'said', happened: { event: 'request-ended', answers: { said: true } } },
          ],
        },
        { id: 'once', happened: { event: 'request-ended', answers: { said: true } }, times: 1 },
        { id: 'heard', happened: { event: 'request-ended', answers: { message: 'hello' } }, times: 6 },
        { id: 'still', now: 'serving', is: { atLeast: 4 } },
        { id: 'none-lost', now: 'lost', is: 0 },
      ],
    },
    solution: [
      inServer('uvicorn channel:app --port 8080 --workers 4 --no-access-log'),
      inClient(LISTEN, UP),
      inClient('curl http://127.0.0.1:8080/say', 1500),
      { after: 1500, do: 'wait' },
    ],
  },
]
