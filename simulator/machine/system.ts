import type { ExitStatus } from '../manager/machine.ts'
import type { Stream } from '../manager/log.ts'
import type { Bind, Settings } from '../manager/settings.ts'
import type { SignalName } from '../manager/signals.ts'
import type { ProcessKind, RequestEnd } from './trace.ts'

/** A row of the process table. */
export interface ProcessInfo {
  readonly pid: number
  readonly ppid: number
  readonly kind: ProcessKind
  /** The command line as `ps` shows it. */
  readonly command: string
  /** `R` or `S` (it lives), `T` (stopped), `Z` (ended, not reaped). */
  readonly state: 'R' | 'S' | 'T' | 'Z'
  readonly startedAt: number
  /** Processor time used, in ms. */
  readonly cpu: number
  /** Resident memory in bytes. */
  readonly memory: number
  readonly terminal: string | undefined
  /** The job that it belongs to: the PID of the job's first process. */
  readonly group: number
  /** Whether its job is what Ctrl+C on its terminal reaches. */
  readonly foreground: boolean
}

/** A listening socket, as `ss -l` shows it. */
export interface SocketInfo {
  readonly bind: Bind
  readonly backlog: number
  /** Connections that nobody has accepted yet. */
  readonly waiting: number
  /** The processes that have it open. */
  readonly holders: readonly number[]
}

/** What a client sends. */
export interface ClientRequest {
  readonly host: string
  readonly port: number
  readonly method: string
  readonly target: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** The path of a unix socket, to connect to instead of host and port. */
  readonly socket?: string
  /** The client speaks TLS. */
  readonly secure?: boolean
  /** After so many ms the client gives up. */
  readonly patience?: number
}

/** What a client sees of its request, as it comes. */
export interface ClientWatch {
  readonly onHead?: (head: { status: number; headers: Readonly<Record<string, string>> }) => void
  readonly onBody?: (text: string) => void
  /** `pid`: the process that had the request, if one had accepted it. */
  readonly onEnd: (end: RequestEnd, pid?: number) => void
}

/** Where a process of a shell belongs, and what the shell hears of it. */
export interface Place {
  /** Its parent; the init system unless said otherwise. */
  readonly ppid?: number
  /** The job that it belongs to, by the PID of the job's first process; a job of its own unless said otherwise. */
  readonly group?: number
  /** Signals that it ignores as long as it has no handler for them (`nohup`). */
  readonly ignores?: readonly SignalName[]
  readonly onStop?: (signal: SignalName) => void
  readonly onContinue?: () => void
}

/** What a short-lived program is begun with. */
export interface Beginning extends Place {
  /** A shell has a PID from before the other processes, and lives as long as its terminal. */
  readonly kind?: 'command' | 'shell'
  /** Its handlers: true when it has one for this signal, which has then run. SIGKILL and SIGSTOP never come here. */
  readonly onSignal?: (signal: SignalName) => boolean
}

/** How a server program is started. */
export interface Launch extends Place {
  readonly settings: Settings
  /** The command line as it was typed. */
  readonly command: string
  readonly env: Readonly<Record<string, string>>
  /** The terminal that it writes to and takes Ctrl+C from; nothing: its output goes into two pipes. */
  readonly terminal?: string
  readonly onEnd?: (status: ExitStatus) => void
  /** Streams that go elsewhere than to the terminal: into a file, into a pipe. */
  readonly streams?: Readonly<Partial<Record<Stream, (text: string) => void>>>
}

/** A terminal of the machine. */
export interface TerminalSize {
  readonly columns: number
  /** 24 unless said otherwise. */
  readonly rows?: number
  readonly colors: 'truecolor' | '256' | '16' | 'none'
  /** Whether it answers questions for its colours; it does unless said otherwise. */
  readonly answers?: boolean
}

/** What programs in the shell may ask of the machine: its system calls. */
export interface System {
  /** Virtual time in ms since the machine started. */
  readonly now: number
  /** Calendar time at 0, in ms since 1970. */
  readonly epoch: number
  /** The folder that the files are in. */
  readonly cwd: string
  openTerminal(name: string, size: TerminalSize): void
  resizeTerminal(name: string, size: TerminalSize): void
  /** Writes to the terminal itself: what is typed, a prompt, a command's output. `pid` is the program that writes. */
  write(terminal: string, text: string, pid?: number): void
  /** Starts a server program in the foreground of its terminal; the answer is its PID. */
  launch(launch: Launch): number
  /** A short-lived program of the shell: gets a PID, ends by `end`, or by a signal from elsewhere. */
  begin(
    command: string,
    terminal?: string,
    onEnd?: (status: ExitStatus) => void,
    beginning?: Beginning,
  ): number
  end(pid: number, code: number): void
  /** `kill(2)`: a negative PID stands for a whole job. */
  signal(pid: number, signal: SignalName, from?: number): 'sent' | 'no-such-process'
  /** Ctrl+C on a terminal: `^C`, and SIGINT to every process of its foreground job. */
  interrupt(terminal: string): void
  /** Ctrl+Z or Ctrl+\ on a terminal: `^Z` and SIGTSTP, `^\` and SIGQUIT. */
  press(terminal: string, signal: 'TSTP' | 'QUIT'): void
  /** Which job has the terminal (`tcsetpgrp`). Without a shell it is the one started last. */
  foreground(terminal: string, group: number): void
  processes(): readonly ProcessInfo[]
  sockets(): readonly SocketInfo[]
  /** Connects and sends; the answer is the request's number in the trace. */
  request(request: ClientRequest, watch: ClientWatch): number
  readFile(path: string): string | undefined
  writeFile(path: string, text: string): void
  removeFile(path: string): void
  listFiles(): readonly string[]
  /** Calls back after so many virtual ms. */
  after(ms: number, run: () => void): void
}
