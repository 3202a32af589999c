import { copyFileSync, cpSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { FIXTURE } from '../node/real/command.ts'
import type { ProgramName } from '../../simulator/manager/settings.ts'
import type { Environment } from './environment.ts'

/** Where an original runs: folders whose names are as long as those that are recorded, so that lines wrap alike. */
export interface RecordingPlace {
  /** Recorded as `/home/user`. */
  readonly home: string
  /** Recorded as `/home/user/code/awesomeapp`. */
  readonly cwd: string
  /** Recorded as 8080, 80 or 8000. */
  readonly port: number
  readonly environment: Environment
  /** The environment's folder under a name that says nothing of the machine. */
  readonly prefix: string
  readonly remove: () => void
}

/** Makes the folders of a recording, with the application in them. */
export async function makePlace(program: ProgramName, environment: Environment): Promise<RecordingPlace> {
  const home = makeHome()
  const cwd = join(home, 'code/awesomeapp')
  mkdirSync(cwd, { recursive: true })
  copyFileSync(
    join(import.meta.dirname, 'app', program === 'fastapi' ? 'fast.py' : 'plain.py'),
    join(cwd, 'main.py'),
  )
  for (const file of ['key.pem', 'cert.pem']) copyFileSync(join(FIXTURE, file), join(cwd, file))
  const prefix = join(home, 'env')
  symlinkSync(environment.folder, prefix)
  const tidy = () => rmSync(home, { recursive: true, force: true })
  process.once('exit', tidy)
  const remove = () => {
    process.off('exit', tidy)
    tidy()
  }
  return { home, cwd, port: await freePort(), environment, prefix, remove }
}

/** Makes the folder a link to the first of two releases. */
export function makeReleases({ home, cwd }: RecordingPlace): void {
  const releases = join(home, 'code/releases')
  mkdirSync(releases)
  renameSync(cwd, join(releases, '1'))
  cpSync(join(releases, '1'), join(releases, '2'), { recursive: true })
  symlinkSync('releases/1', cwd)
}

/** Leads the link to the second release, in one step. */
export function switchRelease({ cwd }: RecordingPlace): void {
  symlinkSync('releases/2', `${cwd}.new`)
  renameSync(`${cwd}.new`, cwd)
}

/** From now on importing the application raises. */
export function breakCode({ cwd }: RecordingPlace): void {
  writeFileSync(join(cwd, 'main.py'), "raise RuntimeError('broken release')\n")
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'

/** A folder of ten letters, as `/home/user`. */
function makeHome(): string {
  for (;;) {
    const name = Array.from({ length: 5 }, () => LETTERS[Math.floor(Math.random() * LETTERS.length)]).join('')
    const home = join('/tmp', name)
    try {
      mkdirSync(home)
      return home
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

/** Ports of four digits, above those of the tests of the command; recorders that run side by side have their own. */
const COUNT = 100
const FIRST = 9100 + (process.pid % 8) * COUNT
let next = 0

async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + (next++ % COUNT)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host: '0.0.0.0', port }, () => server.close(() => resolve(true)))
  })
}
