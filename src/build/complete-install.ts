/**
 * Completes `npm ci` on a machine whose own Node is older than 20 (Debian 12 has 18). There npm skips the prebuilt binaries of packages
 * that require a newer Node, although this project runs on the Node that it installs into `node_modules/.bin`. This script, which
 * `prepare` runs on that newer Node, runs npm once more with it.
 */
import { spawnSync } from 'node:child_process'

const [, major] = /node\/v(\d+)/.exec(process.env.npm_config_user_agent ?? '') ?? []
const npm = process.env.npm_execpath

if (major && npm && Number(major) < 20) {
  console.log(`npm runs on Node ${major}: adding what it left out, on Node ${process.versions.node}`)
  const arguments_ = [npm, 'install', '--ignore-scripts', '--no-save', '--no-audit']
  const { status } = spawnSync(process.execPath, arguments_, { stdio: 'inherit' })
  process.exitCode = status ?? 1
}
