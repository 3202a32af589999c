/**
 * FastAPI itself for the Python in the page: fetched by pip, by name, version and hash (`simulator/python/packages.txt`), and packed as the
 * interpreter can import it. Kept outside the repository; where pip or its index is missing, the page has its own subset of FastAPI.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const LIST = 'simulator/python/packages.txt'
const PACKER = 'src/build/pack-python.ts'
const CACHE = 'node_modules/.cache/server-workers'
const ARCHIVE = 'packages.zip'
const LICENCES = 'licences.json'
/** The platform of the interpreter's wheels: Pyodide's ABI 2026_0, CPython 3.14. */
const PLATFORM = [
  ...['--platform', 'pyemscripten_2026_0_wasm32', '--platform', 'any'],
  ...['--implementation', 'cp', '--python-version', '3.14', '--abi', 'cp314', '--abi', 'none'],
]
/** pip's time limit, in ms: a build does not wait for a network that is not there. */
const PIP_MS = 60_000

/** The archive of the packages. */
export interface PythonPackages {
  /** Its path on this computer. */
  readonly path: string
  /** The name under which it is published: it changes with its content, so it can be cached for ever. */
  readonly file: string
  readonly bytes: number
  /** The version of FastAPI in it. */
  readonly fastapi: string
  /** The licence text of each package from its wheel, by name and version. */
  readonly licences: Readonly<Record<string, string>>
}

const run = promisify(execFile)

/** Fetches and packs the packages, or takes them from an earlier build. @throws Error when they are not available */
export async function pythonPackages(): Promise<PythonPackages> {
  const list = readFileSync(LIST)
  const key = createHash('sha256').update(list).update(readFileSync(PACKER)).digest('hex').slice(0, 16)
  const folder = join(CACHE, `python-${key}`)
  if (!existsSync(folder)) await make(folder)
  const path = join(folder, ARCHIVE)
  return {
    path,
    file: `packages-${key}.zip`,
    bytes: statSync(path).size,
    fastapi: versionIn(list.toString()),
    licences: JSON.parse(readFileSync(join(folder, LICENCES), 'utf8')) as Record<string, string>,
  }
}

/** The version of FastAPI that a list of packages names. @throws Error when it names none */
function versionIn(list: string): string {
  const version = /^fastapi==(\S+)/m.exec(list)?.[1]
  if (version === undefined) throw new Error(`expected a line "fastapi==…" in ${LIST}`)
  return version
}

async function make(folder: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true })
  const work = mkdtempSync(join(CACHE, 'making-'))
  const wheels = join(work, 'wheels')
  const packed = join(work, 'packed')
  mkdirSync(packed)
  try {
    const only = ['--no-deps', '--require-hashes', '--only-binary=:all:', ...PLATFORM]
    const quick = ['--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '10']
    const download = ['-m', 'pip', 'download', ...only, ...quick, '-r', LIST, '-d', wheels]
    await run('python3', download, { timeout: PIP_MS })
    const files = readdirSync(wheels)
      .toSorted()
      .map((name) => join(wheels, name))
    await run(process.execPath, [PACKER, join(packed, ARCHIVE), join(packed, LICENCES), ...files], {
      timeout: PIP_MS,
    })
    // In one rename: an interrupted build leaves nothing half done.
    try {
      renameSync(packed, folder)
    } catch (error) {
      // Another build was faster.
      if (!existsSync(folder)) throw error
    }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}
