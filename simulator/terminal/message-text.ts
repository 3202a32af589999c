import type { LogRecord, MessagePart } from '../manager/log.ts'

/** One request as it is logged. */
export type AccessRecord = Extract<LogRecord, { readonly kind: 'access' }>

/** The text of a message's parts without any colour. */
export function plainText(parts: readonly MessagePart[]): string {
  return parts.map(plainPart).join('')
}

/** The same as rich prints it. */
export function richText(parts: readonly MessagePart[]): string {
  return plainText(parts.filter((part) => typeof part === 'string' || part.part !== 'markup'))
}

/** One part without any colour. */
export function plainPart(part: MessagePart): string {
  if (typeof part === 'string') return part
  if (part.part === 'reloader' || part.part === 'markup') return part.text
  return part.part === 'address' ? (part.plain ?? part.text) : String(part.pid)
}

/** The client of an access line, `IP:PORT`; empty for a client on a unix socket. */
export function clientAddress(record: AccessRecord): string {
  return record.client === undefined ? '' : `${printable(record.client.host)}:${record.client.port}`
}

/** The request of an access line, e.g. `GET / HTTP/1.1`. */
export function requestLine(record: AccessRecord): string {
  return printable(`${record.method} ${record.target} HTTP/${record.httpVersion}`)
}

/** Text that a client sent, without control characters: they could begin a new line or move the cursor. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (sign) => {
    const code = sign.charCodeAt(0).toString(16)
    return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`
  })
}

/** `text` with a line break at its end. */
export function wholeLines(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}
