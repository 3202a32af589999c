/**
 * The sites for the browser tests: the guide at / and under a base path, as on a static host that serves it from a folder. As a program it
 * builds them, one after the other, since they share Astro's content store.
 */
import { spawnSync } from 'node:child_process'

export interface Site {
  readonly base: string
  /** The folder that it is built into. */
  readonly folder: string
}

export const rootSite: Site = { base: '/', folder: 'dist/test/root' }
export const baseSite: Site = { base: '/base/', folder: 'dist/test/base' }

/** The environment for `astro build` and `src/build/serve.ts`, with the pages of test/browser/pages. */
export function siteEnvironment({ base, folder }: Site) {
  return { BASE: base, OUT_DIR: folder, TEST_PAGES: '1' }
}

if (import.meta.main) {
  for (const site of [rootSite, baseSite]) {
    const { status } = spawnSync('astro', ['build'], {
      stdio: 'inherit',
      env: { ...process.env, ...siteEnvironment(site) },
    })
    if (status !== 0) process.exit(status ?? 1)
  }
}
