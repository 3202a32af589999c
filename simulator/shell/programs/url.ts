/** A URL as curl interprets it on this machine. */
export type Target = Reachable | Unreachable

export interface Reachable {
  readonly host: string
  readonly port: number
  readonly secure: boolean
  readonly path: string
  /** As typed. */
  readonly url: string
}

export interface Unreachable {
  readonly problem: 'bad-url' | 'scheme'
  /** What is wrong with it: the URL or its scheme. */
  readonly text: string
}

/** Reads a URL as curl does: without a scheme it is http, without a path it is `/`. */
export function readUrl(typed: string): Target {
  const match =
    /^(?:([a-z][a-z\d+.-]*):\/\/)?(?:[^/@?#]*@)?(\[[^\]]*\]|[^/:?#]*)(?::(\d*))?([/?][^#]*)?(?:#.*)?$/i.exec(
      typed,
    )
  const [, scheme = 'http', host = '', port = '', path = '/'] = match ?? []
  if (match === null || host === '' || /[\s<>"{}|\\^`]/.test(host) || Number(port) > 65535) {
    return { problem: 'bad-url', text: typed }
  }
  const secure = scheme.toLowerCase() === 'https'
  if (!secure && scheme.toLowerCase() !== 'http') return { problem: 'scheme', text: scheme.toLowerCase() }
  const target = path.startsWith('/') ? path : `/${path}`
  const usual = secure ? 443 : 80
  return {
    host,
    port: port === '' ? usual : Number(port),
    secure,
    path: target.replaceAll(' ', '%20'),
    url: typed,
  }
}

/** curl's globbing, of which only number ranges are here: `[1-10]` stands for ten URLs. */
export function ranges(url: string): string[] {
  const match = /\[(\d{1,4})-(\d{1,4})\]/.exec(url)
  if (match === null) return [url]
  const [whole, first = '', last = ''] = match
  const count = Math.min(1000, Number(last) - Number(first) + 1)
  return Array.from({ length: Math.max(0, count) }, (_, index) => {
    const number = String(Number(first) + index).padStart(first.startsWith('0') ? first.length : 0, '0')
    return ranges(url.replace(whole, () => number))
  }).flat()
}
