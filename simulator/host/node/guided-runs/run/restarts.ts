import { setTimeout as wait } from 'node:timers/promises'
import { ask, type HttpAnswer } from '../parts/ask.ts'
import type { Guide } from '../parts/guide.ts'
import { Server } from '../parts/server.ts'

const WORKERS = 4
/** The pause between two requests of a client, in ms. */
const PACE_MS = 10

/** Kills a worker, then the manager. */
export async function restarts(guide: Guide): Promise<void> {
  const words = guide.words.restarts
  guide.title(words.title)
  guide.say(words.intro, { workers: WORKERS })
  const server = await Server.start(guide, {
    app: 'counter:app',
    workers: WORKERS,
    options: ['--no-access-log'],
  })
  guide.gap()
  guide.say(words.processes, { parent: server.pid, workers: server.workers.join(', ') })

  const victim = server.workers[1] ?? 0
  const predicted = await guide.predict(words.worker.question, words.worker.choices, { victim })
  const clients = clientsOf(server.port)
  guide.command(`kill -9 ${victim}`)
  process.kill(victim, 'SIGKILL')
  const killed = performance.now()
  await server.printed('Started server process', WORKERS + 1)
  const replaced = performance.now() - killed
  await server.printed('Application startup complete.', WORKERS + 1)
  const answers = await clients.stop()
  const lost = answers.filter(({ status }) => status === undefined).length
  guide.gap()
  guide.table(words.worker.head, [
    [
      `${(replaced / 1000).toFixed(2)} s`,
      String(server.workers.at(-1)),
      String(answers.length - lost),
      String(lost),
    ],
  ])
  guide.reveal(predicted, lost === 0 ? 0 : 1)
  guide.say(words.worker.explained)

  guide.title(words.manager.title)
  const guess = await guide.predict(words.manager.question, words.manager.choices)
  guide.reveal(guess, 0)
  guide.say(words.manager.original)
  guide.gap()
  guide.say(words.manager.ours, { parent: server.pid })
  guide.command(`kill -9 ${server.pid}`)
  server.kill('SIGKILL')
  await server.ended()
  // No worker outlives its manager by a second.
  await wait(1000)
  guide.command(`curl http://127.0.0.1:${server.port}/`)
  const answer = await ask(server.port)
  guide.fact(answer.status === undefined ? answer.error : answer.text)
  guide.gap()
  guide.say(words.manager.explained)
  guide.say(words.manager.who)
}

/** A client that sends requests until it is stopped. */
function clientsOf(port: number): { readonly stop: () => Promise<readonly HttpAnswer[]> } {
  const answers: HttpAnswer[] = []
  let on = true
  const asking = (async () => {
    while (on) {
      answers.push(await ask(port))
      await wait(PACE_MS)
    }
  })()
  return {
    stop: async () => {
      on = false
      await asking
      return answers
    },
  }
}
