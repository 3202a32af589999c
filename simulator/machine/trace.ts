import type { LogRecord, Stream } from '../manager/log.ts'
import type { ExitStatus } from '../manager/machine.ts'
import type { Bind } from '../manager/settings.ts'
import type { ProgramName } from '../manager/settings.ts'
import type { SignalName } from '../manager/signals.ts'
import type { Hardware } from './hardware.ts'
import type { ActiveState, SubState, UnitResult } from './init/api.ts'
import type { Keeper, KeptProgramState } from './keeper/api.ts'
import type { Certificate, CertificateVerdict } from './network/api.ts'

/** What a process is on the simulated machine. */
export type ProcessKind =
  /** A process manager, or with one worker the server itself. */
  | 'manager'
  | 'worker'
  /** Python's silent resource tracker beside spawned workers. */
  | 'helper'
  /** A program typed into a terminal: curl, kill, … */
  | 'command'
  /** A shell on a terminal. */
  | 'shell'
  /** PID 1: the init system, and what it starts by itself. */
  | 'init'
  /** A script that runs and ends, such as a migration. */
  | 'program'
  /** The TLS termination proxy. */
  | 'proxy'
  /** A program that restarts another: a loop in a script, Supervisor, a container's shim. */
  | 'keeper'

/** How a client's request ended. */
export type RequestEnd =
  | 'answered'
  /** The response head was sent, and the connection closed before the end of the body. */
  | 'cut-off'
  /** The connection was closed before a response began. */
  | 'closed'
  | 'refused'
  /** The client's timeout passed. */
  | 'gave-up'
  /** The name has no address. */
  | 'no-such-host'
  /** The client does not accept the certificate; the fact `certificate` says why. */
  | 'bad-certificate'
  /** The TLS handshake failed: the server has no certificate for the name and sends an alert (RFC 8446, `internal_error`). */
  | 'no-certificate'
  /** The TLS handshake failed: the server speaks plain HTTP. */
  | 'not-tls'

/**
 * One event of the machine's trace. Everything that the page shows (picture, terminals, figures) is computed from these events,
 * so the views cannot disagree. `at` is virtual time in milliseconds, `seq` counts from 0.
 */
export type TraceEvent = { readonly at: number; readonly seq: number } & TraceFact

