import { freemem, totalmem } from 'node:os'
import type { Guide } from '../parts/guide.ts'
import { MEASURE, megabytes, memoryOf } from '../parts/memory.ts'
import { Server } from '../parts/server.ts'

const COUNTS = [1, 2, 4] as const
const MODEL_MB = 80
/** The size of the model on a machine with little free memory. */
const SMALL_MB = 20
const ROOM = 2 ** 30

/** A model that each worker loads for itself: with more workers, the sum grows. */
export async function memory(guide: Guide): Promise<void> {
  const words = guide.words.memory
  const model = freemem() < ROOM ? SMALL_MB : MODEL_MB
  guide.title(words.title)
  guide.say(words.intro, { model, measure: MEASURE })
  const predicted = await guide.predict(words.question, words.choices, { model, four: 4 * model })

  const rows: string[][] = []
  let perWorker = 0
  for (const workers of COUNTS) {
    const server = await Server.start(guide, {
      app: 'model:app',
      workers,
      options: ['--no-access-log'],
      env: { MODEL_MB: String(model) },
      quiet: true,
    })
    // With one worker, the manager's process is the worker.
    const parent = workers === 1 ? 0 : memoryOf(server.pid)
    const each = server.workers.map(memoryOf)
    const sum = parent + each.reduce((total, bytes) => total + bytes, 0)
    perWorker = Math.max(...each)
    rows.push([
      String(workers),
      workers === 1 ? '–' : megabytes(parent),
      each.map((bytes) => megabytes(bytes)).join(' + '),
      megabytes(sum),
    ])
    await server.stop()
  }
  guide.gap()
  guide.table(words.head, rows)
  guide.reveal(predicted, 1)
  guide.say(words.explained)
  guide.say(words.fits, {
    total: megabytes(totalmem()),
    each: megabytes(perWorker),
    count: Math.floor((totalmem() * 0.8) / perWorker),
  })
  guide.say(words.python)
}
