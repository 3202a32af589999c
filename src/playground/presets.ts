import type { ClientLoad } from '../../simulator/machine/clients/clients.ts'
import { GIB } from '../../simulator/machine/hardware.ts'
import { mainJs, mainPy } from '../../simulator/scenario/server-workers/files.ts'
import { newest } from '../../simulator/manager/versions.ts'
import {
  SESSION_VERSION,
  type MachineSettings,
  type SessionData,
} from '../../simulator/scenario/session/index.ts'

/** The application's file, and its twin in Python, which is only read. */
export const APP = 'main.js'
export const TWIN = 'main.py'

/** An application to begin with. Its name and what it shows are in content/playground/<language>.json. */
export interface Preset {
  readonly id: PresetId
  readonly app: string
  readonly twin: string
  readonly clients: ClientLoad
  /** Commands worth a try, for the second terminal; and for that of the server, beside the usual ones. */
  readonly offered: readonly string[]
  readonly server?: readonly string[]
}

const texts = import.meta.glob<string>('../../content/playground/apps/*/main.*', {
  query: '?raw',
  import: 'default',
  eager: true,
})

const CALM: ClientLoad = { clients: 5, method: 'GET', target: '/', pause: [150, 900], patience: 10_000 }
/** What the init system and other keepers run. */
export const KEPT_COMMAND = 'uvicorn main:app --port 8080 --workers 4'
/** What Start types. */
export const START = `${KEPT_COMMAND} --no-access-log`
const ORIGIN = 'http://127.0.0.1:8080'

const PRESETS = {
  hello: { clients: { ...CALM, target: '/work' }, offered: [`curl ${ORIGIN}/`] },
  counter: { offered: [`curl ${ORIGIN}/`] },
  cpu: { clients: { ...CALM, clients: 6 }, offered: [`curl ${ORIGIN}/`] },
  sleeping: { clients: { ...CALM, clients: 12 }, offered: [`curl ${ORIGIN}/`] },
  leak: { clients: { ...CALM, pause: [100, 500] }, offered: [`curl ${ORIGIN}/`, 'ps aux'] },
  model: { clients: { ...CALM, pause: [300, 1200] }, offered: [`curl ${ORIGIN}/`, 'ps aux'] },
  'crash-path': { offered: [`curl ${ORIGIN}/crash`, `curl ${ORIGIN}/`] },
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

/** Hello is the application of the first lab; the others have a folder each. */
function applicationOf(id: string): { readonly app: string; readonly twin: string } {
  return id === 'hello' ? { app: mainJs, twin: mainPy } : { app: text(id, APP), twin: text(id, TWIN) }
}

function text(id: string, file: string): string {
  const found = texts[`../../content/playground/apps/${id}/${file}`]
  if (found === undefined) throw new Error(`Expected content/playground/apps/${id}/${file} to exist.`)
  return found
}

/** The preset that these files are, unchanged. */
export function presetOf(files: Readonly<Record<string, string>>): Preset | undefined {
  return presets.find(({ app, twin }) => app === files[APP] && twin === files[TWIN])
}

export function preset(id: PresetId): Preset {
  const found = presets.find((each) => each.id === id)
  if (found === undefined) throw new Error(`There is no preset "${id}".`)
  return found
}

/** The name under which a proxy makes the server known. */
export const SITE = 'example.com'

/** A unit to begin with. */
export const DEFAULT_UNIT = `[Unit]
Description=My application
After=network.target

[Service]
WorkingDirectory=/home/user/code/awesomeapp
ExecStart=/usr/local/bin/${KEPT_COMMAND}
Restart=always
RestartSec=2

[Install]
WantedBy=multi-user.target
`

/** The machine that the playground begins with. */
export const MACHINE: MachineSettings = {
  cores: 4,
  memory: 2 * GIB,
  seed: 27365,
  versions: {
    uvicorn: newest('uvicorn').version,
    gunicorn: newest('gunicorn').version,
    fastapi: newest('fastapi').version,
  },
}

/** A session in which nothing has been done but to open one terminal. */
export function freshSession(
  machine: MachineSettings,
  from: Preset,
  columns: number,
  rows?: number,
): SessionData {
  return {
    version: SESSION_VERSION,
    machine,
    files: { [APP]: from.app, [TWIN]: from.twin },
    clients: from.clients,
    inputs: [{ at: 0, type: 'open', terminal: 'server', columns, ...(rows === undefined ? {} : { rows }) }],
    until: 0,
  }
}
