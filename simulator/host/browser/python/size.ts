/** The version of Pyodide whose files the build puts under `python/`. Their address contains it, so they can be cached for ever. */
export const PYODIDE = '314.0.7'
/** The version of Python in it. */
export const CPYTHON = '3.14'
/** The size of all its files in bytes, uncompressed; a test compares it with them. */
export const PYTHON_BYTES = 13_394_199

/** How much of the files has been loaded, in bytes. */
export interface Progress {
  readonly loaded: number
  readonly total: number
}
