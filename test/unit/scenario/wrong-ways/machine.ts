import { inClient, inServer, requests } from '../../../../simulator/scenario/step.ts'
import {
  asked,
  browser,
  exec,
  expire,
  HTTPS,
  keep,
  kill,
  MAIL,
  obtain,
  request,
  START,
  stranger,
  unit,
  type WrongWay,
} from './steps.ts'

/** Wrong ways through the chapters about the machine around them, by task. */
export const MACHINE: Readonly<Record<string, readonly WrongWay[]>> = {
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
