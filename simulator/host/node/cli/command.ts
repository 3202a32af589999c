import { fileURLToPath } from 'node:url'
import { isProgram } from '../../../manager/traits.ts'
import { VERSION } from './version.ts'
import { Failure } from '../output/failure.ts'
import { fill, words } from '../output/language.ts'
import { whenAllWorkersReady } from '../parent/health.ts'
import { launch } from './launch.ts'
import { commandAsTyped } from './command-as-typed.ts'
import { packedAddress } from './packed-address.ts'
import { write } from '../output/write.ts'

/** The command line of `demo` without arguments. */
const DEMO_COMMAND = ['uvicorn', 'main:app', '--workers', '4']

/** The application of the demo, in the package beside this program. */
const DEMO_FOLDER = fileURLToPath(new URL('./demo/', import.meta.url))

/** Runs the command that the arguments of `server-workers` name. @throws Failure when they are wrong. */
export function command(typed: readonly string[]): void | Promise<void> {
  const [first, ...rest] = typed
  switch (first) {
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      return explain()
    case '--version':
    case '-V':
      return write('stdout', `${VERSION}\n`)
    case 'demo':
      return demo(rest)
    case 'cert':
      return certificate(rest)
    case 'lab':
      return guided(rest)
    default:
      if (isProgram(first)) return launch(first, rest)
      throw new Failure(fill(words().unknownProgram, { typed: first }), 2)
  }
}

function explain(): void {
  const values = { version: VERSION, command: commandAsTyped() }
  write(
    'stdout',
    words()
      .explain.map((line) => `${fill(line, values)}\n`)
      .join(''),
  )
}

/** Loaded only here: the code that makes certificates is larger than all the rest. */
async function certificate(typed: readonly string[]): Promise<void> {
  const { cert } = await import('../certificates/cert.ts')
  return cert(typed)
}

/** Loaded only here: a server does not need the guided runs. */
async function guided(typed: readonly string[]): Promise<void> {
  const { lab } = await import('../guided-runs/lab.ts')
  return lab(typed)
}

function demo(typed: readonly string[]): void | Promise<void> {
  process.chdir(DEMO_FOLDER)
  if (typed[0] === 'demo') throw new Failure(fill(words().unknownProgram, { typed: 'demo demo' }), 2)
  const { demo: lines, guide: at } = words()
  const address = packedAddress()
  // The packed command lies beside the guide's pages.
  const guide = address === undefined ? '' : new URL('./', address).href
  const next = [...lines, ...(guide === '' ? [] : [at])].map(
    (line) => `${fill(line, { command: commandAsTyped(), guide })}\n`,
  )
  whenAllWorkersReady(() => write('stderr', next.join('')))
  return command(typed.length === 0 ? DEMO_COMMAND : typed)
}
