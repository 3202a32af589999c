import type { AstroIntegration } from 'astro'

/** Adds the routes of `robots.txt` and the web manifest. (Astro finds no pages folder here.) */
export function siteFiles(): AstroIntegration {
  return {
    name: 'site-files',
    hooks: {
      'astro:config:setup': ({ injectRoute }) => {
        for (const name of ['robots.txt', 'manifest.webmanifest'])
          injectRoute({ pattern: `/${name}`, entrypoint: `./src/site/${name}.ts` })
      },
    },
  }
}
