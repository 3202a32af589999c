import type { GuestAct, GuestInput, GuestSpec } from '../../../simulator/host/virtual/guest.ts'
import { pythonGuests } from './guest.ts'
import type { ThreadData } from './thread.ts'

type Event = GuestInput extends infer Each
  ? Each extends unknown
    ? Omit<Each, 'now' | 'epoch'>
    : never
  : never
export type At = readonly [at: number, event: Event]

/** An act with the virtual time at which it was done, in ms. */
export type Done = GuestAct & { readonly at: number }

const EPOCH = Date.UTC(2024, 4, 1, 12)

/** Gives a process these events in order, and wakes it whenever it asks for that. Timers run up to `until`. */
export async function play(
  source: string,
  events: readonly At[],
  until: number,
  {
    chance = 0.25,
    pid = 27367,
    ...data
  }: ThreadData & { readonly chance?: number; readonly pid?: number } = {},
) {
  const spec: GuestSpec = {
    pid,
    ppid: 27365,
    env: { GREETING: 'hello' },
    argv: ['uvicorn', 'main:app'],
    cwd: '/home/user/code/awesomeapp',
    target: { typed: 'main:app', module: 'main', attribute: 'app' },
    file: 'main.py',
    source,
    chance,
  }
  const guest = pythonGuests(data)(spec)
  const done: Done[] = []
  const memory: number[] = []
  const held: (readonly [from: number, until: number])[] = []
  let wakeAt: number | undefined
  let now = 0
  const turn = async (at: number, event: Event): Promise<void> => {
    // As on the machine, events wait while it computes.
    now = Math.max(now, at)
    const came = await guest.turn({ ...event, now, epoch: EPOCH })
    done.push(...came.acts.map((act) => ({ ...act, at: now + act.after })))
    if (came.heldUntil !== undefined) held.push([now + came.cpu, came.heldUntil])
    if (came.memory !== undefined) memory.push(came.memory)
    now += came.cpu
    wakeAt = came.wakeAt
  }
  const wakeUntil = async (at: number): Promise<void> => {
    while (wakeAt !== undefined && wakeAt <= at) await turn(wakeAt, { type: 'wake' })
  }
  for (const [at, event] of events) {
    await wakeUntil(at)
    await turn(at, event)
  }
  await wakeUntil(until)
  guest.end()
  return { done, held, memory }
}

/** A GET request as an event. */
export function get(id: number, target: string, method = 'GET', body?: string): Event {
  const headers = [
    ['host', '127.0.0.1:8080'],
    ['user-agent', 'curl'],
    ['X-Twice', 'a'],
    ['x-twice', 'b'],
  ] as const
  return {
    type: 'request',
    request: { id, method, target, headers, ...(body === undefined ? {} : { body }) },
  }
}

/** The response to a request, and when it was sent. */
export function answerTo(done: readonly Done[], id: number) {
  const head = done.find((act) => act.type === 'head' && act.id === id)
  const end = done.find((act) => act.type === 'end' && act.id === id)
  const text = done.map((act) => (act.type === 'body' && act.id === id ? act.text : '')).join('')
  return head?.type === 'head' ? { status: head.status, text, at: Math.round(end?.at ?? -1) } : undefined
}
