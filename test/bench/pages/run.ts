/**
 * `npm run bench:pages`: what the built guide (`npm run build`) weighs and how Lighthouse judges it on phone settings; prints a
 * table and writes `dist/bench-pages.json`. Lighthouse is installed into a temporary folder when the registry answers;
 * BENCH_LIGHTHOUSE is a folder where it is installed already.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { chromium } from '@playwright/test'
import { chromiumFlags, findChromium } from '../../setup/chromium.ts'
import type { Line } from '../line.ts'
import { report, save } from '../report.ts'
import { serveGuide } from '../serve-guide.ts'
import { median } from '../statistics.ts'

const FILE = 'dist/bench-pages.json'
/** A text chapter, and pages with a lab. */
const TEXT = 'choosing/'
const LABS = ['server-workers/', '']
/** The score of one page differs from visit to visit. */
const ROUNDS = 3
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const

const { address, stop } = await serveGuide()
const lines: Line[] = []
try {
  lines.push(...(await weights(address)), ...(await judged(address)))
} finally {
  await stop()
}
save(FILE, lines)
report(FILE, lines)

/** What a browser asks for when it opens a page, compressed (brotli), in KB. */
async function weights(root: string): Promise<Line[]> {
  const executablePath = findChromium()
  const browser = await chromium.launch({ args: chromiumFlags, ...(executablePath && { executablePath }) })
  const weigh = async (path: string): Promise<{ kb: number; requests: number }> => {
    const context = await browser.newContext({ serviceWorkers: 'block' })
    const page = await context.newPage()
    const bodies: Promise<number>[] = []
    page.on('response', (response) => {
      bodies.push(response.body().then((body) => brotliCompressSync(body).length))
    })
    await page.goto(`${root}${path}`)
    await page.waitForLoadState('networkidle')
    const sizes = await Promise.all(bodies)
    await context.close()
    return { kb: sizes.reduce((sum, size) => sum + size, 0) / 1024, requests: sizes.length }
  }
  try {
    const text = await weigh(TEXT)
    return [
      {
        id: 'text-weight',
        what: 'A text chapter, all that is transferred',
        unit: 'KB',
        ours: text.kb,
        goal: { atMost: 46 },
        of: `${text.requests} requests`,
      },
    ]
  } finally {
    await browser.close()
  }
}

interface Verdict {
  readonly lhr: { readonly categories: Readonly<Record<string, { readonly score: number | null }>> }
}

type Lighthouse = (url: string, flags: object) => Promise<Verdict>

/** Lighthouse's verdicts, from 0 to 100. None when it cannot be installed. */
async function judged(root: string): Promise<Line[]> {
  const folder = installed()
  if (folder === undefined) {
    console.error('Lighthouse could not be installed: its lines are missing.')
    return []
  }
  const entry = pathToFileURL(join(folder, 'node_modules/lighthouse/core/index.js')).href
  const { default: lighthouse } = (await import(entry)) as { default: Lighthouse }
  const lines: Line[] = []
  for (const path of [TEXT, ...LABS]) {
    const scores = []
    for (let round = 0; round < ROUNDS; round++) scores.push(await scoresOf(`${root}${path}`, lighthouse))
    for (const [index, category] of CATEGORIES.entries()) {
      const least = path === TEXT ? 100 : category === 'performance' ? 95 : 100
      lines.push({
        id: `lighthouse-${category}-${path}`,
        what: `Lighthouse, /${path}: ${category}`,
        unit: 'points',
        ours: median(scores.map((score) => score[index] ?? 0)),
        goal: { atLeast: least },
        of: `median of ${ROUNDS}`,
      })
    }
  }
  return lines
}

/** What a page gets in each category, in a browser of its own. */
async function scoresOf(url: string, lighthouse: Lighthouse): Promise<readonly number[]> {
  const executablePath = findChromium()
  const port = 9222 + Math.floor(Math.random() * 1000)
  const browser = await chromium.launch({
    args: [...chromiumFlags, `--remote-debugging-port=${port}`],
    ...(executablePath && { executablePath }),
  })
  try {
    const { lhr } = await lighthouse(url, { port, output: 'json', logLevel: 'error' })
    return CATEGORIES.map((category) => Math.round((lhr.categories[category]?.score ?? 0) * 100))
  } finally {
    await browser.close()
  }
}

function installed(): string | undefined {
  const given = process.env['BENCH_LIGHTHOUSE']
  if (given !== undefined) return given
  const folder = mkdtempSync(join(tmpdir(), 'bench-lighthouse-'))
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  const words = ['install', '--no-audit', '--no-fund', '--ignore-scripts', 'lighthouse']
  const { status } = spawnSync('npm', words, { cwd: folder, stdio: 'ignore', timeout: 300_000 })
  return status === 0 ? folder : undefined
}
