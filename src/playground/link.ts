import type { SessionData } from '../../simulator/scenario/session/index.ts'
import { fromText, MOST_BYTES, type LinkProblem } from './session-text.ts'

/** The longest fragment of a link, in bytes: some programs truncate longer ones. */
export const LONGEST_LINK = 8192
/** The longest fragment that is read, in characters: a short text can inflate to a huge one. */
const MOST_TEXT = 400_000
/** The prefix of a fragment with a session; the number is the version of the encoding. */
const MARK = 'session-1.'

/** A session as a link's fragment, without `#`: its JSON, deflated, in base64url. */
export async function toFragment(session: SessionData): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(session))
  const packed = await collect(new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw')))
  return MARK + toBase64(packed ?? new Uint8Array())
}

/** Reads a fragment from an untrusted source: every field is validated, nothing is run. */
export async function fromFragment(
  fragment: string,
): Promise<{ session: SessionData } | { problem: LinkProblem }> {
  if (!fragment.startsWith(MARK)) return { problem: { kind: 'other-version' } }
  if (fragment.length > MOST_TEXT) return { problem: { kind: 'too-large' } }
  let bytes: Uint8Array | undefined
  try {
    const packed = fromBase64(fragment.slice(MARK.length))
    bytes = await collect(
      new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw')),
      MOST_BYTES,
    )
  } catch {
    return { problem: { kind: 'packing' } }
  }
  if (bytes === undefined) return { problem: { kind: 'too-large' } }
  return fromText(new TextDecoder().decode(bytes))
}

/** The contents of a stream; `undefined` when it is longer than `most`: the rest is not read. */
async function collect(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  most = Infinity,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  for await (const piece of stream) {
    length += piece.length
    if (length > most) return undefined
    pieces.push(piece)
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

function toBase64(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}
