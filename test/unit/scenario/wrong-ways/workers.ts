import { inClient, inServer, requests } from '../../../../simulator/scenario/step.ts'
import { clients, GUNICORN, kill, request, signal, START, type WrongWay } from './steps.ts'

/** Wrong ways through the chapters about managers and their workers, by task. */
export const WORKERS: Readonly<Record<string, readonly WrongWay[]>> = {
  'server-workers/replaced': [
    { name: 'killing the parent', steps: [START, kill('{parent}', 2500), ...requests('/', 6, 300, 1500)] },
    {
      name: 'killing a worker that has a request in hand',
      steps: [
        START,
        ...requests('/work', 12, 1, 2500),
        kill('{worker:1}', 40),
        kill('{worker:2}', 1),
        kill('{worker:3}', 1),
      ],
    },
    {
      name: 'stopping everything and starting it again',
      steps: [
        START,
        { after: 2500, do: 'interrupt', in: 'server' },
        inServer(START.do === 'type' ? START.text : '', 2500),
        ...requests('/', 6, 300, 2500),
      ],
    },
  ],
  'server-workers/gentle-stop': [
    { name: 'kill -9 to the parent', steps: [START, clients(2000), kill('{parent}', 4000)] },
    {
      name: 'Ctrl+C in gunicorn with its own worker class',
      steps: [
        inServer('gunicorn main:app --workers 4 --worker-class asgi --bind 127.0.0.1:8080'),
        clients(2000),
        { after: 4000, do: 'interrupt', in: 'server' },
      ],
    },
    { name: 'stopping it when nobody asks', steps: [START, { after: 3000, do: 'interrupt', in: 'server' }] },
  ],
  'replication/one-count': [
    { name: 'the variable', steps: [START, ...requests('/count', 8, 750, 2000), request('/metrics', 1500)] },
    {
      name: 'one worker',
      steps: [
        inServer('uvicorn main:app --port 8080 --workers 1'),
        ...requests('/count', 8, 750, 2000),
        request('/metrics', 1500),
      ],
    },
    {
      name: 'asking /metrics before the eighth',
      steps: [
        inServer('uvicorn shared:app --port 8080 --workers 4'),
        ...requests('/count', 7, 750, 2000),
        request('/metrics', 1500),
        request('/count', 500),
      ],
    },
  ],
  'replication/knee': [
    {
      name: 'four workers for both',
      steps: [START, ...requests('/wait', 8, 60, 2000), ...requests('/compute', 8, 60, 3000)],
    },
    {
      name: 'one worker for both',
      steps: [
        inServer('uvicorn main:app --port 8080 --workers 1'),
        ...requests('/wait', 8, 60, 2000),
        ...requests('/compute', 8, 60, 3000),
      ],
    },
    {
      name: 'eight workers for what computes',
      steps: [
        inServer('uvicorn main:app --port 8080 --workers 1'),
        ...requests('/wait', 8, 60, 2000),
        { after: 2000, do: 'interrupt', in: 'server' },
        inServer('uvicorn main:app --port 8080 --workers 8', 1500),
        ...requests('/compute', 8, 60, 4000),
      ],
    },
  ],
  'replication/pool-fits': [
    {
      name: 'the pool as it is',
      steps: [
        inServer('uvicorn pool:app --port 8080 --workers 2'),
        ...requests('/', 60, 2, 2500),
        inClient('python migrate.py', 300),
      ],
    },
    {
      name: 'a pool that leaves no room for the migration',
      steps: [
        inServer('export POOL_SIZE=15 MAX_OVERFLOW=0'),
        inServer('uvicorn pool:app --port 8080 --workers 2', 300),
        ...requests('/', 60, 2, 2500),
        inClient('python migrate.py', 300),
      ],
    },
    {
      name: 'the migration before anybody asks',
      steps: [
        inServer('export POOL_SIZE=15 MAX_OVERFLOW=0'),
        inServer('uvicorn pool:app --port 8080 --workers 2', 300),
        inClient('python migrate.py', 2500),
        ...requests('/', 60, 2, 4000),
      ],
    },
  ],
  'replication/told-all': [
    {
      name: 'a list in every worker',
      steps: [
        inServer('uvicorn room:app --port 8080 --workers 4'),
        ...requests('/listen', 6, 200, 2000),
        request('/say', 500),
      ],
    },
    {
      name: 'saying it again until the last one has heard it',
      steps: [
        inServer('uvicorn room:app --port 8080 --workers 4'),
        ...requests('/listen', 6, 200, 2000),
        ...requests('/say', 20, 200, 500),
      ],
    },
    {
      name: 'one worker',
      steps: [
        inServer('uvicorn room:app --port 8080 --workers 1'),
        ...requests('/listen', 6, 200, 2000),
        request('/say', 500),
      ],
    },
  ],
  'restarts/without-parent': [
    {
      name: 'stopping all workers',
      steps: [
        START,
        ...['1', '2', '3', '4'].map((n, i) => signal(`{worker:${n}}`, 'STOP', i === 0 ? 2000 : 1)),
        ...requests('/work', 12, 100, 300),
      ],
    },
    {
      name: 'killing the parent instead',
      steps: [START, kill('{parent}', 2000), ...requests('/work', 12, 200, 300)],
    },
  ],
  'restarts/take-over': [
    {
      name: 'starting a second server while orphans hold the port',
      steps: [
        START,
        kill('{parent}', 2500),
        inClient('curl http://127.0.0.1:8080/', 500),
        inServer(START.do === 'type' ? START.text : '', 1500),
        inClient('curl http://127.0.0.1:8080/', 2500),
      ],
    },
    {
      name: 'killing one orphan after the other',
      steps: [
        START,
        kill('{parent}', 2500),
        inClient('curl http://127.0.0.1:8080/', 500),
        kill('{worker:1}', 500),
        kill('{worker:1}', 500),
        inClient('curl http://127.0.0.1:8080/', 500),
      ],
    },
    {
      name: 'Ctrl+C and a new start',
      steps: [
        START,
        { after: 2500, do: 'interrupt', in: 'server' },
        inServer(START.do === 'type' ? START.text : '', 2500),
        inClient('curl http://127.0.0.1:8080/', 2500),
      ],
    },
  ],
  'restarts/keep-slow': [
    {
      name: 'a timeout of four seconds',
      steps: [
        inServer(
          'gunicorn main:app --workers 4 --worker-class uvicorn.workers.UvicornWorker --bind 127.0.0.1:8080 --timeout 4',
        ),
        { after: 2500, do: 'request', target: '/busy/14' },
      ],
    },
    { name: 'uvicorn', steps: [START, { after: 2500, do: 'request', target: '/busy/14' }] },
    {
      name: 'a timeout of ten seconds',
      steps: [
        inServer(
          'gunicorn main:app --workers 4 --worker-class uvicorn.workers.UvicornWorker --bind 127.0.0.1:8080 --timeout 10',
        ),
        { after: 2500, do: 'request', target: '/busy/14' },
      ],
    },
  ],
  'gunicorn/fifth': [
    {
      name: 'stopping and starting with five',
      steps: [
        GUNICORN,
        clients(2000),
        { after: 2000, do: 'interrupt', in: 'server' },
        inServer((GUNICORN.do === 'type' ? GUNICORN.text : '').replace('--workers 4', '--workers 5'), 3000),
      ],
    },
    { name: 'a reload', steps: [GUNICORN, clients(2000), signal('{parent}', 'HUP', 2000)] },
    { name: 'killing a worker', steps: [GUNICORN, clients(2000), kill('{worker:1}', 2000)] },
  ],
  'gunicorn/reload': [
    {
      name: 'killing the workers one by one',
      steps: [GUNICORN, clients(2000), ...[1, 2, 3, 4].map(() => kill('{worker:1}', 700))],
    },
    {
      name: 'stopping and starting again',
      steps: [
        GUNICORN,
        clients(2000),
        signal('{parent}', 'TERM', 3000),
        inServer(GUNICORN.do === 'type' ? GUNICORN.text : '', 4000),
      ],
    },
  ],
  'gunicorn/graceful': [
    {
      name: 'Ctrl+C twice',
      steps: [
        GUNICORN,
        { after: 2000, do: 'request', target: '/slow/4' },
        { after: 1000, do: 'interrupt', in: 'server' },
        { after: 1000, do: 'interrupt', in: 'server' },
      ],
    },
    {
      name: 'kill -9 to the parent',
      steps: [GUNICORN, { after: 2000, do: 'request', target: '/slow/4' }, kill('{parent}', 1000)],
    },
    { name: 'stopping before anybody asks', steps: [GUNICORN, signal('{parent}', 'TERM', 2000)] },
  ],
}
