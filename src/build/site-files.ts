import type { AstroIntegration } from 'astro'

/** The files of the site that are no pages: `robots.txt` and the web manifest. (Astro scans no pages folder here.) */
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
