import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProgramName } from '../../../simulator/manager/settings.ts'
import { parseBadArguments, type BadArguments } from './bad-arguments.ts'
import { parseExit, parseTerminal } from './header.ts'
import { parseRecorded, type Ending, type Medium, type Recorded } from './scenario.ts'

const recordings = join(import.meta.dirname, '../../recordings')

/** A program in a version, of which there are recordings. */
export interface Edition {
  readonly program: ProgramName
  readonly version: string
}

/** The bytes of a terminal as they came: CR LF, real escapes, real PIDs. */
export interface RawRecording extends Edition {
  readonly name: string
  readonly command: string
  readonly exit: Ending
  readonly medium: Medium
  readonly text: string
}

/** The folder of a program's recordings. fastapi's is named after the package, fastapi-cli. */
export function folderOf(program: ProgramName, version: string): string {
  return `${program === 'fastapi' ? 'fastapi-cli' : program}-${version}`
}

/** Every program and version of which there are recordings. */
export function editions(): Edition[] {
  const folders = readdirSync(recordings, { withFileTypes: true }).filter((each) => each.isDirectory())
  return folders.map(({ name: folder }) => {
    const [, program, version] = /^(uvicorn|gunicorn|fastapi-cli)-(.*)$/.exec(folder) ?? []
    if (program === undefined || version === undefined)
      throw new Error(`test/recordings/${folder}: unknown program`)
    return { program: program === 'fastapi-cli' ? 'fastapi' : (program as ProgramName), version }
  })
}

/** The scenarios recorded of a program, without `bad-arguments` and the raw ones. */
export function scenarios(program: ProgramName, version: string): string[] {
  return readdirSync(join(recordings, folderOf(program, version)))
    .filter((file) => file.endsWith('.txt') && !file.endsWith('.raw.txt') && file !== 'bad-arguments.txt')
    .map((file) => file.slice(0, -'.txt'.length))
    .sort()
}

/** Whether a scenario was recorded of this program. */
export function isRecorded(program: ProgramName, version: string, name: string): boolean {
  return existsSync(fileOf(program, version, name))
}

/**
 * Loads a recorded scenario.
 *
 * @throws Error when there is none; the message lists what there is.
 */
export function load(program: ProgramName, version: string, name: string): Recorded {
  return parseRecorded(program, version, name, read(program, version, name))
}

/** Whether wrong and unusual arguments were recorded of this program. */
export function hasBadArguments(program: ProgramName, version: string): boolean {
  return isRecorded(program, version, 'bad-arguments')
}

/** Loads the recording of wrong and unusual arguments. */
export function loadBadArguments(program: ProgramName, version: string): BadArguments {
  return parseBadArguments(program, version, read(program, version, 'bad-arguments'))
}

/** Loads the bytes of a scenario that was also recorded raw: `start-4`, `kill9-worker`, `hup` and `ctrl-c`. */
export function loadRaw(program: ProgramName, version: string, name: string): RawRecording {
  const text = read(program, version, `${name}.raw`)
  const [command = '', , exit = '', medium = ''] = text.split('\n').map((line) => line.slice(2))
  const where = `${program} ${version} ${name} (raw)`
  return {
    program,
    version,
    name,
    command: command.replace('command: ', ''),
    exit: parseExit(exit, where).exit,
    medium: parseTerminal(medium.replace('medium: ', ''), where),
    text: text.split('\n').slice(4).join('\n'),
  }
}

function fileOf(program: ProgramName, version: string, name: string): string {
  return join(recordings, folderOf(program, version), `${name}.txt`)
}

function read(program: ProgramName, version: string, name: string): string {
  if (!isRecorded(program, version, name))
    throw new Error(
      `${name} was not recorded of ${program} ${version}; recorded are: ${scenarios(program, version).join(', ')}`,
    )
  return readFileSync(fileOf(program, version, name), 'utf8')
}
