import type { Speaker } from '../settings.ts'
import { traitsOf } from '../traits.ts'
import { compareVersions } from '../versions.ts'

/** The named rules in which fastapi-cli differs by version. */
export interface FastapiRules {
  /** Whether the opening shows where the application was searched, its file, and the code that imports it (0.0.7). */
  readonly showsSearch: boolean
  /** What stands in front of its lines: coloured tags (0.0.7), or since 0.0.30 emoji bullets. */
  readonly style: 'tags' | 'bullets'
  /** Whether it asks the terminal for its colours, in every process (since 0.0.30). */
  readonly asksTerminal: boolean
}

/** The rules of fastapi-cli `version`. */
export function fastapiRules(version: string): FastapiRules {
  const bullets = compareVersions(version, '0.0.30') >= 0
  return { showsSearch: !bullets, style: bullets ? 'bullets' : 'tags', asksTerminal: bullets }
}

/** Whether a program asks the terminal for its colours. */
export function asksTerminal(speaks: Speaker): boolean {
  return traitsOf(speaks).printsByRich && fastapiRules(speaks.version).asksTerminal
}
