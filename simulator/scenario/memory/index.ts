import { COMMON } from '../common.ts'
import type { Scenario } from '../scenario.ts'
import { inServer, requests } from '../step.ts'
import { mainJs, mainPy } from './files.ts'

const UP = 2500
const RETIRE = 'uvicorn main:app --port 8080 --workers 2 --no-access-log --limit-max-requests 8'
const TWO = 'uvicorn main:app --port 8080 --workers 2 --no-access-log'

/** Memory: a copy for each process, and what a leak does. */
export const memory: Scenario = {
  ...COMMON,
  id: 'memory',
  seed: 12,
  files: { 'main.js': mainJs, 'main.py': mainPy },
  offered: {
    server: [COMMON.start, TWO, RETIRE],
    client: ['ps aux', 'free -m', 'curl http://127.0.0.1:8080/leak'],
  },
  clients: { ...COMMON.clients, target: '/' },
  controls: [{ id: 'leak', steps: requests('/leak', 10, 120) }],
  predictions: [
    {
      id: 'copies',
      steps: [inServer(COMMON.start)],
      settle: UP,
      choices: [
        { id: 'shared', when: { now: 'memory', is: { atMost: 340 } } },
        { id: 'four', when: { now: 'memory', is: { atLeast: 600 } } },
      ],
    },
  ],
  checkpoints: [],
}
