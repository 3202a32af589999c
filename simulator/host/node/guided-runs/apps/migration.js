// A database of two files: its schema's version, and what was done to it.
import { appendFileSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { argv, pid } from 'node:process'
import { fileURLToPath } from 'node:url'

/** Brings the schema to version 2. It looks first whether that is still to be done, as most migrations do. */
export async function migrate(database) {
  if (Number(readFileSync(`${database}/version`, 'utf8')) >= 2) return
  appendFileSync(`${database}/log`, `${pid} ALTER TABLE items ADD COLUMN price\n`)
  // A real one takes its time.
  await wait(500)
  writeFileSync(`${database}/version`, '2')
}

/** Does something while nobody else does: who comes second waits. */
export async function lock(database, work) {
  for (;;) {
    try {
      mkdirSync(`${database}/lock`)
      break
    } catch {
      await wait(10)
    }
  }
  try {
    await work()
  } finally {
    rmdirSync(`${database}/lock`)
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) await migrate(argv[2])
