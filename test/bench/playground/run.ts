/**
 * `npm run bench:playground`: whether the playground of the built guide (`npm run build`) reaches its goals, in headless Chromium, and
 * the virtual host under it; prints a table and writes `dist/bench-playground.json`. A part's name alone (`weight`, `boot`,
 * `frames`, `paused`, `leaks`, `python`, `kernel`) measures that part; BENCH_SCALE makes it shorter.
 */
import { chromium, type Browser } from '@playwright/test'
import { chromiumFlags, findChromium } from '../../setup/chromium.ts'
import type { Line } from '../line.ts'
import { report, save } from '../report.ts'
import { serveGuide } from '../serve-guide.ts'
import { kernel } from './kernel.ts'
import { boot, frames, leaks, paused } from './page.ts'
import { python } from './python.ts'
import { weight } from './weight.ts'

const FILE = 'dist/bench-playground.json'
const scale = Number(process.env['BENCH_SCALE'] ?? 1)

const PARTS: Readonly<Record<string, (browser: Browser, root: string) => Promise<readonly Line[]>>> = {
  weight,
  boot,
  frames: (browser, root) => frames(browser, root, Math.max(3, 20 * scale)),
  paused: (browser, root) => paused(browser, root, Math.max(3, 10 * scale)),
  leaks: (browser, root) => leaks(browser, root, Math.max(10, 100 * scale)),
  python: (browser, root) => python(browser, root, Math.max(1, Math.round(5 * scale))),
  kernel: () => kernel(Math.max(100_000, 10_000_000 * scale)),
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => PARTS[name] === undefined)
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}. There are: ${Object.keys(PARTS).join(', ')}.`)
  process.exit(2)
}

const { address, stop } = await serveGuide()
const lines: Line[] = []
try {
  const executablePath = findChromium()
  for (const [name, measure] of Object.entries(PARTS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    const browser = await chromium.launch({ args: chromiumFlags, ...(executablePath && { executablePath }) })
    try {
      lines.push(...(await measure(browser, address)))
    } finally {
      await browser.close()
    }
  }
} finally {
  await stop()
  // What was measured before something failed is worth having.
  save(FILE, lines)
  report(FILE, lines)
}
