import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { inlineScriptHashes, policy, withPolicy } from '../../../src/build/content-security-policy.ts'

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

test('every inline script is hashed, once, exactly as it stands in the page', () => {
  const html = '<script>a &amp; b\n</script><script type="module">c()</script><script>a &amp; b\n</script>'
  expect(inlineScriptHashes(html)).toEqual([hash('a &amp; b\n'), hash('c()')].sort())
})

test('scripts with an address and data need no hash', () => {
  expect(
    inlineScriptHashes('<script src="/x.js"></script><script type="application/ld+json">{}</script>'),
  ).toEqual([])
})

test('the policy is the first thing of the head', () => {
  const html = '<!doctype html><html><head><script>1</script></head></html>'
  expect(withPolicy(html)).toBe(
    `<!doctype html><html><head><meta http-equiv="Content-Security-Policy" content="${policy(html)}"><script>1</script></head></html>`,
  )
  expect(policy(html)).toContain(hash('1'))
})

test('a page that brings its own policy stays as it is', () => {
  const html = '<head><meta http-equiv="Content-Security-Policy" content="x"></head>'
  expect(withPolicy(html)).toBe(html)
})

test('a page without a head is refused', () => {
  expect(() => withPolicy('<p>')).toThrow('without <head>')
})

test("the sandbox's own policy has the hash of its script, WebAssembly, and no network", () => {
  const html = readFileSync('public/sandbox.html', 'utf8')
  expect(html).toContain(
    `content="default-src 'none'; script-src ${inlineScriptHashes(html).join(' ')} blob: 'wasm-unsafe-eval'; worker-src blob:; connect-src 'none'"`,
  )
})
