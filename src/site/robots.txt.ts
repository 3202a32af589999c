import type { APIRoute } from 'astro'

/** Everything may be read; where the map of the pages is. */
export const GET: APIRoute = ({ site }) => {
  const root = import.meta.env.BASE_URL.replace(/\/?$/, '/')
  const map = new URL(`${root}sitemap-index.xml`, site)
  return new Response(`User-agent: *\nAllow: /\n\nSitemap: ${map.href}\n`)
}
