/**
 * Makes the guide work offline after the first visit: a service worker (Workbox) caches every page and what the pages need. It must run
 * after the policies are added, since it caches the pages by their final content.
 */
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'
import { generateSW } from 'workbox-build'

/** Files whose names contain a hash of their content. */
const IMMUTABLE = /\/_astro\//

/** Writes `sw.js` into the built site. Pages and scripts are cached in advance, the search and Python when they are first used. */
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
          globIgnores: ['pagefind/**', 'python/**', 'test/**', '404.html', 'sw.js'],
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
            // Cached when Python is first used, and for ever: the address contains the version.
            {
              urlPattern: ({ sameOrigin, url }) => sameOrigin && url.pathname.includes('/python/'),
              handler: 'CacheFirst',
              options: { cacheName: 'python' },
            },
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
