import type { Clock } from './clock.ts'
import { define, defineGetter, wrapMethod } from './define.ts'

/** Replaces everything that reads the time by the clock of the process. */
export function replaceClocks(clock: Clock): void {
  define(globalThis, 'Date', virtualDate(clock))
  replacePerformance(clock)
  replaceFormats(clock)
  replaceTemporal(clock)
  defineGetter(Event.prototype, 'timeStamp', () => clock.now)
}

function virtualDate(clock: Clock): DateConstructor {
  const virtual: DateConstructor = new Proxy(Date, {
    construct(own, parameters, newTarget) {
      const given = parameters.length === 0 ? [clock.readDate()] : parameters
      return Reflect.construct(own, given, newTarget === virtual ? own : newTarget) as Date
    },
    apply: (own) => new own(clock.readDate()).toString(),
  })
  define(Date, 'now', () => clock.readDate())
  define(Date.prototype, 'constructor', virtual)
  return virtual
}

function replacePerformance(clock: Clock): void {
  const born = clock.now
  const timeOrigin = clock.epoch + born
  const performance = {
    timeOrigin,
    now: () => clock.read() - born,
    toJSON: () => ({ timeOrigin }),
  }
  define(globalThis, 'performance', performance)
}

/** `format()` without a date formats the current time. */
function replaceFormats(clock: Clock): void {
  const own: unknown = Reflect.get(
    Object.getOwnPropertyDescriptor(Intl.DateTimeFormat.prototype, 'format') ?? {},
    'get',
  )
  if (typeof own === 'function') {
    defineGetter(Intl.DateTimeFormat.prototype, 'format', function (this: Intl.DateTimeFormat) {
      const format = Reflect.apply(own, this, []) as (date: Date | number) => string
      return (date?: Date | number) => format(date ?? clock.readDate())
    })
  }
  wrapMethod(
    Intl.DateTimeFormat.prototype,
    'formatToParts',
    (own) =>
      function (date) {
        return own.call(this, date ?? clock.readDate())
      },
  )
}

interface Zoned {
  toPlainDateTime(): unknown
  toPlainDate(): unknown
  toPlainTime(): unknown
}

/** The part of Temporal that reads the clock. */
interface TemporalLike {
  Now: { timeZoneId(): string }
  Instant: { fromEpochMilliseconds(ms: number): { toZonedDateTimeISO(zone: string): Zoned } }
}

function replaceTemporal(clock: Clock): void {
  const temporal: unknown = Reflect.get(globalThis, 'Temporal')
  if (temporal === undefined) return
  const { Now, Instant } = temporal as TemporalLike
  const instant = () => Instant.fromEpochMilliseconds(clock.readDate())
  const zoned = (zone = Now.timeZoneId()) => instant().toZonedDateTimeISO(zone)
  define(Now, 'instant', instant)
  define(Now, 'zonedDateTimeISO', zoned)
  define(Now, 'plainDateTimeISO', (zone?: string) => zoned(zone).toPlainDateTime())
  define(Now, 'plainDateISO', (zone?: string) => zoned(zone).toPlainDate())
  define(Now, 'plainTimeISO', (zone?: string) => zoned(zone).toPlainTime())
}
