import { COMMON } from '../common.ts'
import type { Goal } from '../goal/goal.ts'
import type { Scenario } from '../scenario.ts'
import { mainJs, mainPy } from '../server-workers/files.ts'
import { inServer, type Step } from '../step.ts'
import { itemsJs } from './files.ts'

const UP = 2500
/** The machine's public address, and a client's address. */
const [HERE, THERE] = ['203.0.113.10', '198.51.100.7']
const [SHOP, BLOG] = ['shop.example.com', 'blog.example.com'] as const
const START = 'uvicorn main:app --port 8080 --workers 2'

const browser = (host: string, after: number, target = '/'): Step => ({
  after,
  do: 'ask',
  request: { host, port: 443, secure: true, target, from: THERE },
})
/** A client that bypasses the proxy and forges its headers. */
const stranger = (after: number, target = '/'): Step => ({
  after,
  do: 'ask',
  request: {
    host: HERE,
    port: 8080,
    target,
    from: THERE,
    headers: [
      ['x-forwarded-for', '10.0.0.1'],
      ['x-forwarded-proto', 'https'],
    ],
  },
})
const ITEMS = START.replace('main:app', 'items:app')
const redirected = (location: string): Goal => ({
  happened: { event: 'request-ended', of: 'worker', answers: { location } },
})
const expire = (name: string, after: number): Step => ({ after, do: 'expire', name })
const obtain = (name: string, after: number): Step => ({ after, do: 'obtain', name })
const SERVER = inServer(START)
const GOT = 6000

const end = (end: string, times?: number): Goal => ({
  happened: { event: 'request-ended', where: { end } },
  ...(times === undefined ? {} : { times }),
})
/** A worker has answered. (The proxy answers the challenges of the certificate authority itself.) */
const SERVED: Goal = {
  happened: { event: 'request-ended', of: 'worker', where: { end: 'answered' } },
}
const seen = (verdict: string, name?: string): Goal => ({
  happened: {
    event: 'certificate',
    where: { verdict, ...(name === undefined ? {} : { 'certificate.names.0': name }) },
  },
})
const trusted = (value: boolean): Goal => ({
  happened: { event: 'forwarded-headers', where: { trusted: value } },
})

/** HTTPS: a proxy in front, two names, and certificates that expire. */
export const https: Scenario = {
  ...COMMON,
  machine: { ...COMMON.machine, lowestPort: 0 },
  id: 'https',
  seed: 11,
  files: { 'main.js': mainJs, 'main.py': mainPy, 'items.js': itemsJs },
  start: START,
  offered: {
    server: [START, `${START} --host 0.0.0.0`, `${ITEMS} --host 0.0.0.0`, "export FORWARDED_ALLOW_IPS='*'"],
    client: ['curl http://127.0.0.1:8080/', 'ps -ef'],
  },
  setup: [
    { after: 0, do: 'name', name: SHOP, address: HERE },
    { after: 0, do: 'name', name: BLOG, address: HERE },
    {
      after: 0,
      do: 'proxy',
      settings: {
        sites: [
          { name: SHOP, upstream: '127.0.0.1:8080' },
          { name: BLOG, upstream: '127.0.0.1:8080' },
        ],
        automatic: false,
      },
    },
  ],
  controls: [
    { id: 'obtain-shop', steps: [obtain(SHOP, 0)] },
    { id: 'obtain-blog', steps: [obtain(BLOG, 0)] },
    { id: 'expire', steps: [expire(SHOP, 0)] },
    { id: 'ask-shop', steps: [browser(SHOP, 0)] },
    { id: 'ask-blog', steps: [browser(BLOG, 0)] },
    { id: 'ask-items', steps: [browser(SHOP, 0, '/items')] },
    { id: 'stranger', steps: [stranger(0, '/items')] },
  ],
  always: true,
  predictions: [
    {
      id: 'expired',
      steps: [SERVER, obtain(SHOP, UP), expire(SHOP, GOT), browser(SHOP, 500)],
      settle: 2000,
      choices: [
        { id: 'refuses', when: end('bad-certificate') },
        { id: 'plain', when: SERVED },
        { id: 'server', when: end('closed') },
      ],
    },
    {
      id: 'other-name',
      steps: [SERVER, obtain(SHOP, UP), browser(BLOG, GOT)],
      settle: 2000,
      choices: [
        { id: 'works', when: SERVED },
        { id: 'refuses', when: end('bad-certificate') },
      ],
    },
    {
      id: 'redirect',
      steps: [
        inServer('export FORWARDED_ALLOW_IPS=10.0.0.5'),
        inServer(ITEMS, 200),
        obtain(SHOP, UP),
        browser(SHOP, GOT, '/items'),
      ],
      settle: 2000,
      choices: [
        { id: 'https', when: redirected(`https://${SHOP}/items/`) },
        { id: 'http', when: redirected(`http://${SHOP}/items/`) },
      ],
    },
    {
      id: 'spoof',
      steps: [
        inServer("export FORWARDED_ALLOW_IPS='*'"),
        inServer(`${START} --host 0.0.0.0`, 200),
        stranger(UP),
      ],
      settle: 1500,
      choices: [
        { id: 'believed', when: trusted(true) },
        { id: 'ignored', when: { not: trusted(true) } },
      ],
    },
  ],
  checkpoints: [
    {
      id: 'both',
      goal: {
        order: [
          { id: 'changed', happened: { event: 'certificate-changed' } },
          { id: 'refused', ...end('bad-certificate') },
          {
            all: [
              { id: 'shop', ...seen('good', SHOP) },
              { id: 'blog', ...seen('good', BLOG) },
              { id: 'served', all: [SERVED, { now: 'open', is: 0 }] },
            ],
          },
        ],
      },
      solution: [
        SERVER,
        obtain(SHOP, UP),
        obtain(BLOG, 500),
        expire(SHOP, GOT),
        browser(SHOP, 500),
        obtain(SHOP, 1500),
        browser(SHOP, GOT),
        browser(BLOG, 500),
        { after: 2000, do: 'wait' },
      ],
    },
    {
      id: 'believe-the-proxy',
      goal: {
        all: [
          { id: 'proxy', order: [trusted(true), SERVED] },
          { id: 'stranger', ...trusted(false) },
        ],
      },
      solution: [
        inServer(`${START} --host 0.0.0.0`),
        obtain(SHOP, UP),
        browser(SHOP, GOT),
        stranger(1000),
        { after: 1500, do: 'wait' },
      ],
    },
    {
      id: 'right-redirect',
      goal: {
        all: [
          { id: 'proxy', ...redirected(`https://${SHOP}/items/`) },
          { id: 'stranger', ...redirected(`http://${HERE}:8080/items/`) },
          { id: 'not-believed', not: redirected(`https://${HERE}:8080/items/`) },
        ],
      },
      solution: [
        inServer(`${ITEMS} --host 0.0.0.0`),
        obtain(SHOP, UP),
        browser(SHOP, GOT, '/items'),
        stranger(1000, '/items'),
        { after: 1500, do: 'wait' },
      ],
    },
  ],
}
