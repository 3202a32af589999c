import fc from 'fast-check'
import type { More } from '../machine.ts'
import { SIGNAL_NUMBERS, type SignalName } from '../../../../simulator/manager/signals.ts'

/** Something that happens to a machine from outside. */
export type Act =
  | { readonly do: 'wait'; readonly ms: number }
  /** `nth`: which manager, when SIGUSR2 has made a second one. */
  | { readonly do: 'signal manager'; readonly nth: number; readonly signal: SignalName }
  | { readonly do: 'signal worker'; readonly nth: number; readonly signal: SignalName }
  | { readonly do: 'request'; readonly target: string; readonly patience: number }
  | { readonly do: 'ctrl-c' }
  | { readonly do: 'resize' }
  | { readonly do: 'edit'; readonly source: string }

/** A whole story: how the server is started, how busy the machine is, and what happens then. */
export interface Story {
  readonly workers: number
  readonly seed: number
  readonly busy: boolean
  /** How long the server is left alone first, in ms. */
  readonly lead: number
  /** The application's file at the start. */
  readonly source: string
  readonly more: More
  readonly acts: readonly Act[]
}

const EVERY_SIGNAL = Object.keys(SIGNAL_NUMBERS) as SignalName[]

/** Ways of the application to misbehave that a master survives, and those that some masters do not. */
const MILD = ['', '', '', 'boot=exit0', 'boot=exit1', 'life=slow1', 'life=slow4', 'life=unsupported'] as const
const GRAVE = ['boot=raise', 'boot=exit3', 'boot=exit4', 'life=fail'] as const

/** Between two things there is mostly hardly a moment, sometimes time to settle. */
const wait = fc
  .oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 40 }) },
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 600 }) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 7000 }) },
  )
  .map((ms): Act => ({ do: 'wait', ms }))

const toManager = (...signals: readonly SignalName[]) =>
  fc.record({
    do: fc.constant('signal manager' as const),
    nth: fc.nat(3),
    signal: fc.constantFrom(...signals),
  })

const toWorker = (...signals: readonly SignalName[]) =>
  fc.record({
    do: fc.constant('signal worker' as const),
    nth: fc.nat(6),
    signal: fc.constantFrom(...signals),
  })

const request = (...targets: readonly string[]) =>
  fc.record({
    do: fc.constant('request' as const),
    target: fc.constantFrom(...targets),
    patience: fc.constantFrom(100, 3000, 30_000),
  })

const edit = (...sources: readonly string[]) =>
  fc.constantFrom(...sources).map((source): Act => ({ do: 'edit', source }))

/** What a server is made for. */
const mild: readonly fc.WeightedArbitrary<Act>[] = [
  { weight: 10, arbitrary: wait },
  { weight: 5, arbitrary: toManager('HUP', 'TTIN', 'TTOU') },
  { weight: 2, arbitrary: toManager('USR1', 'USR2', 'WINCH', 'STOP', 'CONT') },
  { weight: 5, arbitrary: toWorker('KILL', 'TERM', 'INT', 'STOP', 'CONT') },
  { weight: 1, arbitrary: toWorker(...EVERY_SIGNAL) },
  {
    weight: 5,
    arbitrary: request('/', '/', '/slow/1', '/slow/6', '/busy/2', '/busy/6', '/exit/0', '/exit/1', '/boom'),
  },
  { weight: 2, arbitrary: edit(...MILD) },
  { weight: 1, arbitrary: fc.constant<Act>({ do: 'resize' }) },
]

/** What ends a server, or may. */
const grave: readonly fc.WeightedArbitrary<Act>[] = [
  { weight: 2, arbitrary: toManager('INT', 'TERM', 'QUIT') },
  { weight: 2, arbitrary: toManager(...EVERY_SIGNAL) },
  { weight: 2, arbitrary: fc.constant<Act>({ do: 'ctrl-c' }) },
  { weight: 1, arbitrary: request('/exit/3', '/exit/4') },
  { weight: 2, arbitrary: edit(...GRAVE) },
]

/** Any story. Mostly the server is up when things begin to happen, and lives for a while. */
export const story: fc.Arbitrary<Story> = fc.record({
  workers: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 2, max: 4 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 1 }) },
  ),
  seed: fc.nat(1e6),
  busy: fc.boolean(),
  lead: fc.constantFrom(2500, 2500, 2500, 0, 120, 300, 600),
  source: fc.oneof(
    { weight: 5, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.constantFrom(...MILD, ...GRAVE) },
  ),
  more: fc.constantFrom<More>(
    {},
    {},
    {},
    { gracefulTimeout: 2 },
    { maxRequests: 2 },
    { maxRequests: 1, maxRequestsJitter: 2 },
    { timeout: 0 },
    { preload: true },
    { healthcheckTimeout: 4 },
  ),
  acts: fc
    .tuple(
      fc.array(fc.oneof(...mild), { maxLength: 40, size: 'max' }),
      fc.array(fc.oneof(...mild, ...grave), { maxLength: 20, size: 'max' }),
    )
    .map((parts) => parts.flat()),
})
