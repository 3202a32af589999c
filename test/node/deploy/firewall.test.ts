import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { file, program } from './tools.ts'

test('nftables takes the firewall, which drops what it does not name and lets SSH and the proxy through', (context) => {
  const nft = program('nft', 'nftables', context)
  const unshare = program('unshare', 'util-linux', context)
  // In a network of its own, so that the machine keeps its rules.
  const { status, stdout, stderr } = spawnSync(
    unshare,
    ['--map-root-user', '--net', 'sh', '-c', `${nft} -f - && ${nft} --json list ruleset`],
    { input: file('nftables/nftables.conf'), encoding: 'utf8' },
  )
  if (/unshare.*not permitted|unshare.*failed/i.test(stderr)) context.skip('no network namespaces here')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const { nftables } = JSON.parse(stdout) as { nftables: { chain?: object; rule?: { expr: object[] } }[] }
  expect(nftables.map(({ chain }) => chain)).toContainEqual(
    expect.objectContaining({ hook: 'input', policy: 'drop' }),
  )
  const rules = nftables.flatMap(({ rule }) => (rule === undefined ? [] : [JSON.stringify(rule.expr)]))
  expect(rules.filter((rule) => rule.includes('"protocol":"tcp"'))).toEqual([
    expect.stringContaining('{"set":[22,80,443]}'),
  ])
})
