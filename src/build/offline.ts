/**
 * The guide without a network, after the first visit: a service worker (Workbox) that keeps every page and what the pages
 * need. It comes after the policies: what is kept is what was published.
 */
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'
import { generateSW } from 'workbox-build'

/** Names with a hash of their content, which never change. */
const IMMUTABLE = /\/_astro\//

/** Writes `sw.js` into the built site. Pages and scripts are kept in advance; of the search only what was asked for. */
export function offline(): AstroIntegration {
  let base = '/'
  return {
    name: 'offline',
    hooks: {
      'astro:config:done': ({ config }) => {
        base = config.base.endsWith('/') ? config.base : `${config.base}/`
      },
      'astro:build:done': async ({ dir, logger }) => {
        const root = fileURLToPath(dir)
        const { count, size, warnings } = await generateSW({
          globDirectory: root,
          globPatterns: ['**/*.{html,js,css,svg,wasm}', 'favicon.*'],
          globIgnores: ['pagefind/**', 'test/**', '404.html', 'sw.js'],
          swDest: `${root}/sw.js`,
          dontCacheBustURLsMatching: IMMUTABLE,
          inlineWorkboxRuntime: true,
          sourcemap: false,
          cleanupOutdatedCaches: true,
          clientsClaim: true,
          skipWaiting: true,
          maximumFileSizeToCacheInBytes: 4_000_000,
          modifyURLPrefix: { '': base },
          runtimeCaching: [
            {
              urlPattern: ({ sameOrigin, url }) => sameOrigin && url.pathname.includes('/pagefind/'),
              handler: 'StaleWhileRevalidate',
              options: { cacheName: 'search' },
            },
            {
              urlPattern: ({ sameOrigin, request }) => sameOrigin && request.destination === 'image',
              handler: 'StaleWhileRevalidate',
              options: { cacheName: 'pictures' },
            },
          ],
        })
        for (const warning of warnings) logger.warn(warning)
        logger.info(`${count} files (${(size / 1e6).toFixed(1)} MB before compression) can be read offline`)
      },
    },
  }
}
