/** Versions in package.json: no exact version without a reason, no dependency without a use. */
import { expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }

const reasons: Readonly<Record<string, string>> = manifest['//']
const wanted: Readonly<Record<string, string>> = manifest.devDependencies

/** `1.2.3` and no range, as it stands or behind another name (`npm:other@1.2.3`). */
const isExact = (version: string) => /^(?:npm:.+@)?\d[\d.]*$/.test(version)

test('a version that is exact has its reason beside it', () => {
  const exact = Object.keys(wanted).filter((name) => isExact(wanted[name] ?? ''))
  for (const name of exact) expect(reasons[name], name).toContain(`Exactly ${wanted[name]}: `)
})

test('a package that stands under another name has its reason beside it', () => {
  const renamed = Object.keys(wanted).filter((name) => wanted[name]?.startsWith('npm:'))
  for (const name of renamed) expect(JSON.stringify(reasons), name).toContain(name)
})

test('a reason is about a package that is there', () => {
  for (const name of Object.keys(reasons)) expect(wanted).toHaveProperty([name])
  expect(manifest).not.toHaveProperty('overrides')
})
