import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AppError } from '../../../manager/machine.ts'
import type { AppTarget, Settings } from '../../../manager/settings.ts'
import { traitsOf } from '../../../manager/traits.ts'
import { fill, words } from '../output/language.ts'
import { isApp } from '../server/app.ts'
import { findModule, isTypeScript, runsTypeScript } from './find-module.ts'
import { resolveLab } from './lab-hook.ts'
import { describe, toExceptionInfo } from '../output/exception-info.ts'
import { withErrorLocation } from './syntax-error.ts'

/** The application, or why it could not be loaded. */
export type LoadedApp = { readonly app: unknown } | { readonly error: AppError }

/** A module's exports, or why it could not be imported. */
export type LoadedModule = { readonly exports: ModuleExports } | { readonly error: AppError }

/** The exports of a module, by name. */
export type ModuleExports = Readonly<Record<string, unknown>>

/** Loads the application of the settings (`main:app`). */
export async function loadApp(settings: Settings): Promise<LoadedApp> {
  const target = withDefault(settings)
  if (target.module === '' || target.attribute === '') {
    return { error: { kind: 'bad-import-string', typed: target.typed } }
  }
  const { module, attribute } = target
  const file = findModule(module, settings.appDir ?? '.')
  if (file === undefined) return { error: { kind: 'no-module', module } }
  const loaded = await importFile(file)
  if ('error' in loaded) return loaded
  const app = await lookUp(loaded.exports, attribute)
  if (app === undefined) {
    const hint = defaultInstead(loaded.exports, `${module}:default`)
    return { error: { kind: 'no-attribute', module, attribute, ...hint } }
  }
  return settings.factory === true ? make(app, target.typed) : { app }
}

/** `--factory`: the application is what the function returns. */
async function make(factory: unknown, name: string): Promise<LoadedApp> {
  try {
    if (typeof factory !== 'function') {
      throw new TypeError(fill(words().app.notAFactory, { name, what: describe(factory) }))
    }
    return { app: await (factory as () => unknown)() }
  } catch (thrown) {
    return { error: { kind: 'raised', raised: toExceptionInfo(thrown) } }
  }
}

/** gunicorn 20.1.0 `util.import_app`: without a colon the attribute is `application`. */
function withDefault({ app, speaks }: Settings): AppTarget {
  const { defaultAttribute } = traitsOf(speaks)
  return app.attribute === '' && defaultAttribute !== undefined
    ? { ...app, attribute: defaultAttribute }
    : app
}

/** Imports a file of the application. */
export async function importFile(file: string): Promise<LoadedModule> {
  if (isTypeScript(file) && !runsTypeScript) {
    const sentence = fill(words().app.typescript, { version: process.versions.node, file: basename(file) })
    return { error: { kind: 'raised', raised: { name: 'SyntaxError', message: sentence, frames: [] } } }
  }
  resolveLab(file)
  const url = pathToFileURL(file).href
  try {
    return { exports: (await import(url)) as ModuleExports }
  } catch (thrown) {
    return { error: { kind: 'raised', raised: withErrorLocation(toExceptionInfo(thrown), thrown, url) } }
  }
}

/** A hint about what to type when the default export is the application: `export default app`, `module.exports = app`. */
export function defaultInstead(exports: ModuleExports, instead: string): { readonly hint?: string } {
  const app = exports['default']
  const fits = isApp(app) || typeof app === 'function'
  return fits ? { hint: fill(words().app.defaultInstead, { instead }) } : {}
}

/** Follows `a.b.c` from a module's exports; for a CommonJS module its `module.exports` counts as well. */
export async function lookUp(exports: ModuleExports, attribute: string): Promise<unknown> {
  const path = attribute.split('.')
  const found = follow(exports, path) ?? follow(exports['default'], path)
  // The application may be made asynchronously.
  return await found
}

function follow(start: unknown, path: readonly string[]): unknown {
  let value = start
  for (const name of path) {
    if (value === null || value === undefined) return undefined
    value = (value as ModuleExports)[name]
  }
  return value
}
