/**
 * Writes `repository`, `bugs` and `homepage` into package.json, from the environment of the workflow that publishes the package: npm's
 * provenance check compares `repository` with the repository of the build. So a fork publishes its own address, and the file in the
 * repository names no host.
 *
 *     node src/build/repository.ts      in a workflow of GitHub, before `npm publish`
 */
import { readFileSync, writeFileSync } from 'node:fs'

const { GITHUB_SERVER_URL, GITHUB_REPOSITORY } = process.env
if (!GITHUB_SERVER_URL || !GITHUB_REPOSITORY) {
  console.error(
    'GITHUB_SERVER_URL and GITHUB_REPOSITORY are not set: a workflow sets them. Nothing was written.',
  )
  process.exit(1)
}
const home = `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as object
const whole = {
  ...manifest,
  repository: { type: 'git', url: `git+${home}.git` },
  bugs: `${home}/issues`,
  homepage: `${home}#readme`,
}
writeFileSync('package.json', `${JSON.stringify(whole, undefined, 2)}\n`)
