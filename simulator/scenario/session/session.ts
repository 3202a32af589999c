import type { ClientLoad } from '../../machine/clients/clients.ts'
import { HARDWARE_LIMITS } from '../../machine/hardware.ts'
import type { Runtime } from '../../machine/runtime.ts'
import type { ProgramName } from '../../manager/settings.ts'
import type { SignalName } from '../../manager/signals.ts'

/** The version of the format below. Incompatible changes get the next number. */
export const SESSION_VERSION = 1

/**
 * All inputs of a machine. It has no other source of randomness or time, so replaying them gives the same trace: with scripted
 * processes and with Web Workers, here and on somebody else's computer.
 */
export interface SessionData {
  readonly version: typeof SESSION_VERSION
  readonly machine: MachineSettings
  /** The application's runtime; JavaScript by default. */
  readonly runtime?: Runtime
  /** The files at the start, by name. */
  readonly files: Readonly<Record<string, string>>
  /** How the clients behave once they are turned on. */
  readonly clients: ClientLoad
  /** In chronological order. */
  readonly inputs: readonly TimedInput[]
  /** The end of the session, in virtual ms. */
  readonly until: number
}

/** What a reader can set before the machine is switched on. */
export interface MachineSettings {
  readonly cores: number
  /** Bytes. */
  readonly memory: number
  /** Bytes; none by default. */
  readonly swap?: number
  /** The same seed and the same inputs give the same run: 0 to 2³² - 1. */
  readonly seed: number
  /** The version of each program. */
  readonly versions: Readonly<Record<ProgramName, string>>
}

/** An input with its time in whole virtual ms. It is applied after all other events of that millisecond. */
export type TimedInput = { readonly at: number } & SessionInput

/** An action of a person on a machine. */
export type SessionInput =
  /** A terminal is opened, with a unique name. */
  | {
      readonly type: 'open'
      readonly terminal: string
      readonly columns: number
      /** 24 by default. */
      readonly rows?: number
    }
  | { readonly type: 'resize'; readonly terminal: string; readonly columns: number; readonly rows?: number }
  /** A whole line was typed and sent with Enter. */
  | { readonly type: 'line'; readonly terminal: string; readonly text: string }
  /** Keys as a terminal sends them (`\x03` is Ctrl+C); `line` is the text in the line before. */
  | { readonly type: 'keys'; readonly terminal: string; readonly data: string; readonly line?: string }
  /** A file was saved. */
  | { readonly type: 'write'; readonly file: string; readonly text: string }
  /** A signal from the picture rather than from a terminal. */
  | { readonly type: 'signal'; readonly pid: number; readonly signal: SignalName }
  /** The clients are turned on or off, or their behaviour is changed. */
  | { readonly type: 'clients'; readonly on: boolean; readonly load?: ClientLoad }
  /** One request from the picture. */
  | { readonly type: 'request'; readonly method: string; readonly target: string }
  /** The main thread of a process starts to spin for ever. */
  | { readonly type: 'spin'; readonly pid: number }
  /** A process allocates this many bytes. */
  | { readonly type: 'fill-memory'; readonly pid: number; readonly bytes: number }
  /** The machine reboots; `hard`: by a power cut. */
  | { readonly type: 'reboot'; readonly hard: boolean }
  /** The SSH connection of a terminal breaks. */
  | { readonly type: 'hang-up'; readonly terminal: string }
  /** A command to the init system, as by `systemctl`. */
  | { readonly type: 'unit'; readonly verb: UnitVerb; readonly unit: string }
  /** The application is run by another supervisor than the init system, to compare. */
  | { readonly type: 'keep'; readonly by: KeeperKind; readonly name: string; readonly command: string }
  /** A command to such a supervisor, as by `docker` or `supervisorctl`. */
  | { readonly type: 'keeper'; readonly verb: KeeperVerb; readonly name: string }
  /**
   * A TLS termination proxy is put in front of the server, under a public host name, or removed; while it is there the clients use
   * that name. `automatic`: it obtains and renews its certificate by itself.
   */
  | { readonly type: 'proxy'; readonly on: boolean; readonly site: string; readonly automatic: boolean }
  /** A new certificate is requested, or the present one expires now. */
  | { readonly type: 'certificate'; readonly verb: CertificateVerb; readonly site: string }

export const UNIT_VERBS = [
  'start',
  'stop',
  'restart',
  'reload',
  'enable',
  'disable',
  'daemon-reload',
] as const
export type UnitVerb = (typeof UNIT_VERBS)[number]

/** A container that always restarts, Supervisor, and a loop in a shell script. */
export const KEEPER_KINDS = ['container', 'supervisor', 'loop'] as const
export type KeeperKind = (typeof KEEPER_KINDS)[number]

export const KEEPER_VERBS = ['start', 'stop', 'remove'] as const
export type KeeperVerb = (typeof KEEPER_VERBS)[number]

export const CERTIFICATE_VERBS = ['obtain', 'expire'] as const
export type CertificateVerb = (typeof CERTIFICATE_VERBS)[number]

/** The limits of the settings, and of a session from elsewhere. */
export const LIMITS = {
  cores: HARDWARE_LIMITS.cores,
  memory: HARDWARE_LIMITS.memory,
  swap: HARDWARE_LIMITS.swap,
  seed: [0, 4_294_967_295],
  columns: [20, 400],
  rows: [4, 200],
  clients: [1, 64],
  /** Pauses and timeouts of clients, in ms. */
  wait: [0, 600_000],
  /** A day, in virtual ms. */
  time: [0, 86_400_000],
  pid: [1, 4_194_304],
  files: 20,
  /** Characters of a file, of a line, of a name. */
  file: 100_000,
  line: 10_000,
  name: 64,
  inputs: 20_000,
  terminals: 9,
} as const
