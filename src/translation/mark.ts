import { createHash } from 'node:crypto'

/** The front matter at the beginning of a page. */
const FRONT_MATTER = /^---\r?\n[\s\S]*?\r?\n---\r?\n/

/** A hash of an English text. A translation stores it in its front matter (`translates`), so that a later change is noticed. */
export function markOf(page: string): string {
  const body = page.replace(FRONT_MATTER, '').trim().replaceAll('\r\n', '\n')
  return createHash('sha256').update(body).digest('hex').slice(0, 12)
}
