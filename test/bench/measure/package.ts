import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { COMMAND, machineNode, NODE } from '../../node/real/command.ts'
import { freePort } from '../../node/real/ports.ts'
import { APPS } from '../contestants.ts'
import type { Line, Measure } from '../line.ts'
import { rounds } from '../line.ts'
import { medianRatio } from '../statistics.ts'
import { timeOf } from './boot.ts'

/** The packed command: what is downloaded, and how soon it says something. */
export const packed: Measure = async (bench) => {
  const nodes = [NODE, machineNode()].filter((path) => path !== undefined)
  const lines: Line[] = [size(), dependencies()]
  for (const node of nodes) {
    const [firsts, bares]: [number[], number[]] = [[], []]
    for (let round = 0; round <= rounds(bench, 15); round++) {
      bench.tell(`${node}, round ${round}`)
      const bare = timeOf(node, '-e', '0')
      const first = await firstLine(node)
      if (round === 0) continue
      bares.push(bare)
      firsts.push(first)
    }
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()
    lines.push({
      id: `first-line-${version.split('.')[0]}`,
      what: `First line of output, in times of \`node -e 0\` (Node ${version})`,
      unit: 'x',
      ours: medianRatio(firsts, bares),
      goal: { atMost: 4 },
    })
  }
  return lines
}

function size(): Line {
  const folder = mkdtempSync(join(tmpdir(), 'bench-pack-'))
  const words = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]
  const name = execFileSync('npm', words, { encoding: 'utf8' }).trim()
  const bytes = statSync(join(folder, name)).size
  rmSync(folder, { recursive: true })
  return {
    id: 'packed-size',
    what: 'The packed command',
    unit: 'KB',
    ours: bytes / 1000,
    goal: { atMost: 300 },
  }
}

function dependencies(): Line {
  const { dependencies = {} } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies?: object }
  return {
    id: 'packed-dependencies',
    what: 'Packages that are installed with it',
    unit: 'packages',
    ours: Object.keys(dependencies).length,
    goal: { atMost: 0 },
  }
}

/** From the start of the command to its first line, in ms. */
async function firstLine(node: string): Promise<number> {
  const port = await freePort()
  const since = performance.now()
  const child = spawn(node, [COMMAND, 'uvicorn', 'main:listener', '--port', `${port}`, '--workers', '4'], {
    cwd: APPS,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await new Promise((resolve) => child.stderr.once('data', resolve))
  const ms = performance.now() - since
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('close', resolve))
  return ms
}
