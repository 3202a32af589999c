import { scenario, type Step } from '../../../simulator/scenario/index.ts'
import { inClient, inServer, requests } from '../../../simulator/scenario/step.ts'

/** Ways that look as if they led to a checkpoint's goal. */
interface WrongWay {
  readonly name: string
  readonly steps: readonly Step[]
}

const START = inServer(scenario('server-workers').start)
const GUNICORN = inServer(scenario('gunicorn').start)
const clients = (after: number): Step => ({ after, do: 'clients', on: true })
const kill = (to: string, after: number): Step => ({ after, do: 'signal', to, signal: 'KILL' })
const signal = (to: string, name: 'TERM' | 'HUP' | 'TTIN' | 'STOP', after: number): Step => ({
  after,
  do: 'signal',
  to,
  signal: name,
})

const unit = (verb: 'start' | 'enable'): Step => ({ after: 0, do: 'unit', verb, unit: 'awesomeapp' })
const request = (target: string, after: number): Step => ({ after, do: 'request', target })
const asked = (after: number): Step => request('/', after)
const exec = (command: string, after: number): Step => ({ after, do: 'exec', command })
const MAIL = 'uvicorn mail:app --port 8080 --workers 4'
const HTTPS = inServer('uvicorn main:app --port 8080 --workers 2')
const obtain = (name: string, after: number): Step => ({ after, do: 'obtain', name })
const expire = (name: string, after: number): Step => ({ after, do: 'expire', name })
const browser = (host: string, after: number, target = '/'): Step => ({
  after,
  do: 'ask',
  request: { host, port: 443, secure: true, target, from: '198.51.100.7' },
})
const stranger = (after: number, target = '/'): Step => ({
  after,
  do: 'ask',
  request: {
    host: '203.0.113.10',
    port: 8080,
    target,
    from: '198.51.100.7',
    headers: { 'x-forwarded-for': '10.0.0.1', 'x-forwarded-proto': 'https' },
  },
})
const keep = (form: 'exec' | 'shell', more = ''): Step => ({
  after: 0,
  do: 'keep',
  keeping: {
    name: 'web',
    command: `uvicorn main:app --port 8080${more}`,
    keeper: { by: 'container', policy: 'always', form },
  },
})

