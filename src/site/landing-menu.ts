import { defineRouteMiddleware } from '@astrojs/starlight/route-data'

/**
 * Gives the landing page the menu of the chapters. It is shown only on a phone (layout.css): on a wide screen the page has its own links.
 */
export const onRequest = defineRouteMiddleware(({ locals }) => {
  const route = locals.starlightRoute
  if (/^(?:zh-cn|ko)?$/.test(route.entry.id) || route.entry.id === 'index') route.hasSidebar = true
})
