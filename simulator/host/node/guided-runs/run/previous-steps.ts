import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Guide } from '../parts/guide.ts'
import { APPS, Server } from '../parts/server.ts'

const WORKERS = 4

/** A migration run by every worker, behind a lock, and once before the start: how often it ran each time. */
export async function previousSteps(guide: Guide): Promise<void> {
  const words = guide.words.previousSteps
  guide.title(words.title)
  guide.say(words.intro, { workers: WORKERS })
  const predicted = await guide.predict(words.question, words.choices, { workers: WORKERS })

  const rows: string[][] = []
  guide.say(words.each.intro)
  const each = await round(guide, 'each')
  rows.push([words.each.name, String(each.ran), seconds(each.ms)])
  guide.gap()
  guide.reveal(predicted, each.ran === 1 ? 0 : each.ran < WORKERS ? 1 : 2)
  guide.say(each.ran === 1 ? words.each.alone : words.each.explained, { ran: each.ran, workers: WORKERS })

  guide.say(words.lock.intro)
  const lock = await round(guide, 'lock')
  rows.push([words.lock.name, String(lock.ran), seconds(lock.ms)])
  guide.gap()

  guide.say(words.before.intro)
  const before = await round(guide, 'none')
  rows.push([words.before.name, String(before.ran), seconds(before.ms)])
  guide.gap()

  guide.table(words.head, rows)
  guide.say(words.explained)
}

interface Round {
  /** How often the migration ran. */
  readonly ran: number
  /** Ms until all workers served, the migration included. */
  readonly ms: number
}

async function round(guide: Guide, migrate: 'each' | 'lock' | 'none'): Promise<Round> {
  const database = join(guide.folder, migrate)
  mkdirSync(database)
  writeFileSync(join(database, 'version'), '1')
  writeFileSync(join(database, 'log'), '')
  const began = performance.now()
  if (migrate === 'none') {
    guide.command(`node migration.js ${database}`)
    execFileSync(process.execPath, [join(APPS, 'migration.js'), database])
  }
  const before = performance.now() - began
  const server = await Server.start(guide, {
    app: 'migrating:app',
    workers: WORKERS,
    options: ['--no-access-log'],
    env: { MIGRATE: migrate, DATABASE: database },
    quiet: true,
  })
  await server.stop()
  const log = readFileSync(join(database, 'log'), 'utf8').trimEnd().split('\n')
  guide.command(`cat ${join(database, 'log')}`)
  for (const line of log) guide.fact(line)
  return { ran: log.length, ms: before + server.bootMs }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}