/** What can happen on the machine. */
export type TraceFact =
  | {
      readonly type: 'forked'
      readonly pid: number
      readonly ppid: number
      readonly kind: ProcessKind
      readonly command: string
      /** The terminal that the process belongs to, if any. */
      readonly terminal?: string
      /** Of a manager: the name of the container, unit or kept program that it runs as. */
      readonly kept?: string
    }
  /** A worker's phase changed (see worker/), or a manager began to serve alone. */
  | { readonly type: 'phase'; readonly pid: number; readonly phase: string }
  | {
      readonly type: 'signalled'
      readonly pid: number
      readonly from: number | undefined
      readonly signal: SignalName
    }
  | { readonly type: 'stopped'; readonly pid: number }
  | { readonly type: 'continued'; readonly pid: number }
  /**
   * The main thread began to compute and handles no events until `until` (virtual ms), later if it must share its core;
   * `spinning`: it is in an endless loop.
   */
  | { readonly type: 'busy'; readonly pid: number; readonly until: number; readonly spinning: boolean }
  /** The main thread handles events again, later than `busy` said: it had to share the cores. */
  | { readonly type: 'rested'; readonly pid: number }
  /** Resident memory of a process in bytes, the part of it that is shared with others, and what it has in swap. */
  | {
      readonly type: 'memory'
      readonly pid: number
      readonly bytes: number
      readonly shared?: number
      readonly swapped?: number
    }
  /** How much of the machine's memory and swap is in use, in bytes. */
  | { readonly type: 'memory-used'; readonly used: number; readonly swapUsed: number }
  /** The process waits until `until` (virtual ms) for pages to be read from swap. */
  | { readonly type: 'swapping'; readonly pid: number; readonly until: number }
  | { readonly type: 'ended'; readonly pid: number; readonly status: ExitStatus }
  | { readonly type: 'reaped'; readonly pid: number; readonly by: number }
  | { readonly type: 'listening'; readonly pid: number; readonly bind: Bind }
  /** `pid`: the process that had opened it. Several processes may listen on one port, each with its own socket. */
  | { readonly type: 'listener-closed'; readonly pid: number; readonly bind: Bind }
  | {
      readonly type: 'connected'
      readonly request: number
      readonly bind: Bind
      readonly method: string
      readonly target: string
      /** The number of the client's request that a proxy forwards as this one. */
      readonly via?: number
    }
  /** The request came over a connection that `pid` already has open. */
  | {
      readonly type: 'kept-alive'
      readonly request: number
      readonly pid: number
      readonly connection: number
    }
  /** A manager has told the init system this (sd_notify). */
  | { readonly type: 'notified'; readonly pid: number; readonly text: string }
  | { readonly type: 'backlog'; readonly pid: number; readonly bind: Bind; readonly waiting: number }
  | { readonly type: 'accepted'; readonly request: number; readonly pid: number }
  | { readonly type: 'head'; readonly request: number; readonly pid: number; readonly status: number }
  | {
      readonly type: 'request-ended'
      readonly request: number
      readonly pid: number | undefined
      readonly end: RequestEnd
      /** The beginning of the answer's body. */
      readonly answer?: string
    }
  /** A process wrote text; `record`: the log record that it was made from, if any. */
  | {
      readonly type: 'output'
      readonly pid: number
      readonly stream: Stream
      readonly text: string
      readonly terminal?: string
      readonly record?: LogRecord
    }
  /** What the terminal itself shows: `^C`, the prompt, what is typed. */
  | { readonly type: 'echo'; readonly terminal: string; readonly text: string }
  | { readonly type: 'file-written'; readonly path: string }
  // The machine
  /** The machine was made, or the reader changed its hardware. */
  | ({ readonly type: 'hardware' } & Hardware)
  | { readonly type: 'installed'; readonly program: ProgramName; readonly version: string }
  | { readonly type: 'booted'; readonly count: number }
  | { readonly type: 'shutting-down'; readonly hard: boolean }
  /** A line of the kernel's log. */
  | { readonly type: 'dmesg'; readonly text: string }
  /** Memory ran out and the kernel kills `pid`; `container`: it was that container's limit. */
  | {
      readonly type: 'out-of-memory'
      readonly pid: number
      /** PID of the process that asked for memory. */
      readonly invoker: number
      readonly bytes: number
      readonly container?: string
    }
  /** The SSH connection of a terminal broke. */
  | { readonly type: 'hung-up'; readonly terminal: string }
  /** A reader caused or mended a fault: the method of `Faults`, and its object. */
  | { readonly type: 'fault'; readonly fault: string; readonly on: string }
  // The init system and keepers
  | {
      readonly type: 'unit'
      readonly unit: string
      readonly active: ActiveState
      readonly sub: SubState
      readonly result: UnitResult
      readonly restarts: number
      readonly restartAt?: number
    }
  | {
      readonly type: 'journal'
      readonly unit: string | undefined
      readonly identifier: string
      readonly pid: number
      readonly text: string
    }
  | {
      readonly type: 'kept'
      readonly name: string
      readonly by: Keeper['by']
      readonly state: KeptProgramState
      readonly word: string
      readonly restarts: number
      readonly restartAt?: number
    }
  | { readonly type: 'kept-no-more'; readonly name: string }
  // The stations of a request, in the order in which they come
  | {
      readonly type: 'dns'
      readonly request: number
      readonly name: string
      readonly address: string | undefined
    }
  | {
      readonly type: 'tcp'
      readonly request: number
      readonly from: string
      readonly address: string
      readonly port: number
    }
  | { readonly type: 'tls-hello'; readonly request: number; readonly serverName: string | undefined }
  /** The server has no certificate for the name that the client wants: the handshake ends here. */
  | {
      readonly type: 'certificate-missing'
      readonly request: number
      readonly serverName: string | undefined
    }
  | {
      readonly type: 'certificate'
      readonly request: number
      readonly certificate: Certificate
      readonly verdict: CertificateVerdict
    }
  | { readonly type: 'encrypted'; readonly request: number }
  /** The proxy has read the request. */
  | { readonly type: 'decrypted'; readonly request: number; readonly pid: number }
  /** The proxy forwarded the request as one of its own, with these headers added. */
  | {
      readonly type: 'forwarded'
      readonly request: number
      readonly as: number
      readonly upstream: string
      readonly headers: Readonly<Record<string, string>>
    }
  /** The proxy could not reach the application and answers with an error itself. */
  | { readonly type: 'bad-gateway'; readonly request: number; readonly status: 502 | 504 }
  /** The application server read `X-Forwarded-*` headers; `trusted`: whether it believes the address they came from. */
  | {
      readonly type: 'forwarded-headers'
      readonly request: number
      readonly pid: number
      readonly trusted: boolean
    }
  /** A step of the ACME challenge for a certificate. */
  | {
      readonly type: 'challenge'
      readonly name: string
      readonly step: 'ordered' | 'token-placed' | 'asked' | 'passed' | 'failed'
      readonly text?: string
    }
  | {
      readonly type: 'certificate-changed'
      readonly name: string
      readonly certificate: Certificate | undefined
    }
  // Shared data
  /** A database statement is over; `waited`: time it waited for a lock, `took`: all of its time, in ms. */
  | {
      readonly type: 'statement'
      readonly pid: number
      readonly statement: string
      readonly outcome: string
      readonly waited: number
      readonly took: number
    }
  | {
      readonly type: 'lock'
      readonly pid: number
      readonly name: string
      readonly step: 'waits' | 'has' | 'gives-back'
    }
  /** A database connection was opened, closed or refused; `open`: how many are open after it, `most`: how many the database allows. */
  | {
      readonly type: 'database-connection'
      readonly pid: number
      readonly step: 'opened' | 'closed' | 'refused'
      readonly open: number
      readonly most: number
    }
  | { readonly type: 'schema'; readonly version: number }
  | { readonly type: 'stored'; readonly pid: number; readonly key: string; readonly value: string }
  | { readonly type: 'published'; readonly pid: number; readonly channel: string; readonly receivers: number }
  | { readonly type: 'sent'; readonly pid: number; readonly text: string }
