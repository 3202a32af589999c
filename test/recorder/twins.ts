/** The pairs of applications, in JavaScript and in Python, that the page shows, and what they are asked. */
import { SCENARIOS } from '../../simulator/scenario/index.ts'
import { presets } from '../../src/playground/all-presets.ts'

/** Both files, and what is asked, one after the other. */
export interface Twins {
  readonly id: string
  readonly js: string
  readonly py: string
  readonly asked: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

const ENVIRONMENT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'crash-import': { DATABASE_URL: 'postgres://localhost/app' },
}

/** What a preset's clients and its suggested commands ask for, twice each where it may count. */
const ofPresets: readonly Twins[] = presets.map(({ id, app, twin, clients, offered }) => {
  const typed = offered.flatMap((line) => /^curl http:\/\/[^/]+(\/\S*)/.exec(line)?.[1] ?? [])
  // What ends or blocks its process is asked last.
  const asked = [...new Set([...typed, clients.target])].toSorted(
    (a, b) => Number(isLast(a)) - Number(isLast(b)),
  )
  return {
    id,
    js: app,
    py: twin,
    asked: id === 'counter' ? [...asked, ...asked] : asked,
    env: ENVIRONMENT[id] ?? {},
  }
})

/** The applications of the chapters, asked what their labs' clients ask. */
const ofLabs: readonly Twins[] = SCENARIOS.flatMap(({ id, files, clients }) => {
  const [js, py] = [files['main.js'], files['main.py']]
  const asked =
    id === 'replication'
      ? ['/', '/count', '/count', '/metrics', '/wait', '/compute', '/block']
      : ['/', clients.target]
  if (js === undefined || py === undefined) return []
  return [
    {
      id: `the lab ${id}`,
      js,
      py,
      asked: id === 'restarts' ? [...asked, '/busy/0', '/slow/0', '/crash'] : asked,
    },
  ]
})

/** Each pair of files once. */
export const twins = [...ofPresets, ...ofLabs].filter(
  (pair, at, list) => list.findIndex(({ js, py }) => js === pair.js && py === pair.py) === at,
)

/** What is answered without end, or not at all. */
export function isEndless(path: string): boolean {
  return path === '/hang' || path === '/events'
}

/** What ends or blocks its process. */
export function isLast(path: string): boolean {
  return path === '/crash' || path === '/hang'
}
