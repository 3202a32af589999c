/** Patterns that are typed: they match as the real programs' do, and no pattern stops the page. */
import { describe, expect, test } from 'vitest'
import { output } from './terminal.ts'

/** With it an expression that goes back and tries again would take longer than the test may. */
const LONG = 'a'.repeat(3000)

describe.each([
  ['grep -E', `echo ${LONG}! | grep -cE '^(a|a)*$'`, '0\n'],
  ['grep, nested repeats', `echo ${LONG}! | grep -c '^\\(a*\\)*$'`, '0\n'],
  ['[[ =~ ]]', `[[ ${LONG}! =~ ^(a+)+$ ]] || echo no`, 'no\n'],
  ['awk', `echo ${LONG}! | awk '/^(a+)+$/ {print "yes"}'; echo $?`, '0\n'],
  ['awk -F', `echo ${LONG}! | awk -F'(a+)+$' '{print NR}'`, '1\n'],
  ['the program of awk', `echo x | awk '{print ${'1-'.repeat(60)}!}' 2>/dev/null; echo $?`, '2\n'],
  ['pgrep', `pgrep '^(b|a|.)*(.*)*!$'; echo $?`, '1\n'],
  ['find -name', `touch ${LONG.slice(0, 200)}; find . -name '${'*a'.repeat(25)}*b'; echo $?`, '0\n'],
  ['a glob', `case ${LONG} in ${'*a'.repeat(25)}*b) echo yes;; *) echo no;; esac`, 'no\n'],
  ['${NAME%%…}', `x=${LONG}; x=\${x%%${'*a'.repeat(25)}*b}; echo \${#x}`, '3000\n'],
])('%s', (_, line, shown) => {
  test('takes linear time', async () => {
    expect((await output(line)).replaceAll(/a{100}a*!?(?:\n|$)/g, '')).toBe(shown)
  })
})

describe('what the real programs read', () => {
  test.each([
    [`echo 'a1b22' | grep -oE '[[:digit:]]+'`, '1\n22\n'],
    [`echo 'a1b22' | grep -o '[[:digit:]][[:digit:]]*'`, '1\n22\n'],
    // The longest of the leftmost counts, not the first alternative.
    [`echo abc | grep -oE 'a|ab|abc'`, 'abc\n'],
    [`echo 'a a ab a-a' | grep -ow a | wc -l`, '4\n'],
    [`echo 'foo food' | grep -o '\\<foo\\>'`, 'foo\n'],
    [`echo '*a)' | grep -oE '*a)'`, '*a)\n'],
    [`echo ']x' | grep -oE '[]a]x'`, ']x\n'],
    [`echo 'pid 27365' | grep -oP '(?<=pid )\\d+'`, '27365\n'],
    [`echo ABC | grep -ci 'abc'`, '1\n'],
    [`printf 'ab\\nabc\\n' | grep -xE 'a|ab'`, 'ab\n'],
    [`[[ 27365 =~ ^[[:digit:]]{5}$ ]] && echo number`, 'number\n'],
    [`[[ a.c =~ ^a"."c$ ]] && echo dot; [[ abc =~ ^a"."c$ ]] || echo none`, 'dot\nnone\n'],
    [`echo 'a12b3c' | awk -F'[0-9]+' '{print $1, $2, $3}'`, 'a b c\n'],
    [`touch Ab; find . -iname 'a[ab]'`, './Ab\n'],
  ])('%s', async (line, shown) => {
    expect(await output(line)).toBe(shown)
  })

  test.each([
    [`grep -E '(a' x; echo $?`, 'grep: Unmatched ( or \\(\n2\n'],
    [`grep '[a' x; echo $?`, 'grep: Unmatched [, [^, [:, [., or [=\n2\n'],
    [`grep -E '((a{900}){900}){900}' x; echo $?`, 'grep: Regular expression too big\n2\n'],
    [`pgrep '(a'; echo $?`, 'pgrep: regex error: Unmatched ( or \\(\n2\n'],
    [
      `echo x | awk '/(a/ {print}'; echo $?`,
      "mawk: line 1: regular expression compile failed (missing ')')\n(a\n2\n",
    ],
  ])('%s cannot be compiled', async (line, shown) => {
    expect(await output(line)).toBe(shown)
  })

  test('what needs backtracking is refused by its name', async () => {
    expect(await output(`echo aa | grep '\\(a\\)\\1'; echo $?`)).toBe(
      '# This grep does not know \\1; the real one may.\n2\n',
    )
  })
})
