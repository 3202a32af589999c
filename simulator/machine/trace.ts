import type { LogRecord, Stream } from '../manager/log.ts'
import type { ExitStatus } from '../manager/machine.ts'
import type { Bind } from '../manager/settings.ts'
import type { SignalName } from '../manager/signals.ts'

/** What a process is on the simulated machine. */
export type ProcessKind =
  /** A process manager, or with one worker the server itself. */
  | 'manager'
  | 'worker'
  /** Python's silent resource tracker beside spawned workers. */
  | 'helper'
  /** A program typed into a terminal: curl, kill, … */
  | 'command'
  /** What such programs are typed into. */
  | 'shell'

/** How a client's request ended. */
export type RequestEnd =
  | 'answered'
  /** The head had been sent, the rest never came. */
  | 'cut-off'
  /** The connection was closed before any answer. */
  | 'closed'
  | 'refused'
  /** The client lost patience. */
  | 'gave-up'

/**
 * One line of the machine's own log. Everything that is shown (picture, terminals, figures) is folded from these,
 * so they can never disagree. `at` is virtual time in milliseconds, `seq` counts from 0.
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
      /** Which process a terminal's Ctrl+C reaches. Nothing for a process without a terminal. */
      readonly terminal?: string
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
  /** The application began to compute and will not listen until then (virtual ms); `spinning`: no end in sight. */
  | { readonly type: 'busy'; readonly pid: number; readonly until: number; readonly spinning: boolean }
  /** Resident memory of a process, in bytes. */
  | { readonly type: 'memory'; readonly pid: number; readonly bytes: number }
  | { readonly type: 'ended'; readonly pid: number; readonly status: ExitStatus }
  | { readonly type: 'reaped'; readonly pid: number; readonly by: number }
  | { readonly type: 'listening'; readonly pid: number; readonly bind: Bind }
  | { readonly type: 'listener-closed'; readonly bind: Bind }
  | {
      readonly type: 'connected'
      readonly request: number
      readonly bind: Bind
      readonly method: string
      readonly target: string
    }
  | { readonly type: 'backlog'; readonly bind: Bind; readonly waiting: number }
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
  /** What a process wrote: the record that it was made from, when there is one. */
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
