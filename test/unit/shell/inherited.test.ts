/** Words that every object inherits are words as any other. */
import { expect, test } from 'vitest'
import { newMachine, openTerminal, output } from './terminal.ts'

const inherited = Object.getOwnPropertyNames(Object.prototype)

test.each(inherited)('%s is no command, and Tab knows nothing of it', async (word) => {
  expect(await output(word)).toContain(`${word}: command not found`)
  const terminal = openTerminal(newMachine(), 'server')
  for (const line of [
    word,
    `${word} `,
    `uvicorn ${word}`,
    `kill ${word}`,
    `help ${word}`,
    `$${word}`,
    `./${word}`,
  ]) {
    terminal.type(`${line}\t\t\x15`)
  }
})

const lines = [
  'help WORD',
  'man WORD',
  'type WORD',
  'which WORD',
  'alias WORD',
  'unset WORD',
  'printenv WORD',
  'echo "$WORD" "${WORD}" "${WORD:-none}"',
  'WORD=1 env',
  'export WORD=1; echo $WORD',
  'test a WORD b',
  '[ 1 -WORD 2 ]',
  'sleep 1WORD',
  'date +%WORD',
  'printf "%WORD"',
  'kill -WORD 1',
  'kill -s WORD 1',
  'trap "" WORD',
  'ps -o WORD',
  'ps WORD',
  'top WORD',
  'ss --WORD',
  'grep --WORD main.js',
  'curl --WORD http://127.0.0.1/',
  'curl -H "WORD: 1" http://127.0.0.1/',
  'curl -w "%{WORD}" http://127.0.0.1/',
  'hey -H "WORD: 1" -z 1WORD http://127.0.0.1/',
  'journalctl -p WORD -u WORD',
  'systemctl WORD WORD',
  'systemctl status WORD',
  'docker WORD',
  'docker run -m 1WORD -e WORD=1 image',
  'supervisorctl WORD',
  'pip install WORD',
  'free --WORD',
  'python -m WORD',
  'uvicorn WORD:WORD',
  'uvicorn main:app --WORD',
  'uvicorn main:app --log-level WORD --loop WORD',
  'gunicorn main:app --WORD 1 -k WORD',
  'fastapi WORD',
  'echo $((WORD + 1))',
  'cat WORD; ls WORD; cd WORD',
]

test.each(lines)('%s', async (line) => {
  for (const word of inherited) {
    const text = await output(line.replaceAll('WORD', word), 3000)
    expect(text).not.toMatch(/native code|\[object |\bfunction\b.*\{/)
  }
})
