import { basename, dirname, extname, resolve } from 'node:path'
import { statSync } from 'node:fs'
import type { Discovery } from '../../../manager/machine.ts'
import type { FastapiSettings } from '../../../manager/settings.ts'
import { tell } from '../ipc/channel.ts'
import { isApp } from '../server/app.ts'
import { MODULE_ENDINGS, findModule, isFile } from './find-module.ts'
import type { ModuleExports } from './load.ts'
import { defaultInstead, importFile } from './load.ts'
import { waitForImport } from './wait-for.ts'

/** What was typed: a file and a name in it, or both as `main:app`. */
type Asked = Pick<FastapiSettings, 'path' | 'app' | 'entrypoint'>

/** Imports the application once and reports the result to the parent, which then ends this process. */
export async function discover(asked: Asked): Promise<void> {
  tell({ says: 'discovered', discovery: await search(asked) })
}

/** fastapi-cli 0.0.7 `discover.py`: finds the file, then the object in it. */
async function search(asked: Asked): Promise<Discovery> {
  const { path, app } = asked.entrypoint === undefined ? asked : placeOf(asked.entrypoint)
  const file = path === undefined ? defaultFile() : resolve(path)
  if (file === undefined) return { found: false, reason: 'no-default-file' }
  if (!exists(file)) return { found: false, reason: 'no-path', path: path ?? file }
  const place = { folder: dirname(file), file: basename(file) }
  const module = basename(file, extname(file))
  const loaded = await waitForImport(place.file, importFile(file))
  if ('error' in loaded) {
    const { error } = loaded
    const raised =
      error.kind === 'raised' ? error.raised : { name: 'ImportError', message: module, frames: [] }
    return { found: false, reason: 'raised', ...place, raised }
  }
  const attribute = chooseApp(loaded.exports, app)
  if (attribute !== undefined) return { found: true, ...place, module, attribute }
  const instead =
    asked.entrypoint === undefined ? '--app default' : `${asked.entrypoint.split(':')[0]}:default`
  const wanted = app === undefined ? {} : { wanted: app }
  return {
    found: false,
    reason: 'no-app',
    ...place,
    module,
    ...wanted,
    ...defaultInstead(loaded.exports, instead),
  }
}

/** Splits an entry point into file and name. */
function placeOf(entrypoint: string): Asked {
  const [module = '', app = ''] = entrypoint.split(':')
  return { path: findModule(module, '.') ?? module, ...(app === '' ? {} : { app }) }
}

/** `main`, `app` or `api`, here or in the folder `app`. */
function defaultFile(): string | undefined {
  return ['main', 'app', 'api', 'app/main', 'app/app', 'app/api']
    .flatMap((name) => MODULE_ENDINGS.map((ending) => resolve(name + ending)))
    .find(isFile)
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

/** The export that was asked for; otherwise `app` or `api`; otherwise the first export that is certainly an application. */
function chooseApp(exports: ModuleExports, wanted: string | undefined): string | undefined {
  const all: ModuleExports = { ...members(exports['default']), ...exports }
  if (wanted !== undefined) return Object.hasOwn(all, wanted) ? wanted : undefined
  const named = ['app', 'api'].find((name) => isApp(all[name]) || typeof all[name] === 'function')
  return (
    named ??
    Object.keys(all)
      .sort()
      .find((name) => isApp(all[name]))
  )
}

/** The properties of a CommonJS file's `module.exports`. */
function members(value: unknown): ModuleExports {
  return typeof value === 'object' && value !== null ? (value as ModuleExports) : {}
}
