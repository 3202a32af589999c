/** The whole built guide: its links, its HTML, what search engines and home screens ask for, and the page that is not there. */
import { readFileSync, globSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect } from '@playwright/test'
import { HtmlValidate } from 'html-validate'
import { LinkChecker, LinkState } from 'linkinator'
import { NOT_BUNDLED } from '../../src/build/site-notices.ts'
import { namedIn, namesOf, packagesOf } from '../setup/packages.ts'
import { shareOf } from './share.ts'

const test = shareOf('tests of the site', 1 / 2)

const built = 'dist/test/root'

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:standard'],
  elements: [
    'html5',
    // Expressive Code lays out its listings and their buttons with <div>.
    { code: { permittedContent: ['@flow'] }, button: { permittedContent: ['@flow'] } },
  ],
  rules: {
    // How Astro and Starlight write what is valid either way.
    'attribute-boolean-style': 'off',
    'attribute-empty-style': 'off',
    'doctype-style': 'off',
    'long-title': 'off',
    'no-inline-style': 'off',
    'no-trailing-whitespace': 'off',
    'void-style': 'off',
    // Everything is of the same origin.
    'require-sri': 'off',
  },
})

test('every link inside the guide leads to a page, and to a heading, that is there', async ({ baseURL }) => {
  test.setTimeout(180_000)
  const root = baseURL ?? ''
  const checker = new LinkChecker()
  const { links } = await checker.check({
    path: ['', 'zh-cn/', 'ko/'].map((folder) => `${root}${folder}`),
    recurse: true,
    checkFragments: true,
    concurrency: 8,
    // The site's own future address, and the world outside, which tests do not ask.
    linksToSkip: (link) => Promise.resolve(!link.startsWith(root)),
  })
  const broken = links.filter(({ state }) => state === LinkState.BROKEN)
  expect(broken.map(({ url, parent, status }) => `${status} ${url} on ${parent}`)).toEqual([])
  expect(links.filter(({ state }) => state === LinkState.OK).length).toBeGreaterThan(50)
})

test('every page is valid HTML', async () => {
  test.setTimeout(180_000)
  const found: string[] = []
  const pages = globSync('**/*.html', { cwd: built }).filter((page) => !page.startsWith('test/'))
  expect(pages.length).toBeGreaterThan(30)
  for (const page of pages) {
    const report = await validator.validateString(
      readFileSync(`${built}/${page}`, 'utf8'),
      `${built}/${page}`,
    )
    for (const { messages } of report.results)
      for (const { ruleId, message, line } of messages.filter(({ severity }) => severity === 2))
        found.push(`${page}:${line} ${message} (${ruleId})`)
  }
  expect(found).toEqual([])
})

test('no page and no result of the search shows a name that stands for a value in a recording', () => {
  const names = /(?:<|&lt;|&#60;|&#x3c;)(?:parent|worker|w\d+|ts|port|n)(?:>|&gt;|&#62;|&#x3e;)/gi
  const pages = globSync(`${built}/**/*.html`)
  expect(pages.length).toBeGreaterThan(50)
  const found = pages.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(names)].map(([name]) => `${file}: ${name}`),
  )
  expect(found).toEqual([])
  // What the search shows is gzipped text, a file for each page.
  const results = globSync(`${built}/pagefind/fragment/*`)
  expect(results.length).toBeGreaterThan(40)
  expect(results.filter((file) => names.test(gunzipSync(readFileSync(file)).toString('utf8')))).toEqual([])
})

test('robots.txt names the map of the pages, and that names the chapters in three languages', async ({
  request,
}) => {
  const robots = await (await request.get('robots.txt')).text()
  expect(robots).toMatch(/^Sitemap: http\S+\/sitemap-index\.xml$/m)
  const index = await (await request.get('sitemap-index.xml')).text()
  const [, name] = /(sitemap-\d+\.xml)/.exec(index) ?? []
  const map = await (await request.get(name ?? '')).text()
  for (const path of ['/server-workers/', '/zh-cn/server-workers/', '/ko/server-workers/'])
    expect(map).toContain(`${path}</loc>`)
})

/** Which modules the bundler put into each published file. */
const modules = () => JSON.parse(readFileSync(`${built}.modules.json`, 'utf8')) as Record<string, string[]>

test('the licence of each package whose code is in the pages can be read, and of no other', async ({
  request,
}) => {
  const notices = await (await request.get('third-party-notices.txt')).text()
  const bundled = packagesOf(Object.values(modules()).flat())
  expect(bundled.map((name) => name.replace(/@[\d.]+$/, ''))).toEqual(
    expect.arrayContaining(['@xterm/xterm', 'lit-html', 'object-inspect', '@astrojs/starlight', 'vite']),
  )
  const published = namesOf(
    NOT_BUNDLED.flatMap(({ packages }) => packages.map((name) => `node_modules/${name}`)),
  )
  expect(namedIn(notices)).toEqual([...new Set([...bundled, ...published])].sort())
})

test('of every published file with code it is known which packages are in it', () => {
  const files = globSync('**/*.{js,mjs,css,wasm,zip,pagefind}', { cwd: built })
  expect(files.length).toBeGreaterThan(50)
  const known = modules()
  const bundled = (file: string) => Object.hasOwn(known, file) || /^_astro\/(?!ec\.).*\.css$/.test(file)
  for (const { files: pattern } of NOT_BUNDLED)
    expect(
      files.filter((file) => pattern.test(file)),
      `${pattern} is for no file`,
    ).not.toEqual([])
  expect(
    files.filter((file) => !bundled(file) && !NOT_BUNDLED.some(({ files: pattern }) => pattern.test(file))),
  ).toEqual([])
  // Each of Workbox's packages leaves its name in the service worker.
  const marks = [...readFileSync(`${built}/sw.js`, 'utf8').matchAll(/"workbox:(\w+):/g)]
  expect(marks.map(([, name]) => `workbox-${name}`).sort()).toEqual(
    NOT_BUNDLED.flatMap(({ packages }) => packages.filter((name) => name.startsWith('workbox'))),
  )
})

test('a link to a page has a picture, and the picture is there', async ({ page, request }) => {
  await page.goto('server-workers/')
  const picture = await page.locator('meta[property="og:image"]').getAttribute('content')
  const answer = await request.get(new URL(picture ?? '').pathname.slice(1))
  expect(answer.status()).toBe(200)
  expect(answer.headers()['content-type']).toBe('image/png')
  const manifest = (await (await request.get('manifest.webmanifest')).json()) as { name: string }
  expect(manifest.name).toBe('Server Workers')
})

test('an address that leads nowhere says so in three languages, and the search opens there', async ({
  page,
}) => {
  const answer = await page.goto('no/such/page/')
  expect(answer?.status()).toBe(404)
  for (const lang of ['en', 'zh-CN', 'ko'])
    await expect(page.locator(`.not-found [lang="${lang}"]`)).toBeVisible()
  await page.locator('.not-found button').first().click()
  await expect(page.locator('dialog input')).toBeVisible()
})
