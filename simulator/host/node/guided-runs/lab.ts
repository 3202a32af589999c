import { lookUp } from '../../../manager/look-up.ts'
import { parseArgs } from 'node:util'
import { Failure } from '../output/failure.ts'
import { fill } from '../output/language.ts'
import { commandAsTyped } from '../cli/command-as-typed.ts'
import { write } from '../output/write.ts'
import { choose } from './parts/choose.ts'
import { Guide } from './parts/guide.ts'
import { httpsLab } from './run/https.ts'
import { memory } from './run/memory.ts'
import { previousSteps } from './run/previous-steps.ts'
import { replication } from './run/replication.ts'
import { restarts } from './run/restarts.ts'
import { startup } from './run/startup.ts'
import { labWords } from './words.ts'

/** The six concepts of deployment, each as a guided run on real processes, in the order of the guide's chapters. */
const LABS: Readonly<Record<string, (guide: Guide, typed: readonly string[]) => Promise<void>>> = {
  replication,
  restarts,
  startup,
  memory,
  'previous-steps': previousSteps,
  https: httpsLab,
}

const USAGE_ERROR = 2
const ENDING = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/**
 * `server-workers lab NAME [--yes]`: a guided run of a minute or two. It stops everything that it starts.
 * @throws Failure when the arguments are wrong, or a step fails.
 */
export async function lab(line: readonly string[]): Promise<void> {
  const words = labWords()
  const names = Object.keys(LABS)
  const cut = line.indexOf('--')
  const [own, rest] = cut === -1 ? [line, []] : [line.slice(0, cut), line.slice(cut + 1)]
  const { yes, help, positionals } = read(own)
  const terminal = process.stdin.isTTY && process.stdout.isTTY
  const named = positionals[0]
  if (help || named === undefined) {
    write('stdout', words.usage.map((text) => `${fill(text, { command: commandAsTyped() })}\n`).join(''))
    if (help || yes || !terminal) return
  }
  const name = named ?? (await chosen())
  if (name === undefined) return
  const run = lookUp(LABS, name)
  if (run === undefined || positionals.length > 1)
    throw new Failure(
      fill(words.unknown, { typed: positionals.join(' '), names: names.join(', ') }),
      USAGE_ERROR,
    )
  if (rest.length > 0 && name !== 'startup')
    throw new Failure(fill(words.noCommand, { name, typed: rest.join(' ') }), USAGE_ERROR)

  const guide = new Guide(words, !yes && terminal)
  for (const [signal, code] of Object.entries(ENDING)) {
    process.once(signal, () => void guide.close().then(() => process.exit(code)))
  }
  try {
    await run(guide, rest)
    guide.say(words.end)
    const next = names[names.indexOf(name) + 1] ?? ''
    const chapter = lookUp(words.chapters, name) ?? name
    guide.say(next === '' ? words.last : words.next, { chapter, next, command: commandAsTyped() })
  } finally {
    await guide.close()
  }

  /** Lets the reader choose a run; Enter leaves. */
  async function chosen(): Promise<string | undefined> {
    const list = names.map((each, index) => `  ${index + 1}) ${lookUp(words.chapters, each) ?? each}\n`)
    write('stdout', `\n${list.join('')}`)
    const number = await choose(names.length, words.choose, (text) => write('stdout', `${text}\n`))
    return number === undefined ? undefined : names[number]
  }

  function read(typed: readonly string[]) {
    try {
      const { values, positionals } = parseArgs({
        args: [...typed],
        allowPositionals: true,
        options: { yes: { type: 'boolean', short: 'y' }, help: { type: 'boolean', short: 'h' } },
      })
      return { yes: values.yes === true, help: values.help === true, positionals }
    } catch (error) {
      const [problem = ''] = (error as Error).message.split('. ')
      throw new Failure(fill(words.badOption, { problem, command: commandAsTyped() }), USAGE_ERROR)
    }
  }
}
