import { defineRouteMiddleware } from '@astrojs/starlight/route-data'

/** Gives the landing page the menu of the chapters. It shows on a phone alone (layout.css): on a wide screen the page leads by itself. */
export const onRequest = defineRouteMiddleware(({ locals }) => {
  const route = locals.starlightRoute
  if (/^(?:zh-cn|ko)?$/.test(route.entry.id) || route.entry.id === 'index') route.hasSidebar = true
})
