import { PYTHON_BYTES } from './size.ts'

/** FastAPI itself with what it needs, as the build packed it. */
export interface Packages {
  /** The name of the archive beside the interpreter's files. */
  readonly file: string
  readonly bytes: number
  /** The version of FastAPI. */
  readonly fastapi: string
}

/** What the build could fetch; without it the page has its own subset of FastAPI's interface. */
export const PACKAGES =
  (import.meta.env as { readonly PYTHON_PACKAGES?: Packages | null }).PYTHON_PACKAGES ?? undefined

/** The size of all that is loaded for Python, in bytes, uncompressed. */
export const DOWNLOAD_BYTES = PYTHON_BYTES + (PACKAGES?.bytes ?? 0)
