import { createHash } from 'node:crypto'

/** Front matter, which a page's text begins with. */
const FRONT_MATTER = /^---\r?\n[\s\S]*?\r?\n---\r?\n/

/** The mark of an English text: a translation keeps it in its front matter (`translates`) to know when that has moved on. */
export function markOf(page: string): string {
  const body = page.replace(FRONT_MATTER, '').trim().replaceAll('\r\n', '\n')
  return createHash('sha256').update(body).digest('hex').slice(0, 12)
}
