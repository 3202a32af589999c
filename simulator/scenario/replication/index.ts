import { COMMON } from '../common.ts'
import type { Scenario } from '../scenario.ts'
import { requests } from '../step.ts'
import { LISTEN, REUSE_PORT, SEEDS, crowd, eight } from './steps.ts'
import { checkpoints } from './checkpoints.ts'
import { channelJs, keyJs, mailJs, mainJs, mainPy, poolJs, roomJs, sharedJs } from './files.ts'
import { predictions } from './predictions.ts'

/** Replication: what workers share, which of them gets a request, and what one worker can do at once. */
export const replication: Scenario = {
  ...COMMON,
  id: 'replication',
  seed: SEEDS.three,
  machine: { ...COMMON.machine, connections: 30, lowestPort: 0 },
  files: {
    'main.js': mainJs,
    'main.py': mainPy,
    'shared.js': sharedJs,
    'room.js': roomJs,
    'channel.js': channelJs,
    'mail.js': mailJs,
    'key.js': keyJs,
    'pool.js': poolJs,
  },
  offered: {
    server: [
      COMMON.start,
      'uvicorn main:app --port 8080 --workers 1',
      `${REUSE_PORT} &`,
      'uvicorn room:app --port 8080 --workers 4',
      'uvicorn pool:app --port 8080 --workers 2',
      'export POOL_SIZE=5 MAX_OVERFLOW=5',
    ],
    client: [
      'curl http://127.0.0.1:8080/count',
      'ps -eo pid,ppid,cmd',
      'kill -STOP ',
      'kill -CONT ',
      'python migrate.py',
      LISTEN,
      'curl http://127.0.0.1:8080/say',
    ],
  },
  zoom: { span: 7000, bars: 'visits', clients: false },
  controls: [
    { id: 'eight', steps: requests('/count', 8, 750) },
    { id: 'compute', steps: eight('/compute', 0) },
    { id: 'wait', steps: eight('/wait', 0) },
    { id: 'crowd', steps: crowd(0) },
  ],
  predictions,
  checkpoints,
}
