/** bash's language as people type it: `case`, `[[ ]]`, functions, `trap`, `set`, aliases. Each result is bash 5.2's own. */
import { describe, expect, test } from 'vitest'
import { desk } from './desk-line.ts'
import { output } from './terminal.ts'

describe('what a line shows', () => {
  test.each([
    ['case main.py in *.js) echo js;; *.py|*.pyc) echo py;; *) echo other;; esac', 'py\n'],
    ['case "a b" in "a b") echo quoted; esac; case x in y) echo y;; esac; echo $?', 'quoted\n0\n'],
    [
      'for o in start stop now; do case $o in (start) echo up;; stop) ;; *) echo "$o?"; esac; done',
      'up\nnow?\n',
    ],
    ['[[ -f main.py && ! -d main.py ]] && echo file', 'file\n'],
    ['x=; [[ -z $x || $nothing ]] && echo empty; [[ $x ]]; echo $?', 'empty\n1\n'],
    ['[[ main.py == *.py ]]; echo $?; [[ main.py == "*.py" ]]; echo $?; [[ a < b ]]; echo $?', '0\n1\n0\n'],
    ['n=8; [[ n -gt 7 && 010 -eq 8 ]]; echo $?', '0\n'],
    ['[[ 27365 =~ ^[0-9]+$ ]] && echo number; [[ ab =~ ^(a|b)+$ ]] && echo both', 'number\nboth\n'],
    [
      'hi() { local who=$1; echo "hi $who, $#"; return 3; }; hi "you there" b; echo $? [$who]',
      'hi you there, 2\n3 []\n',
    ],
    ['function loud { tr a-z A-Z; }; echo abc | loud', 'ABC\n'],
    ['f() { echo $1; shift; [ $# -gt 0 ] && f "$@"; }; f 1 "2 3" 4', '1\n2 3\n4\n'],
    ['f() for i in 1 2; do echo $i; done; f > out; cat out', '1\n2\n'],
    ['x=app.tar.gz; echo ${x%.*} ${x%%.*} ${x#*.} ${x##*.} ${x%.zip}', 'app.tar app tar.gz gz app.tar.gz\n'],
    ['let x=2*3 y=x+1; echo $x $y; let 0; echo $?', '6 7\n1\n'],
    ['echo $(( 2 * $(echo 4) + 1 )) $((`echo 3` * 2)) $(( (1 + 2) * $((3 + 1)) ))', '9 6 12\n'],
    ['set -- a "b c"; echo $#; for x in "$@"; do echo "<$x>"; done', '2\n<a>\n<b c>\n'],
    ["printf 'a 1\\nb 2\\n' | while read -r x y; do echo $y$x; done", '1a\n2b\n'],
    ["printf 'a:b c:d\\n' > f; while IFS=: read -r x y; do echo $y; done < f", 'b c:d\n'],
    ['bash -c \'trap "echo bye" EXIT; exit 3\'; echo $?', 'bye\n3\n'],
    ["(trap 'echo one' EXIT; echo two); trap", 'two\none\n'],
    [
      "trap 'echo hi' INT 15; trap; trap - INT; trap -p; trap x NOPE",
      "trap -- 'echo hi' SIGINT\ntrap -- 'echo hi' SIGTERM\ntrap -- 'echo hi' SIGTERM\nbash: trap: NOPE: invalid signal specification\n",
    ],
    [
      'ulimit -n; ulimit -Sn 2048; ulimit -n; ulimit -Hn; ulimit -n x',
      '1024\n2048\n1048576\nbash: ulimit: x: invalid number\n',
    ],
    ["alias e='echo it is'; alias; unalias nope", "alias e='echo it is'\nbash: unalias: nope: not found\n"],
    [
      "printf '#!/bin/bash\\necho one\\ncd /nowhere\\n\\n[ x -lt ]\\n' > s.sh; bash s.sh",
      'one\ns.sh: line 3: cd: /nowhere: No such file or directory\ns.sh: line 5: [: x: unary operator expected\n',
    ],
    ['echo $((1/0)); echo never', 'bash: 1/0: division by 0 (error token is "0")\n'],
    [
      'local x=1; return 1; set -o nope',
      "bash: local: can only be used in a function\nbash: return: can only `return' from a function or sourced script\nbash: set: nope: invalid option name\n",
    ],
  ])('%s', async (line, shown) => {
    expect(await output(line)).toBe(shown)
  })
})

test('an alias is known from the next line on', async () => {
  const { ask } = desk()
  expect(await ask("alias g='grep -c app'; alias ls='ls -1'")).toBe('')
  expect(await ask('g main.py && ls | g -v; cat main.py | g')).toBe('1\n2\n1\n')
  expect(await ask('unalias g; echo g')).toBe('g\n')
  expect(await ask('g')).toContain('bash: g: command not found\n')
})

test('set -e at the prompt ends the shell with the first command that fails', async () => {
  const { ask, terminal } = desk()
  await ask('set -euo pipefail')
  expect(await ask('false || echo saved')).toBe('saved\n')
  expect(terminal.hints).toEqual([])
  await ask('echo a | grep b | cat')
  expect(terminal.hints).toEqual(['stay-open'])
})

test('a variable without a value ends the line', async () => {
  const { ask } = desk()
  await ask('set -u')
  expect(await ask('echo $nothing; echo never')).toBe('bash: nothing: unbound variable\n')
  expect(await ask('echo ${nothing:-none} $# $?')).toBe('none 0 1\n')
})

test('a script with a trap for SIGTERM stops its server, waits for it, and tidies up', async () => {
  const { ask, kernel } = desk()
  const script = [
    '#!/bin/bash',
    'set -euo pipefail',
    "trap 'echo cleaned' EXIT",
    'uvicorn main:app --port 8080 --log-level error &',
    'SERVER=$!',
    "trap 'echo stopping; kill $SERVER' TERM INT",
    'wait $SERVER || true',
    'wait $SERVER || echo ended with $?',
  ]
  kernel.writeFile('start.sh', `${script.join('\n')}\n`)
  expect(await ask('./start.sh & sleep 2; curl -s localhost:8080/', 2500)).toContain('hello')
  expect(await ask('kill $!; wait; echo over', 5000)).toMatch(/^stopping\nended with 143\ncleaned\nover\n/)
  expect(kernel.processes().map(({ command }) => command)).toEqual(['-bash'])
})

test('Ctrl+C runs the trap for SIGINT, and the script goes on', async () => {
  const { ask, terminal, kernel } = desk()
  kernel.writeFile('go.sh', "trap 'echo caught' INT\nsleep 50\necho on\n")
  await ask('bash go.sh')
  const before = terminal.text.length
  terminal.type('\x03')
  await kernel.runUntil(kernel.now + 100)
  expect(terminal.text.slice(before)).toBe('^Ccaught\non\n')
})

test('without one Ctrl+C ends it, and what it does at its end is done', async () => {
  const { ask, terminal, kernel } = desk()
  kernel.writeFile('go.sh', "trap 'echo bye' EXIT\nsleep 50\necho never\n")
  await ask('bash go.sh')
  const before = terminal.text.length
  terminal.type('\x03')
  await kernel.runUntil(kernel.now + 100)
  expect(terminal.text.slice(before)).toContain('bye\n')
  expect(terminal.text).not.toContain('never')
  expect(await ask('echo $?')).toBe('130\n')
})
