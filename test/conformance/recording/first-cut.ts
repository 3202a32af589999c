import { isRecorded, load, type Edition } from './load.ts'
import type { Recorded } from './scenario.ts'

/** The programs of the first cut. */
export const FIRST_EDITIONS: readonly Edition[] = [
  { program: 'uvicorn', version: '0.51.0' },
  { program: 'gunicorn', version: '20.1.0' },
  { program: 'fastapi', version: '0.0.7' },
]

/** The scenarios of the first cut. */
export const FIRST_SCENARIOS = [
  'start-4',
  'start-1',
  'start-noflag',
  'start-4-pipe',
  'start-4-72cols',
  'requests',
  'kill9-worker',
  'term-worker',
  'worker-exit-0',
  'worker-exit-1',
  'worker-exit-3',
  'ttin',
  'ttou',
  'ttou-at-one',
  'hup',
  'hup-broken-code',
  'ctrl-c',
  'ctrl-c-1',
  'int-master',
  'term-master',
  'inflight-term',
  'inflight-ctrl-c',
  'inflight-ctrl-c-twice',
  'bad-module',
  'bad-attribute',
  'import-raises',
  'lifespan-fail',
  'boot-loop-exit-1',
  'port-in-use',
  'kill9-master',
  'hung-sigstop',
  'hung-busy-loop',
] as const

/** The scenarios that one conformance suite runs on all hosts. */
export const CONFORMANCE = [
  'start-4',
  'requests',
  'kill9-worker',
  'term-worker',
  'worker-exit-1',
  'ttin',
  'ttou',
  'hup',
  'hung-busy-loop',
  'inflight-term',
  'ctrl-c',
  'term-master',
] as const satisfies readonly (typeof FIRST_SCENARIOS)[number][]

/** The recordings of the first cut, of each program those that there are. */
export function firstCut(names: readonly string[] = FIRST_SCENARIOS): Recorded[] {
  return FIRST_EDITIONS.flatMap(({ program, version }) =>
    names.filter((name) => isRecorded(program, version, name)).map((name) => load(program, version, name)),
  )
}
