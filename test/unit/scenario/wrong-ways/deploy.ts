import {
  BOOT,
  clientsTo,
  meanwhile,
  one,
  released,
  SERVED,
  systemctl,
  UP,
} from '../../../../simulator/scenario/deploy/steps.ts'
import { inClient, inServer } from '../../../../simulator/scenario/step.ts'
import { kill, type WrongWay } from './steps.ts'

const reboot = { after: 6000, do: 'reboot' } as const

/** Wrong ways through a release, by task. */
export const DEPLOY: Readonly<Record<string, readonly WrongWay[]>> = {
  'deploy/release': [
    { name: 'a restart in place', steps: [...SERVED, ...meanwhile(UP, systemctl(8001, 'restart'))] },
    {
      name: 'the proxy before the new version answers',
      steps: [
        ...SERVED,
        ...meanwhile(
          UP,
          [...systemctl(8002, 'enable', 'start'), clientsTo(8002)],
          [],
          [],
          [],
          systemctl(8001, 'disable', 'stop'),
        ),
      ],
    },
    {
      name: 'leaving the old version',
      steps: [...SERVED, ...meanwhile(UP, ...released(8002, 8001).slice(0, -1))],
    },
    {
      name: 'killing the old version',
      steps: [
        ...SERVED,
        ...meanwhile(UP, ...released(8002, 8001).slice(0, 3), [
          inClient('pkill -9 -f 8001'),
          clientsTo(8002),
        ]),
      ],
    },
  ],
  'deploy/back': [
    {
      name: 'a release in the other direction',
      steps: [...SERVED, ...meanwhile(UP, ...released(8002, 8001))],
    },
    {
      name: 'stopping the new version first',
      steps: [
        ...systemctl(8002, 'enable', 'start'),
        clientsTo(8002, 500),
        ...meanwhile(
          UP,
          systemctl(8002, 'disable', 'stop'),
          systemctl(8001, 'enable', 'start'),
          [],
          [clientsTo(8001)],
        ),
      ],
    },
  ],
  'deploy/survive': [
    {
      name: 'a unit that is started and not enabled',
      steps: [...systemctl(8001, 'start'), one(UP), kill('{parent}', 1000), reboot, one(BOOT)],
    },
    {
      name: 'a server in a terminal',
      steps: [
        inServer('uvicorn main:app --port 8001 --workers 2'),
        one(UP),
        kill('{parent}', 1000),
        reboot,
        one(BOOT),
      ],
    },
    { name: 'a reboot without a death', steps: [...SERVED, one(UP), reboot, one(BOOT)] },
  ],
}
