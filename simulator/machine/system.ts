import type { Found } from './found.ts'
import type { ExitStatus } from '../manager/machine.ts'
import type { Bind, ProgramName, Settings } from '../manager/settings.ts'
import type { SignalName } from '../manager/signals.ts'
import type { Stream } from '../manager/log.ts'
import type { MachineData } from './data/api.ts'
import type { Faults } from './faults.ts'
import type { Hardware, KernelLine, MemoryInfo, ProcessorInfo } from './hardware.ts'
import type { InitSystem } from './init/api.ts'
import type { Keepers } from './keeper/api.ts'
import type { HeaderList } from './network/headers.ts'
import type { Certificates, NameServer, Proxy, TlsHandshake } from './network/api.ts'
import type { ProcessKind, RequestEnd } from './trace.ts'

/** A row of the process table. */
export interface ProcessInfo {
  readonly pid: number
  readonly ppid: number
  readonly kind: ProcessKind
  /** The command line as `ps` shows it. */
  readonly command: string
  /** `R` (runs or waits for a core), `D` (waits for the disk: swap), `S` (sleeps), `T` (stopped), `Z` (ended, not reaped). */
  readonly state: 'R' | 'S' | 'D' | 'T' | 'Z'
  readonly startedAt: number
  /** Processor time used, in ms. */
  readonly cpu: number
  /** Resident memory in bytes (RSS): its own pages and those that it shares. */
  readonly memory: number
  /** The part of it that other processes have in memory as well (copy-on-write pages of a fork), in bytes. */
  readonly shared: number
  /** Proportional set size in bytes: its private pages, and its part of the shared ones. Over all processes they add up to the memory that is used. */
  readonly pss: number
  /** Pages of it in swap, in bytes. */
  readonly swapped: number
  /** Address space in bytes (VSZ). */
  readonly virtual: number
  /** 0 to 1000 and more: the OOM killer takes the highest (`/proc/PID/oom_score`). */
  readonly oomScore: number
  readonly user: string
  readonly terminal: string | undefined
  /** The job that it belongs to: the PID of the job's first process. */
  readonly group: number
  /** Whether its job is the foreground job of its terminal, which Ctrl+C reaches. */
  readonly foreground: boolean
  /** The unit of the init system that it belongs to. */
  readonly unit: string | undefined
  /** The container that it runs in, by the name under which `keepers` has it. */
  readonly container: string | undefined
}

/** A listening socket, as `ss -l` shows it. */
export interface SocketInfo {
  readonly bind: Bind
  readonly backlog: number
  /** Connections in the backlog: no process has accepted them yet. */
  readonly waiting: number
  /** The processes that have it open. */
  readonly holders: readonly number[]
}

/** What a client sends. */
export interface ClientRequest {
  /** A host name or an address. A name is resolved by `dns` first, except `localhost`. */
  readonly host: string
  readonly port: number
  readonly method: string
  readonly target: string
  readonly headers?: HeaderList
  readonly body?: string
  /** The path of a unix socket, to connect to instead of host and port. */
  readonly socket?: string
  /** The client speaks TLS. */
  readonly secure?: boolean
  /** The client does not check the certificate (`curl -k`). */
  readonly insecure?: boolean
  /** The client's address as the server sees it (127.0.0.1). */
  readonly from?: string
  /**
   * A number of the client's own choice: requests with the same number to the same address go over one connection as long as
   * the server keeps it open, and so to the same worker. `undefined`: a connection for this request alone.
   */
  readonly connection?: number
  /** The version of HTTP that the client speaks (1.1). */
  readonly version?: '1.0'
  /** The client asks for a WebSocket: over an open one (`onHead` with 101) both sides send messages. */
  readonly upgrade?: 'websocket'
  /** The PID of the client, whose network it uses; that of the machine unless said otherwise. */
  readonly by?: number
  /** The container whose network that is; the kernel fills it in. */
  readonly network?: string
  /** The client gives up after this many ms. */
  readonly patience?: number
}

/** Callbacks for a client's request, in the order in which they are called. */
export interface ClientCallbacks {
  /** The name was resolved; `undefined`: there is no such name. */
  readonly onAddress?: (address: string | undefined) => void
  /** The client is connected; `reused`: over a connection that was open already. */
  readonly onConnect?: (to: {
    readonly address: string
    readonly port: number
    readonly reused: boolean
  }) => void
  /** The client has received the server's certificate; `verdict` is the result of its check. */
  readonly onTls?: (tls: TlsHandshake) => void
  readonly onHead?: (head: { status: number; headers: HeaderList }) => void
  /** Of an open WebSocket: a message. */
  readonly onBody?: (text: string) => void
  /** The server has closed the WebSocket, with this code. */
  readonly onClose?: (code: number) => void
  /** The request is over; `pid`: the process that had accepted it, if one had. */
  readonly onEnd: (end: RequestEnd, pid?: number) => void
}

/** Options of every new process. The callbacks are for the shell that starts it. */
export interface ProcessOptions {
  /** PID of its parent (default: the init system). */
  readonly ppid?: number
  /** The job that it belongs to, by the PID of the job's first process (default: a job of its own). */
  readonly group?: number
  /** Signals that it ignores unless it sets a handler for them (`nohup`). */
  readonly ignores?: readonly SignalName[]
  /** The absolute path of its working folder (default: its parent's, or the project). */
  readonly cwd?: string
  /** The user that it runs as (default: its parent's). */
  readonly user?: string
  readonly onStop?: (signal: SignalName) => void
  readonly onContinue?: () => void
}

