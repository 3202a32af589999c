/** One interpreter in a thread of Node: what a Web Worker is in the page. */
import { createRequire } from 'node:module'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { loadPyodide } from 'pyodide/pyodide.mjs'
import type { GuestInput } from '../../../simulator/host/virtual/guest.ts'
import {
  installLibrary,
  LOAD_OPTIONS,
  PythonProcess,
  type PythonSpec,
} from '../../../simulator/python/index.ts'

const root = join(import.meta.dirname, '../../..')
const folder = join(root, 'simulator/python/library')
const names = globSync('**/*.py', { cwd: folder }).sort()
const library = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))

// Under Node the interpreter asks Node's module for chance, in the page `crypto`.
const nodeCrypto = createRequire(import.meta.url)('node:crypto') as { randomFillSync: unknown }
const own = globalThis.crypto
nodeCrypto.randomFillSync = (view: Uint8Array<ArrayBuffer>) =>
  globalThis.crypto === own ? view.fill(7) : globalThis.crypto.getRandomValues(view)

const { packages, withoutStacks = false } = workerData as ThreadData
if (withoutStacks)
  for (const name of ['promising', 'Suspending', 'SuspendError']) Reflect.deleteProperty(WebAssembly, name)
const begun = Promise.withResolvers<PythonProcess>()
const loaded = loadPyodide({ ...LOAD_OPTIONS, indexURL: join(root, 'node_modules/pyodide/') }).then((py) => {
  installLibrary(py, library, packages === undefined ? undefined : new Uint8Array(readFileSync(packages)))
  return py
})

export interface ThreadData {
  /** The path of the packages of FastAPI itself; without it the subset. */
  readonly packages?: string
  /** As in a browser that cannot put a stack aside (JSPI). */
  readonly withoutStacks?: boolean
}

export type ToThread = { readonly spec: PythonSpec } | { readonly input: GuestInput }

parentPort?.on('message', (message: ToThread) => {
  if ('spec' in message) void loaded.then((py) => begun.resolve(new PythonProcess(py, message.spec)))
  else
    void begun.promise
      .then((process) => process.turn(message.input))
      .then((turn) => parentPort?.postMessage(turn))
})
