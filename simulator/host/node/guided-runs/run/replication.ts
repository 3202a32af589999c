import { availableParallelism } from 'node:os'
import { ask, load, tally } from '../parts/ask.ts'
import type { Guide } from '../parts/guide.ts'
import { Server } from '../parts/server.ts'

const MEASURED_MS = 3000
const MOST_WORKERS = 8
const QUESTIONS = 8
const CONNECTIONS = 200

/** The speed-up on this machine, a counter that four workers each keep for themselves, and which worker accepts which connection. */
export async function replication(guide: Guide): Promise<void> {
  const words = guide.words.replication
  const cores = availableParallelism()
  const workers = Math.max(2, Math.min(cores, MOST_WORKERS))
  guide.title(words.title)
  guide.say(words.intro, { cores, workers })

  const predicted = await guide.predict(words.speedUp.question, words.speedUp.choices, { workers })
  const one = await measured(guide, 1)
  const many = await measured(guide, workers)
  const ratio = many / one
  guide.table(words.speedUp.head, [
    ['1', one.toFixed(0), '1.00'],
    [String(workers), many.toFixed(0), ratio.toFixed(2)],
  ])
  guide.reveal(predicted, ratio < 1.3 ? 0 : ratio < workers * 1.3 ? 1 : 2)
  guide.say(words.speedUp.explained, { cores, ratio: ratio.toFixed(2) })

  guide.title(words.counter.title)
  guide.say(words.counter.intro)
  const guess = await guide.predict(words.counter.question, words.counter.choices)
  const server = await Server.start(guide, { app: 'counter:app', workers: 4, options: ['--no-access-log'] })
  guide.gap()
  for (let i = 1; i <= QUESTIONS; i++) {
    guide.command(`curl http://127.0.0.1:${server.port}/`)
    const answer = await ask(server.port)
    guide.fact(answer.status === undefined ? answer.error : answer.text)
  }
  guide.gap()
  // Which worker answered is chance; that it cannot be predicted is not.
  guide.reveal(guess, 2)
  guide.say(words.counter.explained)

  guide.say(words.evenness.intro, { count: CONNECTIONS })
  const pids: string[] = []
  for (let i = 0; i < CONNECTIONS; i++) {
    const answer = await ask(server.port)
    if (answer.status === 200) pids.push(String((JSON.parse(answer.text) as { pid: number }).pid))
  }
  guide.shares(tally(pids))
  guide.say(words.evenness.explained)
  await server.stop()
}

/** Responses per second of this many workers that each compute. */
async function measured(guide: Guide, workers: number): Promise<number> {
  const server = await Server.start(guide, {
    app: 'busy:app',
    workers,
    options: ['--no-access-log'],
    quiet: true,
  })
  const answers = await load(workers * 2, MEASURED_MS, () => ask(server.port))
  await server.stop()
  return answers.filter(({ status }) => status === 200).length / (MEASURED_MS / 1000)
}
