import { expect, test } from 'vitest'
import { PROGRAMS } from '../../../simulator/shell/programs/index.ts'
import { later } from '../../../simulator/shell/programs/later.ts'
import type { ProgramContext } from '../../../simulator/shell/program.ts'
import english from '../../../content/lab/en.json' with { type: 'json' }
import { newMachine, openTerminal, output } from './terminal.ts'

test('a program that is loaded when it is typed plays the same, loaded before or not', async () => {
  const first = await output('pstree -p; ss -ltn; openssl version')
  expect(first).toContain('bash(27301)')
  expect(await output('pstree -p; ss -ltn; openssl version')).toBe(first)
})

test('its loading takes no virtual time, and what follows waits for it', async () => {
  const kernel = newMachine()
  const terminal = openTerminal(kernel, 'client')
  terminal.type('openssl version && echo after\r')
  await kernel.runUntil(0)
  expect(terminal.text).toMatch(/OpenSSL [^]*after/)
})

test('code that cannot be had is said, and the program has failed', async () => {
  const kernel = newMachine()
  const notes: string[] = []
  const codes: number[] = []
  const call = {
    system: kernel,
    words: english.shell,
    after: (ms: number, run: () => void) => kernel.after(ms, run),
    note: (text: string) => notes.push(text),
    exit: (code: number) => codes.push(code),
  }
  const program = later('gone', () => Promise.reject(new TypeError('Failed to fetch')))
  expect(program.run(call as unknown as ProgramContext)).toBeUndefined()
  await kernel.runUntil(1)
  expect(notes).toEqual(['The code of gone could not be loaded: is the connection there? Try it again.'])
  expect(codes).toEqual([126])
})

test('every program has the name under which it is found', () => {
  expect(new Set(PROGRAMS.map(({ name }) => name)).size).toBe(PROGRAMS.length)
})
