import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { commandAsTyped } from '../../../simulator/host/node/cli/command-as-typed.ts'
import { packedAddress } from '../../../simulator/host/node/cli/packed-address.ts'
import { packedCommand } from '../../../src/build/packed-command.ts'

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'packed-'))
  onTestFinished(() => rmSync(made, { recursive: true }))
  return made
}

test('a site that is built with REGISTRY=1 has no packed command', async () => {
  const site = folder()
  vi.stubEnv('REGISTRY', '1')
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  const done = packedCommand().hooks['astro:build:done'] as unknown as (given: object) => unknown
  await done({ dir: pathToFileURL(`${site}/`), logger: { info: () => undefined } })
  expect(readdirSync(site)).toEqual([])
})

test('npx from an address is named with that address, and nothing else is taken for one', () => {
  const note = (text: string): string | undefined => {
    const file = join(folder(), 'package.json')
    writeFileSync(file, text)
    return packedAddress(pathToFileURL(file))
  }
  const address = 'https://guide.example/base/server-workers.tgz'
  expect(note(JSON.stringify({ _npx: { packages: [address] } }))).toBe(address)
  for (const other of ['{}', 'null', 'no JSON', '{"_npx":{"packages":["server-workers"]}}'])
    expect(note(other)).toBeUndefined()
  expect(commandAsTyped({ npm_command: 'exec' }, address)).toBe(`npx ${address}`)
  expect(commandAsTyped({}, address)).toBe('server-workers')
  expect(commandAsTyped({ npm_command: 'exec' }, undefined)).toBe('npx server-workers')
})
