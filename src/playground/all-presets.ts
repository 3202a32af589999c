import { lookUp } from '../../simulator/manager/look-up.ts'
import type { ClientLoad } from '../../simulator/machine/clients/clients.ts'
import { APP, CALM, HELLO, KEPT_COMMAND, ORIGIN, TWIN, type Application } from './presets.ts'

/** An example application. Its name and description are in content/playground/<language>.json. */
export interface Preset extends Application {
  readonly id: PresetId
}

const texts = import.meta.glob<string>('../../content/playground/apps/*/main.*', {
  query: '?raw',
  import: 'default',
  eager: true,
})

const PRESETS = {
  hello: HELLO,
  counter: { offered: [`curl ${ORIGIN}/`] },
  cpu: { clients: { ...CALM, clients: 6 }, offered: [`curl ${ORIGIN}/`] },
  sleeping: { clients: { ...CALM, clients: 12 }, offered: [`curl ${ORIGIN}/`] },
  leak: { clients: { ...CALM, pause: [100, 500] }, offered: [`curl ${ORIGIN}/`, 'ps aux'] },
  model: { clients: { ...CALM, pause: [300, 1200] }, offered: [`curl ${ORIGIN}/`, 'ps aux'] },
  'crash-path': {
    clients: { ...CALM, clients: 2, target: '/crash', pause: [2000, 5000] },
    offered: [`curl ${ORIGIN}/`, `curl ${ORIGIN}/crash`],
  },
  'crash-import': {
    offered: [`curl ${ORIGIN}/`],
    server: [`DATABASE_URL=postgres://localhost/app ${KEPT_COMMAND}`],
  },
  'failing-startup': { offered: ['cat main.js'] },
  hang: { offered: [`curl ${ORIGIN}/hang`, `curl ${ORIGIN}/`] },
  scheduler: { offered: [`curl ${ORIGIN}/`] },
  broadcast: {
    clients: { ...CALM, clients: 6, target: '/events', patience: 20_000 },
    offered: [`curl ${ORIGIN}/events`, `curl ${ORIGIN}/say?text=hi`],
  },
} as const satisfies Record<
  string,
  { clients?: ClientLoad; offered: readonly string[]; server?: readonly string[] }
>

export type PresetId = keyof typeof PRESETS

/** All presets, simple ones first. */
export const presets: readonly Preset[] = Object.entries(PRESETS).map(([id, more]) => ({
  id: id as PresetId,
  clients: CALM,
  ...applicationOf(id),
  ...more,
}))

/** Hello is the first lab's application; each of the others has a folder. */
function applicationOf(id: string): { readonly app: string; readonly twin: string } {
  return id === 'hello' ? HELLO : { app: text(id, APP), twin: text(id, TWIN) }
}

function text(id: string, file: string): string {
  const found = lookUp(texts, `../../content/playground/apps/${id}/${file}`)
  if (found === undefined) throw new Error(`Expected content/playground/apps/${id}/${file} to exist.`)
  return found
}

/** Whether two files differ only in their first line, a comment, which is translated. */
function sameCode(one: string, other: string): boolean {
  const code = (file: string) => file.replace(/^(?:\/\/|#) .*\n/, '')
  return code(one) === code(other)
}

/** The preset whose unchanged files these are, in whatever language their first line is. */
export function presetOf(files: Readonly<Record<string, string>>): Preset | undefined {
  return presets.find(({ app, twin }) => sameCode(app, files[APP] ?? '') && sameCode(twin, files[TWIN] ?? ''))
}

export function preset(id: PresetId): Preset {
  const found = presets.find((each) => each.id === id)
  if (found === undefined) throw new Error(`There is no preset "${id}".`)
  return found
}
