/** What is typed may ask for more than there is: it gets what a real machine says then, and the terminal goes on. */
import { describe, expect, test } from 'vitest'
import english from '../../../content/lab/en.json' with { type: 'json' }
import { DEEPEST, LONGEST_ARGUMENT, MOST_PROCESSES } from '../../../simulator/machine/limits.ts'
import { newMachine, openTerminal, output } from './terminal.ts'

const DOUBLED = 'x=aaaaaaaaaa; for i in $(seq 40); do x=$x$x; done; echo ${#x}'

/** Bash's fork that fails, until it gives up. */
const RETRY = 'bash: fork: retry: Resource temporarily unavailable\n'
const GIVEN_UP = 'bash: fork: Resource temporarily unavailable\n'

describe('text', () => {
  test('a variable', async () => {
    expect(await output(DOUBLED)).toBe('bash: xrealloc: cannot allocate 2621440 bytes\n')
  })

  test('the arguments of the shell', async () => {
    const line = 'set -- a; for i in $(seq 40); do set -- "$@" "$@"; done; echo $#'
    expect(await output(line)).toMatch(/^bash: xrealloc: cannot allocate \d+ bytes\n$/)
  })

  test('a single argument of a program', async () => {
    const line = `x=a; while [ \${#x} -lt ${LONGEST_ARGUMENT} ]; do x=$x$x; done; ls a$x; echo $?; echo a$x | wc -c`
    expect(await output(line)).toBe(
      `bash: /usr/bin/ls: Argument list too long\n126\n${LONGEST_ARGUMENT + 2}\n`,
    )
  })

  test('all arguments together', async () => {
    const line =
      'x=a; while [ ${#x} -lt 100000 ]; do x=$x$x; done; cat $x $x $x $x $x $x $x $x $x $x $x $x $x $x $x $x $x; echo $?'
    const shown = await output(line)
    expect(shown).toBe('bash: /usr/bin/cat: Argument list too long\n126\n')
  })

  test('a file', async () => {
    const line =
      'echo aaaaaaaaaa > a; for i in $(seq 20); do cat a a > b; mv b a; done; echo x > c; echo $?; rm a b; echo y > c; cat c'
    const shown = await output(line, 1000)
    expect(shown).toMatch(/^(?:cat: write error: No space left on device\n)+/)
    expect(shown.endsWith('y\n')).toBe(true)
  })

  test('a file, by tee and by cp', async () => {
    const full = 'echo aaaaaaaaaa > a; while cat a a > b; do mv b a; done 2>/dev/null; rm b'
    const shown = await output(`${full}; cp a c; cp a d; echo $?; cat a | tee d > /dev/null; echo $?`, 1000)
    expect(shown).toBe(
      "cp: error writing 'd': No space left on device\n1\ntee: d: No space left on device\n1\n",
    )
  })

  test('braces', async () => {
    expect(await output('echo {1..100000000} | wc -w')).toBe(
      'bash: brace expansion: failed to allocate memory for 100000000 elements\n0\n',
    )
    expect(await output(`echo ${'{a,b}'.repeat(30)}`)).toMatch(
      /^bash: brace expansion: failed to allocate memory for \d+ elements\n$/,
    )
    expect(await output(`echo ${'{a,'.repeat(1500)}b${'}'.repeat(1500)}`)).toMatch(
      /^bash: brace expansion: failed to allocate memory for \d+ elements\n$/,
    )
    expect(await output('echo {1..20000} | wc -w')).toBe('20000\n')
  })

  test('a line that !! makes of others', async () => {
    const kernel = newMachine()
    const terminal = openTerminal(kernel, 'client')
    terminal.type(`echo ${'a '.repeat(10)}\r`)
    for (let again = 0; again < 11; again++) terminal.type('echo !! !! !!\r')
    terminal.type('echo still here\r')
    await kernel.runUntil(100)
    expect(terminal.text).toContain('bash: !!: history expansion failed\n')
    expect(terminal.text).toContain('\nstill here\n')
  })
})

describe('processes', () => {
  test.each([
    ['a fork bomb', ':(){ :|:& };:'],
    ['a function in a pipe with itself', 'f(){ f | f; }; f'],
    ['a function that goes on in the background, twice', 'f(){ f & f & }; f'],
    ['jobs without end', 'for i in $(seq 100000); do sleep 100 & done'],
  ])('%s is stopped by the limit', async (_, line) => {
    const kernel = newMachine()
    const terminal = openTerminal(kernel, 'client')
    let most = 0
    kernel.subscribe(() => (most = Math.max(most, kernel.processCount)))
    terminal.type(`${line}\r`)
    await kernel.runUntil(30_000)
    expect(most).toBeLessThanOrEqual(MOST_PROCESSES)
    expect(terminal.text).toContain(RETRY)
    expect(terminal.text).toContain(GIVEN_UP)
    terminal.type('\u0003')
    terminal.type('echo still here\r')
    await kernel.runUntil(60_000)
    expect(terminal.text).toContain('\nstill here\n')
  })

  test('a function that calls itself', async () => {
    expect(await output('f(){ f; }; f; echo no', 1000)).toBe(
      `bash: f: maximum function nesting level exceeded (${DEEPEST})\n`,
    )
    expect(await output("f='eval $f'; eval $f", 1000)).toBe(
      `bash: maximum nesting level exceeded (${DEEPEST})\n`,
    )
  })

  test('59 ifs in each other are no recursion', async () => {
    expect(await output(`${'if true; then '.repeat(59)}echo deep${'; fi'.repeat(59)}`)).toBe('deep\n')
  })

  test.each([
    ['uvicorn main:app --workers 1000000'],
    ['gunicorn main:app -w 1000000 -k uvicorn.workers.UvicornWorker'],
    ['fastapi run --workers 1000000'],
  ])('%s', async (line) => {
    const told = english.shell.mistakes.tooManyWorkers
    const values = { option: '--workers', value: '1000000', most: '256' }
    const sentence = told.replaceAll(/\{(\w+)\}/g, (_, name: keyof typeof values) => values[name])
    expect(await output(`${line}; echo $?`)).toBe(`${sentence}\n2\n`)
  })

  test('xargs does one after the other, however many there are', async () => {
    expect(await output('seq 5000 | xargs -n1 echo | tail -1', 6000)).toBe('5000\n')
  })
})

describe('nesting of a line', () => {
  test.each([
    ['if', `${'if true; then '.repeat(600)}echo${'; fi'.repeat(600)}`],
    ['${…}', `echo ${'${x:-'.repeat(1500)}a${'}'.repeat(1500)}`],
    ['$((…))', `echo ${'$(('.repeat(1500)}1${'))'.repeat(1500)}`],
    ['[[ ]]', `[[ ${'! '.repeat(3000)}a ]]`],
    ['[[ && ]]', `[[ a ${'&& a '.repeat(5000)}]]`],
    ['$(…)', `echo ${'$('.repeat(1500)}echo${')'.repeat(1500)}`],
  ])('%s', async (_, line) => {
    expect(await output(line)).toMatch(/^# .* is something that bash can and this small shell cannot\./)
  })
})
