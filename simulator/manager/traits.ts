import type { ProgramName, Speaker } from './settings.ts'

/** The programs whose manner we speak. */
export const PROGRAMS: readonly ProgramName[] = ['uvicorn', 'gunicorn', 'fastapi']

/** Whether a word is the name of one. */
export function isProgram(word: string): word is ProgramName {
  return PROGRAMS.some((program) => program === word)
}

/** A value for each of them. */
export function byProgram<Value>(value: (program: ProgramName) => Value): Record<ProgramName, Value> {
  return { uvicorn: value('uvicorn'), gunicorn: value('gunicorn'), fastapi: value('fastapi') }
}

/** The program that a command line runs, wherever it is installed: also that of `python -m uvicorn`. */
export function programIn(commandLine: string): ProgramName | undefined {
  return commandLine
    .split(' ')
    .map((word) => word.slice(word.lastIndexOf('/') + 1))
    .find(isProgram)
}

/** In what the programs differ, whatever their version, beside their managers: hosts ask for the trait, not for the program. */
export interface ProgramTraits {
  /** The Python package that is installed to have it. */
  readonly packageName: string
  /** Whether requests are served by a uvicorn that is a package of its own (`uvicornInside`). */
  readonly needsUvicorn: boolean
  /** A forked worker is a copy of its manager; a spawned one is a new process, which Python names `SpawnProcess-1`. */
  readonly starts: 'fork' | 'spawn'
  /** How it finds out that a worker has ended: it looks now and then, or is woken by SIGCHLD. */
  readonly noticesDeaths: 'polling' | 'woken'
  /** SIGINT and SIGQUIT: stop in haste, or as tidily as for SIGTERM. */
  readonly onInterrupt: 'quick' | 'graceful'
  /** Who calls `listen()`: the manager, so that a taken port shows and clients wait from then on, or each worker. */
  readonly listens: 'manager' | 'workers'
  /** The number that a listening socket has among the open files of a process, as recorded. */
  readonly socketDescriptor: number
  /** Whether it takes the sockets that an init system passes, and tells the init system how it is. */
  readonly knowsInitSystem: boolean
  /** Whether the whole program goes to the folder of the application (`--chdir`), or looks for modules there (`--app-dir`). */
  readonly goesToAppDir: boolean
  /** Whether a reload goes to the working folder anew, whatever links lead to by now. */
  readonly reloadsInNewFolder: boolean
  /** Whether the worker's kind is chosen by `--worker-class`. */
  readonly hasWorkerClasses: boolean
  /** The file in the working folder that it reads its settings from. */
  readonly configFile?: string
  /** What `main` without a colon means. */
  readonly defaultAttribute?: string
  /** Whether every application is one of FastAPI, whose message about a failed startup is the whole traceback. */
  readonly runsFastapiOnly: boolean
  /** Whether it prints by way of typer and rich: an exception that nobody caught is a box, and an empty line is the last that it prints. */
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
