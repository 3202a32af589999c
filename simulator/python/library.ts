import type { LoadOptions, Pyodide } from 'pyodide/pyodide.mjs'

/** The folder of the simulator's own modules in the interpreter's file system. */
export const LIBRARY_FOLDER = '/server-workers'

/** The simulator's own Python modules: their text by path, e.g. `server_workers/clock.py`. */
export type Library = Readonly<Record<string, string>>

/** The options with which Pyodide is loaded: the same at every load, and with no packages to look for. */
export const LOAD_OPTIONS = {
  env: { PYTHONHASHSEED: '0', HOME: '/home/user' },
  enableRunUntilComplete: false,
  lockFileContents: {
    info: {
      arch: 'wasm32',
      platform: 'emscripten_5_0_3',
      version: '314.0.7',
      python: '3.14.2',
      abi_version: '2026_0',
    },
    packages: {},
  },
} satisfies Partial<LoadOptions>

/** The folder in which the interpreter looks for installed packages. */
const SITE_PACKAGES = '/lib/python3.14/site-packages'
/** The folder of the subset of FastAPI in the library: it is left out where FastAPI itself is installed. */
const SUBSET = 'fastapi/'

/**
 * Runs before the application is imported: importing these modules costs the application no virtual time, and happens before access to the
 * outside is removed.
 */
const EARLY = `
import sys
sys.path.append('${LIBRARY_FOLDER}')
sys.dont_write_bytecode = True
import asyncio, collections, concurrent.futures, contextlib, dataclasses, datetime, enum, functools, http, inspect, json
import logging, pathlib, random, re, threading, traceback, typing, urllib.parse, uuid
import fastapi, fastapi.responses, server_workers.process
`
/** Modules that an application of FastAPI itself may import later, when access to the outside is removed. */
const EARLY_PACKAGES = `
import server_workers.packages
`

/**
 * Writes the simulator's own modules into an interpreter's file system, and imports them.
 * @param packages FastAPI itself with its dependencies, as a zip of the installed files; without it the library's subset of its interface
 * is used
 */
export function installLibrary(py: Pyodide, library: Library, packages?: Uint8Array): void {
  if (packages !== undefined) py.unpackArchive(packages, 'zip', { extractDir: SITE_PACKAGES })
  for (const [name, text] of Object.entries(library)) {
    if (packages !== undefined && name.startsWith(SUBSET)) continue
    const path = `${LIBRARY_FOLDER}/${name}`
    py.FS.mkdirTree(path.slice(0, path.lastIndexOf('/')))
    py.FS.writeFile(path, text)
  }
  py.runPython(EARLY)
  if (packages !== undefined) py.runPython(EARLY_PACKAGES)
}
