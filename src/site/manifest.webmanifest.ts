import type { APIRoute } from 'astro'

/** The web manifest, with which the guide can be put on a home screen. */
export const GET: APIRoute = () => {
  const root = import.meta.env.BASE_URL.replace(/\/?$/, '/')
  return Response.json({
    name: 'Server Workers',
    short_name: 'Workers',
    start_url: root,
    scope: root,
    display: 'browser',
    background_color: '#fbfaf6',
    theme_color: '#fbfaf6',
    icons: [{ src: `${root}favicon.svg`, sizes: 'any', type: 'image/svg+xml' }],
  })
}
