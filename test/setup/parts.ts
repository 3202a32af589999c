/** The parts of `npm test`. */
import { countPlaywright, countVitest, type Count } from './reports.ts'

export interface Part {
  readonly name: string
  /** The commands that are run one after the other, each as an argument list. */
  readonly commands: readonly (readonly string[])[]
  /** Counts the tests in the last command's report; without it every command counts as one test. */
  readonly count?: (report: unknown) => Count
  /** The part mostly waits for processes and timers, so other parts run at the same time. */
  readonly waits?: true
}

/** Stands for the path of the report in a command's arguments. (Playwright reads the path from its environment.) */
export const REPORT = '{report}'

/** A project of vitest.config.ts. */
const vitest = (name: string): Part => ({
  name,
  commands: [
    [
      ...['vitest', 'run', '--project', name],
      ...['--reporter=dot', '--reporter=json', `--outputFile.json=${REPORT}`],
    ],
  ],
  count: countVitest,
})

/** `SHARD=1/4`: a quarter of the browser tests, for four machines that share them. */
const shard = process.env.SHARD ? [`--shard=${process.env.SHARD}`] : []

const tsc = (project: string) => ['node', 'node_modules/typescript-native/bin/tsc', '-p', project]

/** The parts in stages: a stage begins when the one before it has ended. */
export const stages: readonly (readonly Part[])[] = [
  [
    {
      name: 'types',
      commands: [
        tsc('tsconfig.pure.json'),
        tsc('tsconfig.browser.json'),
        tsc('tsconfig.node.json'),
        ['astro', 'check'],
      ],
    },
    {
      name: 'style',
      commands: [
        ['node', 'test/setup/style.ts', 'eslint', '--no-warn-ignored', '--no-error-on-unmatched-pattern'],
        ['node', 'test/setup/style.ts', 'prettier', '--check', '--ignore-unknown'],
      ],
    },
    vitest('lint'),
    vitest('unit'),
    vitest('conformance'),
    vitest('recorder'),
    { name: 'site', commands: [['node', 'test/setup/sites.ts']] },
    { ...vitest('node'), waits: true },
  ],
  [
    {
      name: 'browser',
      commands: [
        ['node', 'test/setup/chromium.ts'],
        ['playwright', 'test', '--reporter=line,json', ...shard],
      ],
      count: countPlaywright,
    },
  ],
]
