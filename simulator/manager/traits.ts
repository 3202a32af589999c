import type { ProgramName, Speaker } from './settings.ts'

/** The programs whose behaviour is reproduced. */
export const PROGRAMS: readonly ProgramName[] = ['uvicorn', 'gunicorn', 'fastapi']

/** Whether a word is the name of one of these programs. */
export function isProgram(word: string): word is ProgramName {
  return PROGRAMS.some((program) => program === word)
}

/** A record with one value per program. */
export function byProgram<Value>(value: (program: ProgramName) => Value): Record<ProgramName, Value> {
  return { uvicorn: value('uvicorn'), gunicorn: value('gunicorn'), fastapi: value('fastapi') }
}

/** The program that a command line runs, wherever it is installed; also for `python -m uvicorn`. */
export function programIn(commandLine: string): ProgramName | undefined {
  return commandLine
    .split(' ')
    .map((word) => word.slice(word.lastIndexOf('/') + 1))
    .find(isProgram)
}

/** Differences between the programs, in every version, outside their managers. Hosts ask for a trait, never for the program. */
export interface ProgramTraits {
  /** The Python package that contains it. */
  readonly packageName: string
  /** Whether requests are served by a uvicorn that is a package of its own (`uvicornInside`). */
  readonly needsUvicorn: boolean
  /** A forked worker is a copy of its manager; a spawned one is a new process, which Python names `SpawnProcess-1`. */
  readonly starts: 'fork' | 'spawn'
  /** How it notices that a worker has ended: by polling, or woken by SIGCHLD. */
  readonly noticesDeaths: 'polling' | 'woken'
  /** The reaction to SIGINT and SIGQUIT: a quick stop, or a graceful one as for SIGTERM. */
  readonly onInterrupt: 'quick' | 'graceful'
  /** Who calls `listen()`: the manager, so that a taken port is an error and clients wait in the backlog from then on; or each worker. */
  readonly listens: 'manager' | 'workers'
  /** The file descriptor of the first listening socket, as recorded. */
  readonly socketDescriptor: number
  /** Whether it takes sockets that an init system passes (`LISTEN_FDS`), and notifies the init system of its state. */
  readonly knowsInitSystem: boolean
  /** Whether the process changes into the application's folder (`--chdir`), or only imports modules from there (`--app-dir`). */
  readonly goesToAppDir: boolean
  /** Whether a reload enters the working folder again, and so follows a symbolic link that has changed. */
  readonly reloadsInNewFolder: boolean
  /** Whether `--worker-class` chooses the kind of worker. */
  readonly hasWorkerClasses: boolean
  /** The configuration file that it reads in the working folder. */
  readonly configFile?: string
  /** The attribute that `main` without a colon stands for. */
  readonly defaultAttribute?: string
  /** Whether every application is a FastAPI application, whose message about a failed startup is the whole traceback. */
  readonly runsFastapiOnly: boolean
  /** Whether it prints by typer and rich: an uncaught exception is a box, and the last line is empty. */
  readonly printsByRich: boolean
}

const UVICORN: ProgramTraits = {
  packageName: 'uvicorn',
  needsUvicorn: false,
  starts: 'spawn',
  noticesDeaths: 'polling',
  onInterrupt: 'graceful',
  listens: 'workers',
  socketDescriptor: 3,
  knowsInitSystem: false,
  goesToAppDir: false,
  reloadsInNewFolder: false,
  hasWorkerClasses: false,
  runsFastapiOnly: false,
  printsByRich: false,
}

const TRAITS: Readonly<Record<ProgramName, ProgramTraits>> = {
  uvicorn: UVICORN,
  fastapi: {
    ...UVICORN,
    packageName: 'fastapi-cli',
    needsUvicorn: true,
    runsFastapiOnly: true,
    printsByRich: true,
  },
  gunicorn: {
    packageName: 'gunicorn',
    needsUvicorn: true,
    starts: 'fork',
    noticesDeaths: 'woken',
    onInterrupt: 'quick',
    listens: 'manager',
    socketDescriptor: 5,
    knowsInitSystem: true,
    goesToAppDir: true,
    reloadsInNewFolder: true,
    hasWorkerClasses: true,
    configFile: 'gunicorn.conf.py',
    defaultAttribute: 'application',
    runsFastapiOnly: false,
    printsByRich: false,
  },
}

/** The traits of a program. */
export function traitsOf({ program }: Pick<Speaker, 'program'>): ProgramTraits {
  return TRAITS[program]
}