export const WRONG_WAYS: Readonly<Record<string, readonly WrongWay[]>> = {
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
      name: 'Ctrl+C in gunicorn',
      steps: [
        inServer(
          'gunicorn main:app --workers 4 --worker-class uvicorn.workers.UvicornWorker --bind 127.0.0.1:8080',
        ),
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
      name: 'Ctrl+C',
      steps: [
        GUNICORN,
        { after: 2000, do: 'request', target: '/slow/4' },
        { after: 1000, do: 'interrupt', in: 'server' },
      ],
    },
    {
      name: 'kill -9 to the parent',
      steps: [GUNICORN, { after: 2000, do: 'request', target: '/slow/4' }, kill('{parent}', 1000)],
    },
    { name: 'stopping before anybody asks', steps: [GUNICORN, signal('{parent}', 'TERM', 2000)] },
  ],
  'startup/reboot': [
    {
      name: 'starting the unit and not enabling it',
      steps: [unit('start'), { after: 3000, do: 'reboot' }, asked(40_000)],
    },
    { name: 'a command in a terminal', steps: [START, { after: 3000, do: 'reboot' }, asked(40_000)] },
    { name: 'enabling without a reboot', steps: [unit('enable'), unit('start'), asked(4000)] },
  ],
  'startup/boss': [
    { name: 'a command in a terminal', steps: [START, kill('{parent}', 3000), asked(7000)] },
    { name: 'killing a worker', steps: [unit('start'), kill('{worker:1}', 3000), asked(7000)] },
  ],
  'previous-steps/once': [
    { name: 'in every worker', steps: [inServer('uvicorn each:app --port 8080 --workers 4'), asked(6000)] },
    { name: 'no migration', steps: [START, asked(3000)] },
    { name: 'after the server has started', steps: [START, exec('python migrate.py', 3000)] },
  ],
  'previous-steps/reboot': [
    {
      name: 'by hand, before a server in a terminal',
      steps: [
        exec('python migrate.py', 0),
        inServer('uvicorn main:app --port 8080 --workers 4', 6000),
        { after: 3000, do: 'reboot' },
        asked(40_000),
      ],
    },
    { name: 'not enabled', steps: [unit('start'), { after: 8000, do: 'reboot' }, asked(40_000)] },
  ],
  'https/both': [
    {
      name: 'only one name',
      steps: [
        HTTPS,
        obtain('shop.example.com', 2500),
        expire('shop.example.com', 6000),
        browser('shop.example.com', 500),
        obtain('shop.example.com', 1500),
        browser('shop.example.com', 6000),
      ],
    },
    {
      name: 'nothing is renewed',
      steps: [
        HTTPS,
        obtain('shop.example.com', 2500),
        obtain('blog.example.com', 500),
        expire('shop.example.com', 6000),
        browser('shop.example.com', 500),
        browser('blog.example.com', 500),
      ],
    },
    {
      name: 'nothing ever expires',
      steps: [
        HTTPS,
        obtain('shop.example.com', 2500),
        obtain('blog.example.com', 500),
        browser('shop.example.com', 6000),
        browser('blog.example.com', 500),
      ],
    },
  ],
  'https/believe-the-proxy': [
    {
      name: 'trusting everybody',
      steps: [
        inServer("export FORWARDED_ALLOW_IPS='*'"),
        inServer('uvicorn main:app --port 8080 --workers 2 --host 0.0.0.0', 200),
        obtain('shop.example.com', 2500),
        browser('shop.example.com', 6000),
        stranger(1000),
      ],
    },
    {
      name: 'trusting nobody',
      steps: [
        inServer('export FORWARDED_ALLOW_IPS=10.9.9.9'),
        inServer('uvicorn main:app --port 8080 --workers 2 --host 0.0.0.0', 200),
        obtain('shop.example.com', 2500),
        browser('shop.example.com', 6000),
        stranger(1000),
      ],
    },
  ],
  'https/right-redirect': [
    {
      name: 'trusting everybody',
      steps: [
        inServer("export FORWARDED_ALLOW_IPS='*'"),
        inServer('uvicorn items:app --port 8080 --workers 2 --host 0.0.0.0', 200),
        obtain('shop.example.com', 2500),
        browser('shop.example.com', 6000, '/items'),
        stranger(1000, '/items'),
      ],
    },
    {
      name: 'trusting the wrong proxy',
      steps: [
        inServer('export FORWARDED_ALLOW_IPS=10.0.0.5'),
        inServer('uvicorn items:app --port 8080 --workers 2 --host 0.0.0.0', 200),
        obtain('shop.example.com', 2500),
        browser('shop.example.com', 6000, '/items'),
        stranger(1000, '/items'),
      ],
    },
    {
      name: 'no certificate',
      steps: [
        inServer('uvicorn items:app --port 8080 --workers 2 --host 0.0.0.0'),
        browser('shop.example.com', 2500, '/items'),
        stranger(1000, '/items'),
      ],
    },
  ],
  'containers/clean-stop': [
    {
      name: 'the shell form, and a request that is longer than the patience',
      steps: [
        keep('shell'),
        { after: 3000, do: 'request', target: '/slow/14' },
        { after: 1000, do: 'keeper', verb: 'stop', name: 'web' },
      ],
    },
    {
      name: 'the shell form',
      steps: [
        keep('shell'),
        { after: 3000, do: 'request', target: '/slow/4' },
        { after: 1000, do: 'keeper', verb: 'stop', name: 'web' },
      ],
    },
    {
      name: 'kill -9',
      steps: [keep('exec'), { after: 3000, do: 'request', target: '/slow/4' }, kill('{parent}', 1000)],
    },
  ],
  'containers/counted': [
    {
      name: 'a worker among four',
      steps: [keep('exec', ' --workers 4'), kill('{worker:2}', 3000), asked(4000)],
    },
    {
      name: 'docker stop',
      steps: [keep('exec'), { after: 3000, do: 'keeper', verb: 'stop', name: 'web' }, asked(4000)],
    },
  ],
  'memory/evidence': [
    {
      name: 'kill -9 by hand',
      steps: [START, kill('{worker:2}', 2500), inClient('dmesg', 2000)],
    },
    {
      name: 'looking for it in ps',
      steps: [START, ...requests('/leak', 60, 80, 2500), inClient('ps aux', 3000)],
    },
    {
      name: 'looking before it happens',
      steps: [START, inClient('dmesg', 2500), ...requests('/leak', 60, 80, 500)],
    },
  ],
  'memory/fits': [
    { name: 'four workers', steps: [START, ...requests('/', 24, 100, 2500)] },
    {
      name: 'one worker',
      steps: [inServer('uvicorn main:app --port 8080 --workers 1'), ...requests('/', 24, 100, 2500)],
    },
    {
      name: 'three workers',
      steps: [inServer('uvicorn main:app --port 8080 --workers 3'), ...requests('/', 24, 100, 2500)],
    },
  ],
  'memory/leak': [
    {
      name: 'two workers that never retire',
      steps: [
        inServer('uvicorn main:app --port 8080 --workers 2 --no-access-log'),
        ...requests('/leak', 44, 400, 2500),
      ],
    },
    {
      name: 'four workers that retire',
      steps: [
        inServer('uvicorn main:app --port 8080 --workers 4 --no-access-log --limit-max-requests 8'),
        ...requests('/leak', 44, 400, 2500),
      ],
    },
  ],
  'startup/logged-in': [
    {
      name: 'a key that each process makes up',
      steps: [
        inClient('systemctl enable --now members'),
        request('/login', 3000),
        { after: 1000, do: 'reboot' },
        ...requests('/me?session={answer:session}', 8, 300, 40_000),
      ],
    },
    {
      name: 'a key that is exported in the shell',
      steps: [
        inClient('export SECRET_KEY=horse-battery-staple'),
        inClient('systemctl enable --now members', 300),
        request('/login', 3000),
        { after: 1000, do: 'reboot' },
        ...requests('/me?session={answer:session}', 8, 300, 40_000),
      ],
    },
    {
      name: 'logging in again after the reboot',
      steps: [
        inClient('echo SECRET_KEY=horse-battery-staple > /etc/members.env'),
        inClient('systemctl enable --now members', 500),
        { after: 3000, do: 'reboot' },
        request('/login', 40_000),
        ...requests('/me?session={answer:session}', 8, 300, 500),
      ],
    },
  ],
  'previous-steps/one-mail': [
    { name: 'a timer in every worker', steps: [inServer(MAIL), request('/', 27_000)] },
    {
      name: 'no timer anywhere',
      steps: [inServer('export MAIL=off'), inServer(MAIL, 300), request('/', 27_000)],
    },
    {
      name: 'one worker',
      steps: [inServer('uvicorn mail:app --port 8080 --workers 1'), request('/', 27_000)],
    },
  ],
}
