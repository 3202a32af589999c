/**
 * `npm run compare -- gunicorn-20.1.0 hup [--host virtual|node|browser] [--seed N]`: what the real program printed, and beside it
 * what ours prints, with the differences marked. The exit code is 0 when they are the same, 1 when not, 2 when it was misused.
 */
import { styleText } from 'node:util'
import { judge, type Verdict } from '../judge/judge.ts'
import { folderOf, load } from '../recording/load.ts'
import type { Observed } from '../recording/observed.ts'
import type { Recorded } from '../recording/scenario.ts'
import { someSeed } from '../replay/seeds.ts'
import { layout, legend, type Page } from './layout.ts'
import { Misused, readOptions, type Options } from './options.ts'
import { pair } from './pair.ts'
import { endings, withSteps } from './steps.ts'
import { otherEnding } from '../exceptions/two-endings.ts'
import { virtualWorld } from '../replay/virtual-world.ts'
import { expectedOnNode, replay } from '../replay/world.ts'

/** A run of ours, what it is to be compared with, and what the judge says. */
interface Run extends Verdict {
  readonly recorded: Recorded
  readonly observed: Observed
  /** Where it ran, e.g. `virtual machine, seed 3`. */
  readonly where: string
}

/** Without a terminal: two columns of a usual width. */
const PLAIN: Page = { columns: 181, colors: false }

const on = { virtual: onVirtualMachine, node: onNode, browser: inBrowser }

try {
  const options = readOptions(process.argv.slice(2))
  const run = await on[options.host](options)
  const page = process.stdout.isTTY
    ? { columns: process.stdout.columns || 80, colors: process.stdout.hasColors() }
    : PLAIN
  process.stdout.write(`${shown(run, page).join('\n')}\n`)
  process.exitCode = run.same ? 0 : 1
} catch (error) {
  if (!(error instanceof Misused)) throw error
  process.stderr.write(`compare: ${error.message.trimEnd()}\n`)
  process.exitCode = 2
}

async function onVirtualMachine({ program, version, name, seed, seeds }: Options): Promise<Run> {
  const recorded = load(program, version, name)
  if (seed !== undefined) {
    const observed = await virtualWorld.run(recorded, { seed })
    return { ...judge(recorded, observed), recorded, observed, where: `virtual machine, seed ${seed}` }
  }
  const found = await someSeed(recorded, virtualWorld, { seeds })
  const where = found.same
    ? `virtual machine, seed ${found.seed}: the first that does as recorded`
    : `virtual machine, seed ${found.seed}: the nearest of ${found.tried}`
  return { ...found, recorded, where }
}

/** With the seed that does as recorded with scripts; with Web Workers it does the same. */
async function inBrowser({ program, version, name, seed, seeds }: Options): Promise<Run> {
  const recorded = load(program, version, name)
  const chosen = seed ?? (await someSeed(recorded, virtualWorld, { seeds })).seed
  const { runInBrowser } = await import('../replay/in-browser.ts')
  const observed = await runInBrowser(recorded, chosen)
  return { ...judge(recorded, observed), recorded, observed, where: `Web Workers in a page, seed ${chosen}` }
}

async function onNode({ program, version, name }: Options): Promise<Run> {
  // What is run is what is shipped: built first.
  await import('../../../src/build/command.ts')
  const { RealDriver } = await import('../../node/real/driver.ts')
  const driver = await RealDriver.make()
  const recorded = expectedOnNode(load(program, version, name), driver.place)
  const observed = await replay(recorded, driver, { hurry: true })
  const where = `real processes, port ${driver.port}`
  for (const one of [recorded, otherEnding(recorded)]) {
    if (one === undefined) continue
    const verdict = judge(one, observed, { races: true, seconds: 10 })
    if (verdict.same) return { ...verdict, recorded: one, observed, where }
  }
  return { ...judge(recorded, observed, { races: true, seconds: 10 }), recorded, observed, where }
}

function shown({ recorded, observed, same, report, where }: Run, page: Page): string[] {
  const style = (kind: 'bold' | 'green' | 'red', text: string) =>
    page.colors ? styleText(kind, text, { validateStream: false }) : text
  const rows = pair(recorded, observed, same)
  const [theirEnd, ourEnd] = endings(recorded, observed)
  const env = Object.entries(recorded.env).map(([name, value]) => `${name}=${value} `)
  return [
    style('bold', `${folderOf(recorded.program, recorded.version)} ${recorded.name}: ${recorded.about}`),
    `$ ${env.join('')}${recorded.command}`,
    where,
    '',
    ...layout(withSteps(rows, recorded), page),
    ...layout(
      [
        {
          mark: theirEnd === ourEnd ? 'same' : 'order',
          recorded: `master: ${theirEnd}`,
          ours: `master: ${ourEnd}`,
          lines: 0,
        },
      ],
      page,
    ).slice(-1),
    '',
    ...legend(rows, page),
    same ? style('green', 'The same as recorded.') : style('red', report),
  ]
}
