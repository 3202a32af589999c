/**
 * Completes `npm ci` on a machine whose own Node is older than 20 (Debian 12 has 18). npm leaves out the prebuilt parts of
 * packages that do not want that Node, though this project never runs on it: `node_modules/.bin` has a newer one by
 * now, which runs this script. It runs npm once more, on the newer Node. Runs in `prepare`.
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
