import { COMMON } from '../common.ts'
import type { Goal } from '../goal/goal.ts'
import type { Scenario } from '../scenario.ts'
import { mainJs, mainPy } from '../server-workers/files.ts'
import { PORTS, unitOf } from './files.ts'
import {
  BOOT,
  clientsTo,
  HERE,
  meanwhile,
  one,
  released,
  SERVED,
  SITE,
  systemctl,
  UP,
  type Port,
} from './steps.ts'

const BAD: Goal = { happened: { event: 'bad-gateway' } }
const ANSWERED: Goal = { happened: { event: 'request-ended', of: 'worker', where: { end: 'answered' } } }
const sentTo = (port: Port): Goal => ({
  happened: { event: 'forwarded', where: { upstream: `127.0.0.1:${port}` } },
})
const outcome = [
  {
    id: 'all',
    when: { all: [{ not: BAD }, { now: 'refused', is: 0 }, { now: 'answered', is: { atLeast: 40 } }] },
  },
  { id: 'some', when: BAD },
] as const
const noneFailed = [
  { id: 'none-bad', happened: { event: 'bad-gateway' }, times: 0 },
  { id: 'none-lost', now: 'lost', is: 0 },
] as const

/** Deploy it: a release behind a proxy that loses no request, one that does, the way back, and a reboot. */
export const deploy: Scenario = {
  ...COMMON,
  id: 'deploy',
  seed: 12,
  files: {
    'main.js': mainJs,
    'main.py': mainPy,
    ...Object.fromEntries(PORTS.map((port) => [`/etc/systemd/system/shop@${port}.service`, unitOf(port)])),
  },
  start: 'uvicorn main:app --port 8001 --workers 2 --no-access-log',
  offered: {
    server: ['uvicorn main:app --port 8001 --workers 2 --no-access-log'],
    client: [
      'systemctl enable --now shop@8001',
      'systemctl enable --now shop@8002',
      'systemctl disable --now shop@8001',
      'systemctl show -p NRestarts shop@8001',
      'curl -I https://shop.example/',
    ],
  },
  setup: [{ after: 0, do: 'name', name: SITE, address: HERE }, clientsTo(8001)],
  controls: [
    { id: 'crowd', steps: meanwhile(0) },
    { id: 'to-8001', steps: [clientsTo(8001)] },
    { id: 'to-8002', steps: [clientsTo(8002)] },
    { id: 'kill', steps: [{ after: 0, do: 'signal', to: '{parent}', signal: 'KILL' }] },
    { id: 'reboot', steps: [{ after: 0, do: 'reboot' }] },
  ],
  always: true,
  predictions: [
    {
      id: 'in-place',
      steps: [...SERVED, ...meanwhile(UP, systemctl(8001, 'restart'))],
      settle: 2000,
      choices: outcome,
    },
    {
      id: 'at-once',
      steps: [...SERVED, ...meanwhile(UP, [...systemctl(8002, 'start'), clientsTo(8002)])],
      settle: 2000,
      choices: outcome,
    },
    {
      id: 'beside',
      steps: [...SERVED, ...meanwhile(UP, ...released(8002, 8001))],
      settle: 2000,
      choices: outcome,
    },
  ],
  checkpoints: [
    {
      id: 'release',
      goal: {
        all: [
          {
            order: [
              { id: 'old', ...sentTo(8001) },
              { id: 'both', now: 'serving', is: 4 },
              { id: 'new', ...sentTo(8002) },
              { id: 'alone', now: 'serving', is: 2 },
            ],
          },
          { id: 'answered', now: 'answered', is: { atLeast: 40 } },
          ...noneFailed,
        ],
      },
      solution: [...SERVED, ...meanwhile(UP, ...released(8002, 8001)), { after: 2000, do: 'wait' }],
    },
    {
      id: 'back',
      goal: {
        all: [
          {
            order: [
              { id: 'new', ...sentTo(8002) },
              { id: 'back', ...sentTo(8001) },
              { id: 'answers', ...ANSWERED },
              { id: 'alone', now: 'serving', is: 2 },
            ],
          },
          { id: 'answered', now: 'answered', is: { atLeast: 40 } },
          ...noneFailed,
        ],
      },
      solution: [
        ...systemctl(8002, 'enable', 'start'),
        clientsTo(8002, 500),
        ...meanwhile(UP, ...released(8001, 8002)),
        { after: 2000, do: 'wait' },
      ],
    },
    {
      id: 'survive',
      goal: {
        order: [
          { id: 'served', ...sentTo(8001) },
          {
            id: 'killed',
            order: [
              { happened: { event: 'signalled', of: 'parent', by: 'others', where: { signal: 'KILL' } } },
              { happened: { event: 'ended', of: 'parent' } },
            ],
          },
          {
            id: 'restarted',
            all: [
              { now: 'parents', is: 1 },
              { now: 'serving', is: 2 },
              { now: 'orphans', is: 0 },
            ],
          },
          { id: 'booted', happened: { event: 'booted' } },
          { id: 'after', ...sentTo(8001) },
          { id: 'answers', ...ANSWERED },
        ],
      },
      solution: [
        ...SERVED,
        one(UP),
        { after: 1000, do: 'signal', to: '{parent}', signal: 'KILL' },
        { after: 6000, do: 'reboot' },
        one(BOOT),
        { after: 1000, do: 'wait' },
      ],
    },
  ],
}
