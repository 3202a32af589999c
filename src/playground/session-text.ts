import { readSession, type SessionData, type SessionProblem } from '../../simulator/scenario/session/index.ts'

/** A longer text is not read, in bytes. */
export const MOST_BYTES = 4_000_000

/** Why a link could not be read. */
export type LinkProblem =
  | { readonly kind: 'packing' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'other-version' }
  | { readonly kind: 'content'; readonly problem: SessionProblem }

/** Whether the fragment of an address means to bring a session. */
export function isSessionFragment(fragment: string): boolean {
  return fragment.startsWith('session')
}

/** Reads the text of a session's file. */
export function fromText(text: string): { session: SessionData } | { problem: LinkProblem } {
  if (text.length > MOST_BYTES) return { problem: { kind: 'too-large' } }
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return { problem: { kind: 'packing' } }
  }
  const read = readSession(data)
  return 'session' in read ? read : { problem: { kind: 'content', problem: read.problem } }
}
