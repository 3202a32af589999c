/**
 * Puts a strict Content-Security-Policy into every built page, with the hashes of its inline scripts.
 * Astro's own leaves several of Starlight's inline scripts without a hash.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'

const script = /<script\b([^>]*)>([\s\S]*?)<\/script>/gi
const data = /\btype=["']?(application\/(ld\+)?json|speculationrules)/i

/** The CSP sources for the inline scripts of a page: `'sha256-…'`, each once. */
export function inlineScriptHashes(html: string): string[] {
  const hashes = new Set<string>()
  for (const [, attributes = '', text = ''] of html.matchAll(script)) {
    if (/\bsrc=/i.test(attributes) || data.test(attributes)) continue
    hashes.add(`'sha256-${createHash('sha256').update(text).digest('base64')}'`)
  }
  return [...hashes].sort()
}

/** The policy of a page. Starlight's markup has inline styles, and its search runs WebAssembly. */
export function policy(html: string): string {
  return [
    "default-src 'none'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...inlineScriptHashes(html)].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "media-src 'self'",
    "manifest-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
  ].join('; ')
}

/**
 * The page with its policy as the first thing of its head; a page that brings its own policy stays as it is.
 * @throws Error when the page has no <head>.
 */
export function withPolicy(html: string): string {
  if (/http-equiv=["']?content-security-policy/i.test(html)) return html
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy(html)}">`
  // The policy covers only what comes after its meta element, so that comes first.
  if (/<head\b[^>]*>/i.test(html)) return html.replace(/<head\b[^>]*>/i, (head) => head + meta)
  throw new Error('A page without <head> was built: a policy has no place in it.')
}

/** The Astro integration. */
export function contentSecurityPolicy(): AstroIntegration {
  return {
    name: 'content-security-policy',
    hooks: {
      'astro:build:done': ({ dir, logger }) => {
        const root = fileURLToPath(dir)
        const pages = globSync('**/*.html', { cwd: root })
        for (const page of pages) {
          const path = join(root, page)
          writeFileSync(path, withPolicy(readFileSync(path, 'utf8')))
        }
        logger.info(`${pages.length} pages have a policy`)
      },
    },
  }
}
