import type { SessionData } from '../../simulator/scenario/session/index.ts'
import { fromText, MOST_BYTES, type LinkProblem } from './session-text.ts'

/** The longest link that is made, in bytes of its fragment: some programs cut longer ones. */
export const LONGEST_LINK = 8192
/** A longer fragment is not unpacked: a small text can unfold into a giant one. */
const MOST_TEXT = 400_000
/** What a fragment with a session begins with; the number is that of the packing. */
const MARK = 'session-1.'

/** A session as a link's fragment, without `#`: its JSON, deflated, in base64url. */
export async function toFragment(session: SessionData): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(session))
  const packed = await collect(new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw')))
  return MARK + toBase64(packed ?? new Uint8Array())
}

/** Reads a fragment of any origin. Nothing of it is run or trusted; every field is looked at. */
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

/** All of a stream; nothing when it is longer than `most`, and the rest is not unpacked. */
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
