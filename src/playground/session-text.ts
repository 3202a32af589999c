import { readSession } from '../../simulator/scenario/session/read-session.ts'
import type { SessionData, SessionProblem } from '../../simulator/scenario/session/index.ts'

/** The longest text that is read, in bytes. */
export const MOST_BYTES = 4_000_000

/** The deepest nesting that is accepted; a session has four levels. */
const DEEPEST = 16

/** Why a link could not be read. */
export type LinkProblem =
  | { readonly kind: 'packing' }
  | { readonly kind: 'too-large' }
  /** Nested deeper than any session. */
  | { readonly kind: 'nested' }
  | { readonly kind: 'other-version' }
  | { readonly kind: 'content'; readonly problem: SessionProblem }

/** Reads the text of a session's file. */
export function fromText(text: string): { session: SessionData } | { problem: LinkProblem } {
  if (text.length > MOST_BYTES) return { problem: { kind: 'too-large' } }
  if (!isShallow(text)) return { problem: { kind: 'nested' } }
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return { problem: { kind: 'packing' } }
  }
  const read = readSession(data)
  return 'session' in read ? read : { problem: { kind: 'content', problem: read.problem } }
}

/** Whether a JSON text is not nested deeper than a session. Checked before it is parsed. */
function isShallow(text: string): boolean {
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    // " and \
    if (quoted) {
      if (code === 0x5c) at += 1
      else if (code === 0x22) quoted = false
    } else if (code === 0x22) quoted = true
    // [ and {, ] and }
    else if (code === 0x5b || code === 0x7b) {
      depth += 1
      if (depth > DEEPEST) return false
    } else if (code === 0x5d || code === 0x7d) depth -= 1
  }
  return true
}
