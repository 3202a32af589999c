import type { KeptProgramSpec } from '../machine/keeper/api.ts'
import type { ProxySettings } from '../machine/network/api.ts'
import type { ClientRequest } from '../machine/system.ts'
import type { SignalName } from '../manager/signals.ts'
import type { TerminalName } from './terminals.ts'

/** An action on a machine, this many virtual ms after the previous step (or after the start of the run). */
export type Step = { readonly after: number } & StepAction

/** An action that a reader could do, too. In texts `{parent}` and `{worker:1}` stand for PIDs (see `fillPids`). */
export type StepAction =
  /** Types a command and Enter. */
  | { readonly do: 'type'; readonly in: TerminalName; readonly text: string }
  /** Ctrl+C. */
  | { readonly do: 'interrupt'; readonly in: TerminalName }
  /** Sends a signal, as `kill` does. */
  | { readonly do: 'signal'; readonly to: string; readonly signal: SignalName }
  /** A client (not a program in a terminal) sends one request. */
  | { readonly do: 'request'; readonly target: string; readonly patience?: number }
  /** Turns the clients on or off. */
  | { readonly do: 'clients'; readonly on: boolean }
  /** Writes a file, as an editor does. */
  | { readonly do: 'write'; readonly file: string; readonly text: string }
  /** A command to the init system, as by `systemctl`. */
  | {
      readonly do: 'unit'
      readonly verb: 'start' | 'stop' | 'restart' | 'enable' | 'disable'
      readonly unit: string
    }
  | { readonly do: 'reboot' }
  /** The SSH connection of a terminal breaks. */
  | { readonly do: 'hang-up'; readonly in: TerminalName }
  /** A container, a pod or the like is created and started. */
  | { readonly do: 'keep'; readonly keeping: KeptProgramSpec }
  | { readonly do: 'keeper'; readonly verb: 'stop' | 'start'; readonly name: string }
  /** Starts a program without a terminal. */
  | { readonly do: 'exec'; readonly command: string }
  /** Adds a DNS A record. */
  | { readonly do: 'name'; readonly name: string; readonly address: string }
  | { readonly do: 'proxy'; readonly settings: ProxySettings }
  /** Requests a certificate; expires one early. */
  | { readonly do: 'obtain'; readonly name: string }
  | { readonly do: 'expire'; readonly name: string }
  /** A client from elsewhere sends one request. */
  | { readonly do: 'ask'; readonly request: Omit<ClientRequest, 'method' | 'patience'> }
  /** Does nothing: only time passes. */
  | { readonly do: 'wait' }

/** Repeats a step `count` times, `every` ms. */
export function times(step: Step, count: number, every: number): readonly Step[] {
  return Array.from({ length: count }, (_, index) => (index === 0 ? step : { ...step, after: every }))
}

/** Sends `count` requests, `every` ms. */
export function requests(target: string, count: number, every: number, first = 0): readonly Step[] {
  return times({ after: first, do: 'request', target }, count, every)
}

/** Types a command into the server's terminal. */
export function inServer(text: string, after = 0): Step {
  return { after, do: 'type', in: 'server', text }
}

/** Types a command into the client's terminal. */
export function inClient(text: string, after = 0): Step {
  return { after, do: 'type', in: 'client', text }
}
