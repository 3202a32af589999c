import { compareVersions } from '../versions.ts'

/** The named rules in which fastapi-cli differs by version. */
export interface FastapiRules {
  /** Whether the opening shows where the application was searched, its file, and the code that imports it (0.0.7). */
  readonly showsSearch: boolean
}

/** The rules of fastapi-cli `version`. */
export function fastapiRules(version: string): FastapiRules {
  return { showsSearch: compareVersions(version, '0.0.30') < 0 }
}