/** Options of a short-lived program. */
export interface CommandOptions extends ProcessOptions {
  /** A shell has a PID lower than that of other processes, and lives as long as its terminal. */
  readonly kind?: 'command' | 'shell'
  /** Handles a signal; returns whether the program has a handler for it. Never called for SIGKILL and SIGSTOP. */
  readonly onSignal?: (signal: SignalName) => boolean
}

/** Options of a program with an environment and streams. */
export interface ProgramOptions extends ProcessOptions {
  readonly env: Readonly<Record<string, string>>
  /** The terminal that it writes to and takes Ctrl+C from; without one its output goes into two pipes. */
  readonly terminal?: string
  readonly onEnd?: (status: ExitStatus) => void
  /** Where redirected streams are written: a file or a pipe. */
  readonly streams?: Readonly<Partial<Record<Stream, (text: string) => void>>>
}

/** Options of a server program. */
export interface LaunchOptions extends ProgramOptions {
  readonly settings: Settings
  /** The command line as it was typed. */
  readonly command: string
}

/** A program given by its command line, which `System.exec` parses. */
export interface ExecOptions extends ProgramOptions {
  /** The words of the command line, e.g. `['uvicorn', 'main:app', '--workers', '4']`. */
  readonly argv: readonly string[]
  /** The command line as `ps` shows it (default: the words joined by spaces). */
  readonly command?: string
}

/** A terminal of the machine. */
export interface TerminalSize {
  readonly columns: number
  /** Default: 24. */
  readonly rows?: number
  readonly colors: 'truecolor' | '256' | '16' | 'none'
  /** Whether it answers queries for its colours (true). */
  readonly answers?: boolean
}

/** The system calls of the machine, for programs of the shell, for the page and for tests. */
export interface System {
  /** Virtual time in ms since the machine was made. */
  readonly now: number
  /** Calendar time at 0, in ms since 1970. */
  readonly epoch: number
  /** The folder that the files are in. */
  readonly cwd: string
  /** Virtual time of the last boot. */
  readonly bootedAt: number
  /** Whether it is up: not on its way down, and not off. */
  readonly up: boolean
  openTerminal(name: string, size: TerminalSize): void
  resizeTerminal(name: string, size: TerminalSize): void
  /** Writes to the terminal itself: what is typed, a prompt, a command's output. `pid` is the program that writes. */
  write(terminal: string, text: string, pid?: number): void
  /** Starts a server program whose command line the caller has parsed. @returns its PID */
  launch(launch: LaunchOptions): number
  /** Whether there is a program at this path, or of this name. */
  findProgram(path: string): Found
  /**
   * Starts a program by its command line: `uvicorn`, `gunicorn`, `fastapi` in the installed versions, `python` with a program of the machine
   * (`migrate.py`), `sh -c '…'`, `sh FILE`, and every program that the shell has. A usage error is printed by a process that ends
   * with its code. The answer is the PID, or `not-found` (exit code 127 in a shell).
   */
  exec(exec: ExecOptions): number | 'not-found'
  /** A short-lived program of the shell: gets a PID, ends by `end`, or by a signal from elsewhere. */
  begin(
    command: string,
    terminal?: string,
    onEnd?: (status: ExitStatus) => void,
    startOptions?: CommandOptions,
  ): number
  end(pid: number, code: number): void
  /** `kill(2)`: a negative PID addresses a whole job. */
  signal(pid: number, signal: SignalName, from?: number): 'sent' | 'no-such-process'
  /** Ctrl+C on a terminal: `^C`, and SIGINT to every process of its foreground job. */
  interrupt(terminal: string): void
  /** Ctrl+Z or Ctrl+\ on a terminal: `^Z` and SIGTSTP, `^\` and SIGQUIT. */
  press(terminal: string, signal: 'TSTP' | 'QUIT'): void
  /** Sets which job is in the foreground of a terminal (`tcsetpgrp`). Without a shell it is the one started last. */
  foreground(terminal: string, group: number): void
  processes(): readonly ProcessInfo[]
  /** How many processes there are, those that ended and were not reaped included. */
  readonly processCount: number
  sockets(): readonly SocketInfo[]
  /** Connects and sends a request. @returns its number in the trace */
  request(request: ClientRequest, callbacks: ClientCallbacks): number
  /** Files are read and written by absolute paths, or by paths from the project's folder. */
  readFile(path: string): string | undefined
  writeFile(path: string, text: string): void
  removeFile(path: string): void
  listFiles(): readonly string[]
  /** Calls back after this many virtual ms. Virtual time waits until a returned promise is settled. */
  after(ms: number, run: (() => void) | (() => Promise<void>)): void

  // The machine itself

  readonly hardware: Hardware
  /**
   * Changes cores, memory or swap of the running machine, as a hypervisor can. Running tasks get their share of the new cores
   * at once; when memory gets too small, pages are swapped out and then the OOM killer acts.
   *
   * @throws RangeError when a value is outside `HARDWARE_LIMITS`; the message says what was expected.
   */
  setHardware(change: Partial<Hardware>): void
  processor(): ProcessorInfo
  memory(): MemoryInfo
  /** The ring buffer of the kernel, oldest first (`dmesg`). */
  dmesg(): readonly KernelLine[]
  /**
   * Which version of each program is installed; `fastapi` is fastapi-cli. Installing another version changes nothing for running processes.
   */
  installed(program: ProgramName): string
  /** Installs another version. @throws RangeError when the simulator does not know it; the message names those it knows */
  install(program: ProgramName, version: string): void
  readonly init: InitSystem
  readonly keepers: Keepers
  readonly dns: NameServer
  readonly certificates: Certificates
  readonly proxy: Proxy
  readonly data: MachineData
  readonly faults: Faults
}
