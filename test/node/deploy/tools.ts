import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import type { TestContext } from 'vitest'
import { COMMAND, NODE } from '../real/command.ts'

const DEPLOY = join(import.meta.dirname, '../../../content/deploy')

/** A file that the guide gives its readers to copy, by its path under content/deploy. */
export function file(path: string): string {
  return readFileSync(join(DEPLOY, path), 'utf8')
}

/** The path of a program of the machine; without it the test is skipped, with a sentence that says how to get it. */
export function program(name: string, debianPackage: string, { skip }: TestContext): string {
  // Servers stand in /usr/sbin, which is not everybody's PATH.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']
  const path = folders.map((folder) => join(folder, name)).find((candidate) => existsSync(candidate))
  if (path === undefined)
    skip(`${name} is not on this machine. To run this test: apt-get install ${debianPackage}`)
  return path ?? name
}

/** Writes a program `path` that runs our command as `uvicorn`. */
export function asUvicorn(path: string): void {
  executable(path, `exec ${NODE} ${COMMAND} uvicorn "$@"`)
}

/** Writes a shell script that can be run. */
export function executable(path: string, line: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `#!/bin/sh\n${line}\n`)
  chmodSync(path, 0o755)
}

/** `text` with each of these replaced; every one must be there. */
export function replaced(text: string, pairs: Readonly<Record<string, string>>): string {
  return Object.entries(pairs).reduce((result, [from, to]) => {
    if (!result.includes(from)) throw new Error(`expected "${from}" in:\n${result}`)
    return result.replaceAll(from, to)
  }, text)
}
