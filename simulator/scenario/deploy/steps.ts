import type { Step } from '../step.ts'
import type { PORTS } from './files.ts'

/** The machine's public address, a client's address, and the site. */
export const [HERE, THERE, SITE] = ['203.0.113.10', '198.51.100.7', 'shop.example']
export type Port = (typeof PORTS)[number]
type Verb = Extract<Step, { do: 'unit' }>['verb']

/** The longest that a server takes to start, and a reboot with the start after it, in ms. */
export const [UP, BOOT] = [3000, 40_000]

/** The proxy sends the clients to this port; Caddy obtains the certificate itself. */
export const clientsTo = (port: Port, after = 0): Step => ({
  after,
  do: 'proxy',
  settings: { sites: [{ name: SITE, upstream: `127.0.0.1:${port}` }], automatic: true },
})
/** A client from elsewhere asks over HTTPS. */
export const one = (after: number): Step => ({
  after,
  do: 'ask',
  request: { host: SITE, port: 443, secure: true, target: '/work', from: THERE },
})
/**
 * Clients for eight seconds, five requests a second. After the tenth request, and after each fifth that follows, the next of the deeds is
 * done.
 */
export const meanwhile = (after: number, ...deeds: readonly (readonly Step[])[]): readonly Step[] =>
  Array.from({ length: 40 }, (_, index) => [
    one(index === 0 ? after : 200),
    ...((index % 5 === 4 ? deeds[(index - 9) / 5] : undefined) ?? []),
  ]).flat()
/** Runs these verbs of `systemctl` on a version's unit. */
export const systemctl = (port: Port, ...verbs: readonly Verb[]): readonly Step[] =>
  verbs.map((verb) => ({ after: 0, do: 'unit', verb, unit: `shop@${port}` }))
/** The version on the first port serves, now and after every boot. */
export const SERVED = systemctl(8001, 'enable', 'start')
/** The steps of the chapter's script: the new version starts beside the old one, then gets the clients, and the old one stops. */
export const released = (to: Port, from: Port): readonly (readonly Step[])[] => [
  systemctl(to, 'enable', 'start'),
  [],
  [],
  [clientsTo(to)],
  systemctl(from, 'disable', 'stop'),
]
