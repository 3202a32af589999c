import { expect, test } from 'vitest'
import { newMachine, openTerminal } from './terminal.ts'

test('Ctrl+C at the prompt gives a new line up', () => {
  const terminal = openTerminal(newMachine(), 'client')
  terminal.type('kill -9 1\x03')
  expect(terminal.text).toBe('$ kill -9 1^C\n')
  expect(terminal.session.line.text).toBe('')
})

test('Ctrl+C ends a program and drops the rest of the line', async () => {
  const kernel = newMachine()
  const terminal = openTerminal(kernel, 'client')
  terminal.type('sleep 5; echo later\r')
  expect(terminal.session.foreground).toBe('program')
  await kernel.runUntil(100)
  terminal.type('\x03')
  expect(terminal.session.foreground).toBe('none')
  await kernel.runUntil(10_000)
  expect(terminal.text).toBe('$ sleep 5; echo later\n^C\n')
  terminal.type('echo $?\r')
  expect(terminal.text).toMatch(/130\n$/)
})

test('what is typed while a program runs stands at the next prompt', async () => {
  const kernel = newMachine()
  const terminal = openTerminal(kernel, 'client')
  terminal.type('sleep 1\r')
  terminal.type('echo a\recho b')
  expect(terminal.hints).toContain('busy')
  await kernel.runUntil(2000)
  expect(terminal.text).toBe('$ sleep 1\n$ echo a\na\n')
  expect(terminal.session.line.text).toBe('echo b')
})

test('a command put in from outside waits for the prompt, and is not run', async () => {
  const kernel = newMachine()
  const terminal = openTerminal(kernel, 'client')
  expect(terminal.session.insert('curl one')).toBe(true)
  expect(terminal.session.line.text).toBe('curl one')
  terminal.type('\x03sleep 1\r')
  expect(terminal.session.insert('curl two')).toBe(false)
  await kernel.runUntil(2000)
  expect(terminal.session.line.text).toBe('curl two')
  expect(terminal.text).not.toContain('curl two')
})

test('a command put in to be run waits for the prompt, and runs then, before what was typed ahead', async () => {
  const kernel = newMachine()
  const terminal = openTerminal(kernel, 'client')
  terminal.type('sleep 10\r')
  expect(terminal.session.insert('echo two', true)).toBe(false)
  expect(terminal.session.isWaiting).toBe(true)
  terminal.type('echo three\r')
  await kernel.runUntil(11_000)
  expect(terminal.session.isWaiting).toBe(false)
  expect(terminal.text).toMatch(/\$ echo two\ntwo\n\$ echo three\nthree\n/)
  expect(terminal.session.insert('echo four', true)).toBe(true)
  await kernel.runUntil(12_000)
  expect(terminal.text).toContain('$ echo four\nfour\n')
})

test('Tab completes, and lists the second time', async () => {
  const kernel = newMachine()
  const terminal = openTerminal(kernel, 'client')
  terminal.type('ca\tma\t')
  expect(terminal.session.line.text).toBe('cat main.')
  terminal.type('\t')
  expect(terminal.text).toBe('$ cat main.\nmain.js  main.py\n')
  terminal.type('p\t\r')
  await kernel.runUntil(1)
  expect(terminal.text).toMatch(/app = FastAPI\(\)\n$/)
})

test('the keys that a real terminal has and this one has not are explained', () => {
  const terminal = openTerminal(newMachine(), 'client')
  terminal.type('\x1a\x04')
  expect(terminal.hints).toEqual(['suspend', 'stay-open'])
})

test('history shows the lines typed, and the arrows bring them back', () => {
  const terminal = openTerminal(newMachine(), 'client')
  terminal.type('echo a\recho b\rhistory\r')
  expect(terminal.text).toMatch(/ {4}1 {2}echo a\n {4}2 {2}echo b\n {4}3 {2}history\n$/)
  terminal.type('\x1b[A\x1b[A')
  expect(terminal.session.line.text).toBe('echo b')
})

test('the line being typed is drawn behind what a server prints meanwhile', async () => {
  const kernel = newMachine()
  const terminal = openTerminal(kernel, 'client')
  terminal.session.drawsLine = true
  terminal.type('curl')
  const shown = terminal.text
  kernel.write('client', 'a line of somebody else\n')
  await kernel.runUntil(1)
  expect(terminal.text.slice(shown.length)).toContain('a line of somebody else\n$ curl')
})

test('a program that is killed from another terminal is over, and bash says so', async () => {
  const kernel = newMachine()
  const terminal = openTerminal(kernel, 'client')
  const other = openTerminal(kernel, 'other')
  terminal.type('sleep 60; echo $?\r')
  other.type('kill -9 27365\r')
  await kernel.runUntil(1)
  expect(terminal.text).toBe('$ sleep 60; echo $?\nKilled\n137\n')
  await kernel.runUntil(100_000)
  expect(terminal.text).toBe('$ sleep 60; echo $?\nKilled\n137\n')
})

test('Ctrl+C reaches what is in the foreground, not what is in the background', async () => {
  const kernel = newMachine()
  const terminal = openTerminal(kernel, 'client')
  terminal.type('sleep 60 &\rsleep 50\r')
  await kernel.runUntil(100)
  terminal.type('\x03pgrep -a sleep\r')
  await kernel.runUntil(200)
  expect(terminal.text).toMatch(/\n27365 sleep 60\n$/)
})
