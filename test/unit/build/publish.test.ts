/** What the workflow publishes: its own steps are run here, on a copy of the package. */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}
interface Job {
  readonly needs?: string
  readonly permissions?: Readonly<Record<string, string>>
  readonly environment?: string
  readonly steps: readonly Step[]
}
const workflow = parse(readFileSync('.github/workflows/publish.yml', 'utf8')) as {
  on: { push: object }
  permissions: Readonly<Record<string, string>>
  jobs: Readonly<Record<'pack' | 'publish', Job>>
}
const { pack, publish } = workflow.jobs
const commands = pack.steps.flatMap(({ run }) => run ?? [])

/** What GitHub tells the steps of a workflow. */
const github = { GITHUB_SERVER_URL: 'https://forge.example', GITHUB_REPOSITORY: 'someone/a-fork' }
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

/** A copy of what is packed, and of what fills package.json in. */
function copy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'publish-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  for (const path of ['package.json', 'README.md', 'LICENSE', 'dist/command', 'src/build/repository.ts'])
    cpSync(path, join(folder, path), { recursive: true })
  return folder
}

function run(command: string, cwd: string, more: Readonly<Record<string, string>> = {}): number | null {
  const { GITHUB_SERVER_URL: _, GITHUB_REPOSITORY: __, ...env } = process.env
  return spawnSync('bash', ['-e', '-c', command], {
    cwd,
    // The command is built already, and there is nothing here to build it from.
    env: { ...env, npm_config_ignore_scripts: 'true', ...more },
    stdio: 'ignore',
  }).status
}

const manifest = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>

test('what is packed says in which repository it was built and where to report, and differs in nothing else', () => {
  const folder = copy()
  const before = manifest(folder)
  for (const key of ['repository', 'bugs', 'homepage']) expect(before).not.toHaveProperty(key)
  const last = commands.slice(commands.indexOf('node src/build/repository.ts'))
  expect(last).toHaveLength(2)
  for (const command of last) expect(run(command, folder, github), command).toBe(0)
  const tarball = join('packed', `server-workers-${version}.tgz`)
  execFileSync('tar', ['-xzf', tarball, '-C', folder], { cwd: folder })
  expect(manifest(join(folder, 'package'))).toEqual({
    ...before,
    repository: { type: 'git', url: 'git+https://forge.example/someone/a-fork.git' },
    bugs: 'https://forge.example/someone/a-fork/issues',
    homepage: 'https://forge.example/someone/a-fork#readme',
  })
  expect(pack.steps.at(-1)?.with).toMatchObject({ path: 'packed/*.tgz', 'if-no-files-found': 'error' })
})

test('outside a workflow nothing is written', () => {
  const folder = copy()
  const before = readFileSync(join(folder, 'package.json'), 'utf8')
  expect(run('node src/build/repository.ts', folder)).toBe(1)
  expect(run('node src/build/repository.ts', folder, { GITHUB_SERVER_URL: 'https://forge.example' })).toBe(1)
  expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe(before)
})

test('only a tag that is the version is published, after all tests', () => {
  expect(workflow.on).toEqual({ push: { tags: ['v*'] } })
  const [check = '', ...others] = commands
  const folder = copy()
  expect(run(check, folder, { GITHUB_REF_NAME: `v${version}` })).toBe(0)
  expect(run(check, folder, { GITHUB_REF_NAME: `v${version}1` })).toBe(1)
  expect(others.slice(0, 2)).toEqual(['npm ci', 'npm test'])
})

test('the job that may publish runs npm alone, and proves where the package was built', () => {
  expect(workflow.permissions).toEqual({ contents: 'read' })
  expect(pack.permissions).toBeUndefined()
  expect(publish).toMatchObject({ needs: 'pack', environment: 'npm', permissions: { 'id-token': 'write' } })
  expect(publish.steps.flatMap(({ run }) => run ?? [])).toEqual([
    'npm publish ./*.tgz --provenance --access public --ignore-scripts',
  ])
  expect(publish.steps.flatMap(({ uses }) => uses?.split('@')[0] ?? [])).toEqual([
    'actions/setup-node',
    'actions/download-artifact',
  ])
  for (const { uses } of [...pack.steps, ...publish.steps])
    if (uses !== undefined) expect(uses).toMatch(/@[0-9a-f]{40}$/)
})
