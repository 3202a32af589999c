import { defineConfig } from '@playwright/test'
import { chromiumFlags, findChromium } from './test/setup/chromium.ts'

// The same in this process and in Playwright's workers, which inherit it; another in another run beside it.
// Below 32768: from there on Linux gives ports to clients.
process.env.TEST_PORT ||= String(10_000 + 2 * (process.pid % 10_000))
const port = Number(process.env.TEST_PORT)

/** The built guide under a base path, with the pages of test/browser/pages. */
function site(port: number, base: string, folder: string) {
  return {
    command: 'node src/build/serve.ts --build',
    url: `http://127.0.0.1:${port}${base}`,
    env: { PORT: String(port), BASE: base, OUT_DIR: `dist/test/${folder}`, TEST_PAGES: '1' },
    timeout: 180_000,
    reuseExistingServer: false,
    stdout: 'ignore',
  } as const
}

/** Specs that are also run under a base path, as on a static host that serves the guide from a folder. */
const underBase = /(sandbox|base-path)\.spec\.ts$/
const executablePath = findChromium()

export default defineConfig({
  testDir: 'test/browser',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['line']],
  use: {
    trace: 'retain-on-failure',
    launchOptions: { args: chromiumFlags, ...(executablePath && { executablePath }) },
  },
  projects: [
    { name: 'root', use: { baseURL: `http://127.0.0.1:${port}/` } },
    { name: 'base', testMatch: underBase, use: { baseURL: `http://127.0.0.1:${port + 1}/base/` } },
  ],
  webServer: [site(port, '/', 'root'), site(port + 1, '/base/', 'base')],
})
