import { editions, folderOf, isRecorded, scenarios, type Edition } from '../conformance/recording/load.ts'
import { CannotRecord, environmentWith, type Environment } from './environment.ts'
import { compareVersions, uvicornInside } from '../../simulator/manager/versions.ts'

/** What is installed beside a program, where its recordings were made with a certain version of it. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  'fastapi 0.0.32': ['rich-toolkit==0.20.3', 'rich==15.0.0'],
  'fastapi 0.0.7': ['rich-toolkit==0.12.0', 'rich==13.9.4'],
}

/** A version without what stands behind it for a worker class (`-asgi`) or an extra (`-standard`: with uvloop and httptools). */
export function bareVersion(version: string): string {
  return version.replace(/-(asgi|standard)$/, '')
}

/** What pip is asked for. `uvicorn`: the version of the uvicorn inside, where we do not know it yet. */
export function requirements({ program, version }: Edition, uvicorn?: string): readonly string[] {
  const bare = bareVersion(version)
  const extras = version.endsWith('-standard') ? STANDARD : []
  if (program === 'uvicorn') return [`uvicorn==${bare}`, 'websockets', ...extras]
  const inside = uvicorn ?? known({ program, version: bare })
  const base = [inside === undefined ? 'uvicorn' : `uvicorn==${inside}`, ...extras]
  if (program === 'gunicorn') return [`gunicorn==${bare}`, ...base, 'websockets']
  return [`fastapi-cli==${bare}`, 'fastapi', ...base, ...(BESIDE[`fastapi ${bare}`] ?? [])]
}

/** What makes the loop and the parser others: newer versions of fastapi-cli bring it, and recordings are without but for `-standard`. */
const STANDARD = ['uvloop', 'httptools']
const EXTRAS = [...STANDARD, 'watchfiles']

/**
 * Installs an edition.
 *
 * @throws CannotRecord when it cannot be had, or its version has another name
 */
export async function install(edition: Edition): Promise<Environment> {
  const environment = await environmentWith(
    folderOf(edition.program, edition.version).replace('-asgi', ''),
    requirements(edition),
    edition.version.endsWith('-standard') ? [] : EXTRAS,
  )
  const name = edition.program === 'fastapi' ? 'fastapi-cli' : edition.program
  const installed = environment.packages[name]
  // pip takes 0.54 for 0.54.0, and a folder of recordings has one name.
  if (installed !== undefined && installed !== bareVersion(edition.version))
    throw new CannotRecord(
      `${edition.version} is ${installed}: npm run record -- ${edition.program} ${installed}`,
    )
  return environment
}

/** The recorded editions whose scenarios a new one is to play: itself, then older ones of its kind, the newest first. */
export function relatives({ program, version }: Edition): readonly Edition[] {
  const kind = version.endsWith('-asgi')
  const all = editions()
    .filter((one) => one.program === program && one.version.endsWith('-asgi') === kind)
    .filter((one) => one.version === version || !one.version.endsWith('-standard'))
    .toSorted((a, b) => compareVersions(bareVersion(b.version), bareVersion(a.version)))
  const older = all.filter((one) => compareVersions(bareVersion(one.version), bareVersion(version)) <= 0)
  const from = older.length > 0 ? older : all
  return [...from.filter((one) => one.version === version), ...from.filter((one) => one.version !== version)]
}

/** Every scenario that an edition is to play. Those that only the oldest knows are of versions long gone. */
export function scenariosOf(edition: Edition): readonly string[] {
  const names = relatives(edition)
    .slice(0, 2)
    .flatMap(({ program, version }) => scenarios(program, version))
  return [...new Set(names)].sort()
}

/** The recording that a scenario is taken from; nothing when it was never recorded. */
export function recordedBefore(edition: Edition, name: string): Edition | undefined {
  return relatives(edition).find(({ program, version }) => isRecorded(program, version, name))
}

function known(speaks: Edition): string | undefined {
  try {
    return uvicornInside(speaks)
  } catch {
    return undefined
  }
}
