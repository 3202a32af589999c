/**
 * Finds the Chromium for the browser tests. As a program, it installs one if there is none and it has the rights.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium } from '@playwright/test'

/** The headless shell first: it has no window and no profile to keep, and costs a quarter less (2026-11-29, `npm test`). */
const installed = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Flags for a headless Chromium that runs as root too, and that contacts no other host itself. */
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The path of a Chromium: $CHROMIUM, Playwright's own, or the system's; `undefined` when there is none. */
export function findChromium(): string | undefined {
  const asked = process.env.CHROMIUM
  if (asked) return existsSync(asked) ? asked : undefined
  return [chromium.executablePath(), ...installed].find((path) => existsSync(path))
}

/** Runs a command with its output on stderr. @returns whether it succeeded */
function run(command: string, ...args: string[]): boolean {
  console.error(`$ ${[command, ...args].join(' ')}`)
  return spawnSync(command, args, { stdio: ['ignore', 2, 2] }).status === 0
}

/** Installs the system's package as root on Debian, else Playwright's own Chromium. */
function installChromium(): void {
  const mayUseApt = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (mayUseApt && run('apt-get', 'update')) {
    if (run('apt-get', 'install', '-y', 'chromium-headless-shell')) return
    // Ubuntu has no such package.
    if (run('apt-get', 'install', '-y', 'chromium')) return
  }
  run('playwright', 'install', 'chromium')
}

if (import.meta.main) {
  if (process.env.CHROMIUM && !existsSync(process.env.CHROMIUM)) {
    console.error(
      `CHROMIUM is "${process.env.CHROMIUM}", but there is no such file. Unset it, or name a Chromium.`,
    )
    process.exit(1)
  }
  if (!findChromium()) installChromium()
  const found = findChromium()
  if (!found) {
    console.error(
      'The browser tests need a Chromium, and none was found or could be installed. ' +
        'Install one, then run the tests again: sudo apt-get install -y chromium (Debian, Ubuntu), or npx playwright install chromium',
    )
    process.exit(1)
  }
  console.log(`Chromium: ${found}`)
}
