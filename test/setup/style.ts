/** `node test/setup/style.ts eslint`: runs eslint or prettier over the folders that this run takes, or over everything in a full run. */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { inTurn } from './seed.ts'

const LARGE = ['simulator', 'test']
/** Folders of generated files. */
const MADE = ['node_modules', 'dist', '.astro', '.git', 'test-results']

const rest = readdirSync('.').filter((name) => !LARGE.includes(name) && !MADE.includes(name))
const [command = '', ...args] = process.argv.slice(2)
const groups = [...LARGE.map((folder) => [folder]), rest]
const paths = inTurn(`parts of the repository for ${command}`, groups, 1 / groups.length).flat()
const { status } = spawnSync(command, [...args, ...paths], { stdio: 'inherit' })
process.exit(status ?? 1)
