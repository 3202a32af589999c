import type { Speaker } from '../settings.ts'
import { traitsOf } from '../traits.ts'
import { compareVersions } from '../versions.ts'

/** The named rules in which fastapi-cli differs by version. */
export interface FastapiRules {
  /** Whether the banner shows the folder that was searched, the file found, and the code that imports it (0.0.7). */
  readonly showsSearch: boolean
  /** The prefix of its lines: coloured tags (0.0.7), or since 0.0.30 emoji bullets. */
  readonly style: 'tags' | 'bullets'
  /** Whether every process queries the terminal's colours (since 0.0.30). */
  readonly asksTerminal: boolean
}

/** The rules of fastapi-cli `version`. */
export function fastapiRules(version: string): FastapiRules {
  const bullets = compareVersions(version, '0.0.30') >= 0
  return { showsSearch: !bullets, style: bullets ? 'bullets' : 'tags', asksTerminal: bullets }
}

/** Whether the processes of a program query the terminal's colours. */
export function asksTerminal(speaks: Speaker): boolean {
  return traitsOf(speaks).printsByRich && fastapiRules(speaks.version).asksTerminal
}
