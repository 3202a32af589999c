import type { Program, Speaker } from './settings.ts'

/** The programs whose manner we speak. */
export const PROGRAMS: readonly Program[] = ['uvicorn', 'gunicorn', 'fastapi']

/** Whether a word is the name of one. */
export function isProgram(word: string): word is Program {
  return PROGRAMS.some((program) => program === word)
}

/** In what the programs differ, whatever their version, beside their managers: hosts ask for the trait, not for the program. */
export interface ProgramTraits {
  /** A forked worker is a copy of its manager; a spawned one is a new process, which Python names `SpawnProcess-1`. */
  readonly starts: 'fork' | 'spawn'
  /** How it finds out that a worker has ended: it looks now and then, or is woken by SIGCHLD. */
  readonly noticesDeaths: 'polling' | 'woken'
  /** SIGINT and SIGQUIT: stop in haste, or as tidily as for SIGTERM. */
  readonly onInterrupt: 'quick' | 'graceful'
  /** Who calls `listen()`: the manager, so that a taken port shows and clients wait from then on, or each worker. */
  readonly listens: 'manager' | 'workers'
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
}

const UVICORN: ProgramTraits = {
  starts: 'spawn',
  noticesDeaths: 'polling',
  onInterrupt: 'graceful',
  listens: 'workers',
  knowsInitSystem: false,
  goesToAppDir: false,
  reloadsInNewFolder: false,
  hasWorkerClasses: false,
}

const TRAITS: Readonly<Record<Program, ProgramTraits>> = {
  uvicorn: UVICORN,
  fastapi: UVICORN,
  gunicorn: {
    starts: 'fork',
    noticesDeaths: 'woken',
    onInterrupt: 'quick',
    listens: 'manager',
    knowsInitSystem: true,
    goesToAppDir: true,
    reloadsInNewFolder: true,
    hasWorkerClasses: true,
    configFile: 'gunicorn.conf.py',
    defaultAttribute: 'application',
  },
}

/** The traits of a program. */
export function traitsOf({ program }: Pick<Speaker, 'program'>): ProgramTraits {
  return TRAITS[program]
}
