/** Small figures: each shows what it claims, and its control changes the number that the claim is about. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { FIGURES, figureOf } from '../../../src/figures/all/index.ts'
import { valuesOf, type Figure, type Measure } from '../../../src/figures/figure.ts'
import { runPlan } from '../../../src/figures/run.ts'
import { heightOf, scene, WIDTH } from '../../../src/figures/scene.ts'
import { observe } from '../../../src/figures/observe.ts'

async function measured(figure: Figure, value: string): Promise<Readonly<Record<string, number | string>>> {
  const { events } = await runPlan(figure.plan(value))
  return Object.fromEntries(figure.measures(observe(events)).map((each) => [each.id, numberOf(each)]))
}

function numberOf(measure: Measure): number | string {
  if ('word' in measure) return measure.word
  return 'ms' in measure ? Math.round(measure.ms / 10) / 100 : measure.count
}

const english = JSON.parse(readFileSync('content/figures/en.json', 'utf8')) as Record<
  string,
  Record<string, Record<string, string>>
>

describe.each(FIGURES.map((figure) => [figure.id, figure] as const))('%s', (id, figure) => {
  const values = valuesOf(figure.control)

  test('its control changes the number that its claim is about, by a run in which its event happens', async () => {
    const firsts = new Set<number | string>()
    let happened = 0
    for (const value of values) {
      const { events, from, until } = await runPlan(figure.plan(value))
      happened += events.filter(({ type, at }) => type === figure.event && at >= from && at <= until).length
      const [first] = figure.measures(observe(events))
      firsts.add(numberOf(first!))
    }
    expect(happened).toBeGreaterThan(0)
    expect(values).toContain(figure.control.first)
    expect(firsts.size).toBeGreaterThan(1)
  })

  test('the same value gives the same run', async () => {
    const value = figure.control.first
    expect((await runPlan(figure.plan(value))).events).toEqual((await runPlan(figure.plan(value))).events)
  })

  test('all that it names has words, and it stands in its chapter once, in each language', async () => {
    const words = english[id]!
    const named = new Set<string>()
    const name = (row: string): string => (named.add(row), row)
    for (const value of values) {
      const machine = observe((await runPlan(figure.plan(value))).events)
      figure.rows(machine, name)
      for (const measure of figure.measures(machine)) {
        expect(words['measures']).toHaveProperty(measure.id)
        if ('word' in measure) expect(words['results']).toHaveProperty(measure.word)
      }
    }
    expect([...named].filter((row) => words['rows']?.[row] === undefined)).toEqual([])
    if (figure.control.kind === 'choice') expect(Object.keys(words['values']!)).toEqual([...values])
    for (const folder of ['', 'zh-cn/', 'ko/']) {
      const page = `content/docs/${folder}${figure.chapter}.mdx`
      expect(existsSync(page) && readFileSync(page, 'utf8').split(`<Figure of="${id}" />`).length).toBe(2)
    }
  })

  test('whatever it draws lies in the picture, and nothing is drawn before it happens', async () => {
    for (const value of values) {
      const { events, from, until } = await runPlan(figure.plan(value))
      const rows = figure.rows(observe(events), (row) => row)
      const height = heightOf(rows.length)
      const view = { from, until, height, seconds: '{seconds}' }
      const end = scene(rows, { ...view, now: until })
      for (const { tag, attributes } of end) {
        if (tag !== 'rect') continue
        const [x, y] = [Number(attributes['x']), Number(attributes['y'])]
        expect(x).toBeGreaterThanOrEqual(0)
        expect(x + Number(attributes['width'])).toBeLessThanOrEqual(WIDTH)
        expect(y + Number(attributes['height'])).toBeLessThanOrEqual(height)
      }
      const bars = (now: number): number =>
        scene(rows, { ...view, now }).filter(({ attributes }) => /\bbar\b/.test(String(attributes['class'])))
          .length
      expect(bars(from)).toBeLessThan(Math.max(1, bars(until)))
      expect(bars((from + until) / 2)).toBeLessThanOrEqual(bars(until))
    }
  })
})

test('accept-queue: the longest wait shrinks with every worker, and nobody waits with four', async () => {
  const runs = await Promise.all(
    ['1', '2', '3', '4'].map((value) => measured(figureOf('accept-queue'), value)),
  )
  const longest = runs.map((run) => Number(run['longest']))
  expect(longest).toEqual(longest.toSorted((a, b) => b - a))
  expect(longest[0]).toBeGreaterThan(2)
  expect(runs[3]).toEqual({ longest: 0, most: 0 })
})

test('blocking-call: the others wait for the call that blocks, and not for one that is awaited', async () => {
  const blocking = figureOf('blocking-call')
  expect((await measured(blocking, 'blocks'))['longest']).toBeGreaterThan(1.7)
  expect((await measured(blocking, 'await'))['longest']).toBeLessThan(0.05)
  expect((await measured(blocking, 'blocks'))['served']).toBe(12)
})

test('who-gets-sigterm: in exec form uvicorn ends by itself, in shell form it never gets the signal', async () => {
  const figure = figureOf('who-gets-sigterm')
  const exec = await measured(figure, 'exec')
  expect(exec).toMatchObject({ got: 1, how: 'itself' })
  expect(exec['gone']).toBeLessThan(1)
  expect(await measured(figure, 'shell')).toEqual({ gone: 10, got: 0, how: 'killed' })
})

test('rolling-update: no request fails when a new replica is ready first', async () => {
  const figure = figureOf('rolling-update')
  const runs = await Promise.all(valuesOf(figure.control).map((value) => measured(figure, value)))
  const [ready = 1, early = 0, recreate = 0] = runs.map(({ failed }) => Number(failed))
  expect(ready).toBe(0)
  expect(early).toBeGreaterThan(2)
  expect(recreate).toBeGreaterThan(early)
  expect(runs.map(({ failed, answered }) => Number(failed) + Number(answered))).toEqual([45, 45, 45])
})
