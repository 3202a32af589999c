import type { APIRoute } from 'astro'

/** Allows everything, and names the sitemap. */
export const GET: APIRoute = ({ site }) => {
  const root = import.meta.env.BASE_URL.replace(/\/?$/, '/')
  const map = new URL(`${root}sitemap-index.xml`, site)
  return new Response(`User-agent: *\nAllow: /\n\nSitemap: ${map.href}\n`)
}
