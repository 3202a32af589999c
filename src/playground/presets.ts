import type { ClientLoad } from '../../simulator/machine/clients/clients.ts'
import { GIB } from '../../simulator/machine/hardware.ts'
import { mainJs, mainPy } from '../../simulator/scenario/server-workers/files.ts'
import { byProgram } from '../../simulator/manager/traits.ts'
import { defaultSpeaker } from '../../simulator/manager/versions.ts'
import {
  SESSION_VERSION,
  type MachineSettings,
  type SessionData,
} from '../../simulator/scenario/session/index.ts'

/** The application's file, and its twin in Python, which is only read. */
export const APP = 'main.js'
export const TWIN = 'main.py'

/** An example application, with commands and clients that suit it. */
export interface Application {
  readonly app: string
  readonly twin: string
  readonly clients: ClientLoad
  /** Suggested commands for the second terminal; and more for the server's terminal. */
  readonly offered: readonly string[]
  readonly server?: readonly string[]
}

/** Clients that send a request now and then. */
export const CALM: ClientLoad = {
  clients: 5,
  method: 'GET',
  target: '/',
  pause: [150, 900],
  patience: 10_000,
}
/** The command that the init system and other supervisors run. */
export const KEPT_COMMAND = 'uvicorn main:app --port 8080 --workers 4'
/** The command that the Start button types. */
export const START = `${KEPT_COMMAND} --no-access-log`
export const ORIGIN = 'http://127.0.0.1:8080'

/** The preset of a first visit: the first lab's application. The others are in all-presets.ts, which is loaded lazily. */
export const HELLO: Application = {
  app: mainJs,
  twin: mainPy,
  clients: { ...CALM, target: '/work' },
  offered: [`curl ${ORIGIN}/`],
}

/** The application with its first line, a comment that says what it does, in the reader's language. */
export function withComment<Of extends Application>(from: Of, comment: string): Of {
  const say = (file: string) => file.replace(/(?<=^\S+ ).*/, () => comment)
  return { ...from, app: say(from.app), twin: say(from.twin) }
}

/** The public host name that a proxy serves. */
export const SITE = 'example.com'

/** The default unit file. */
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

/** The default machine. */
export const MACHINE: MachineSettings = {
  cores: 4,
  memory: 2 * GIB,
  seed: 27365,
  versions: byProgram((program) => defaultSpeaker(program).version),
}

/** A new session: one terminal, no other inputs. */
export function freshSession(
  machine: MachineSettings,
  from: Application,
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
