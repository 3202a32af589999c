import type { ExitStatus } from '../manager/machine.ts'
import type { Bind, Program, Settings } from '../manager/settings.ts'
import type { SignalName } from '../manager/signals.ts'
import type { Stream } from '../manager/log.ts'
import type { Data } from './data/api.ts'
import type { Faults } from './faults.ts'
import type { Hardware, KernelLine, MemoryInfo, ProcessorInfo } from './hardware.ts'
import type { InitSystem } from './init/api.ts'
import type { Keepers } from './keeper/api.ts'
import type { Certificates, NameServer, Proxy, TlsSight } from './network/api.ts'
import type { ProcessKind, RequestEnd } from './trace.ts'

/** A row of the process table. */
export interface ProcessInfo {
  readonly pid: number
  readonly ppid: number
  readonly kind: ProcessKind
  /** The command line as `ps` shows it. */
  readonly command: string
  /** `R` (computes, or waits for a core), `D` (waits for the disk: swap), `S` (sleeps), `T` (stopped), `Z` (ended, not reaped). */
  readonly state: 'R' | 'S' | 'D' | 'T' | 'Z'
  readonly startedAt: number
  /** Processor time used, in ms. */
  readonly cpu: number
  /** Resident memory in bytes (RSS): its own pages and those that it shares. */
  readonly memory: number
  /** The part of it that other processes have in memory as well (copy-on-write pages of a fork), in bytes. */
  readonly shared: number
  /** Proportional set size in bytes: its own pages, and of the shared ones its share. These add up to what is really used. */
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
  /** Whether its job is what Ctrl+C on its terminal reaches. */
  readonly foreground: boolean
  /** The unit of the init system that it belongs to. */
  readonly unit: string | undefined
  /** The container that it runs in, by the name of what is kept (see `keepers`). */
  readonly container: string | undefined
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
  /** A name or an address. A name is asked for at the name server first, except `localhost`. */
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
  /** It does not look at the certificate (`curl -k`). */
  readonly insecure?: boolean
  /** Its address as the server sees it; 127.0.0.1 unless said otherwise. */
  readonly from?: string
  /**
   * A number of the client's own choice: requests with the same number to the same address go over one connection as long as
   * the server keeps it open, and so to the same worker. Nothing: a connection for this request alone.
   */
  readonly connection?: number
  /** After so many ms the client gives up. */
  readonly patience?: number
}

/** What a client sees of its request, as it comes. */
export interface ClientWatch {
  /** The name was resolved; nothing: there is no such name. */
  readonly onAddress?: (address: string | undefined) => void
  /** The connection stands; `reused`: it stood already. */
  readonly onConnect?: (to: {
    readonly address: string
    readonly port: number
    readonly reused: boolean
  }) => void
  /** The TLS handshake came so far that the certificate was seen; `verdict` says what the client thinks of it. */
  readonly onTls?: (tls: TlsSight) => void
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

/** How a program is started. */
export interface Surroundings extends Place {
  readonly env: Readonly<Record<string, string>>
  /** The terminal that it writes to and takes Ctrl+C from; nothing: its output goes into two pipes. */
  readonly terminal?: string
  readonly onEnd?: (status: ExitStatus) => void
  /** Streams that go elsewhere than to the terminal: into a file, into a pipe. */
  readonly streams?: Readonly<Partial<Record<Stream, (text: string) => void>>>
}

/** How a server program is started. */
export interface Launch extends Surroundings {
  readonly settings: Settings
  /** The command line as it was typed. */
  readonly command: string
}

/** A program that the kernel itself can run: see `System.exec`. */
export interface Exec extends Surroundings {
  /** The words of the command line, e.g. `['uvicorn', 'main:app', '--workers', '4']`. */
  readonly argv: readonly string[]
  /** The command line as `ps` shows it; the words with spaces between them unless said otherwise. */
  readonly command?: string
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

/** What programs in the shell may ask of the machine: its system calls. And what the page asks and does. */
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
  /** Starts a server program; the answer is its PID. */
  launch(launch: Launch): number
  /**
   * Starts a program by its words: `uvicorn`, `gunicorn`, `fastapi` in the installed versions, `python` with a program of the machine
   * (`migrate.py`), `sleep`, `true`, `false`, `echo`, `sh -c '…'` and `sh FILE`. A usage error is printed by a process that ends
   * with its code. The answer is the PID, or `not-found` (exit code 127 in a shell).
   */
  exec(exec: Exec): number | 'not-found'
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
  /** Calls back after so many virtual ms. Time stands still until a promise that comes back is settled. */
  after(ms: number, run: (() => void) | (() => Promise<void>)): void

  // The machine itself

  readonly hardware: Hardware
  /**
   * Changes cores, memory or swap of the running machine, as a hypervisor does with a virtual one: what computes is shared out
   * anew at once; when memory gets too small, pages go to swap and then the OOM killer comes. Needs no new machine.
   *
   * @throws RangeError when a value is outside `HARDWARE_LIMITS`; the message says what was expected.
   */
  setHardware(change: Partial<Hardware>): void
  processor(): ProcessorInfo
  memory(): MemoryInfo
  /** The ring buffer of the kernel, oldest first (`dmesg`). */
  dmesg(): readonly KernelLine[]
  /** Which version of each program is installed; `fastapi` is fastapi-cli. What runs is not touched by a change. */
  installed(program: Program): string
  /** @throws RangeError when we do not have that version; the message names those that we have. */
  install(program: Program, version: string): void
  readonly init: InitSystem
  readonly keepers: Keepers
  readonly dns: NameServer
  readonly certificates: Certificates
  readonly proxy: Proxy
  readonly data: Data
  readonly faults: Faults
}
