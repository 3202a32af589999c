import { defineConfig } from '@playwright/test'
import { chromiumFlags, findChromium } from './test/setup/chromium.ts'
import { isItsTurn } from './test/setup/seed.ts'
import { baseSite, rootSite, siteEnvironment, type Site } from './test/setup/sites.ts'

// The same in this process and in Playwright's workers, which inherit it; another in another run beside it.
// Below 32768: from there on Linux gives ports to clients.
process.env.TEST_PORT ||= String(10_000 + 2 * (process.pid % 10_000))
const port = Number(process.env.TEST_PORT)

/** Serves a site, and builds it before that, unless `npm test` has done so. */
function serve(port: number, site: Site) {
  return {
    command: `node src/build/serve.ts${process.env.SITES_ARE_BUILT ? '' : ' --build'}`,
    url: `http://127.0.0.1:${port}${site.base}`,
    // Playwright that is killed cannot end it; its end of the pipe closes.
    env: { PORT: String(port), END_WITH_STDIN: '1', ...siteEnvironment(site) },
    timeout: 180_000,
    reuseExistingServer: false,
    stdout: 'ignore',
  } as const
}

/** Specs that are also run under a base path, as on a static host that serves the guide from a folder. */
const underBase = [
  /base-path\.spec\.ts$/,
  ...(isItsTurn('the sandbox under a base path', 1 / 4) ? [/sandbox\.spec\.ts$/] : []),
]
const executablePath = findChromium()

export default defineConfig({
  testDir: 'test/browser',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  workers: 2,
  // Limits, not claims: a busy computer takes its time.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['line']],
  use: {
    // Recording a trace costs a third to a half of a test: ask for it with --trace on.
    trace: 'off',
    launchOptions: { args: chromiumFlags, ...(executablePath && { executablePath }) },
  },
  projects: [
    { name: 'root', use: { baseURL: `http://127.0.0.1:${port}/` } },
    { name: 'base', testMatch: underBase, use: { baseURL: `http://127.0.0.1:${port + 1}/base/` } },
  ],
  webServer: [serve(port, rootSite), serve(port + 1, baseSite)],
})
