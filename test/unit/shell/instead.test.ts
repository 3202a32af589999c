import { expect, test } from 'vitest'
import english from '../../../content/lab/en.json' with { type: 'json' }
import { nearest } from '../../../simulator/shell/suggest.ts'
import { output } from './terminal.ts'

const { instead } = english.shell

/** What is shown, without the marks of our own sentences and the breaks of its lines. */
const shownFor = async (line: string): Promise<string> => (await output(line)).replaceAll(/\n# /g, ' ').trim()

test.each(Object.entries(instead))(
  '%s is not here, and a sentence says what to use',
  async (name, sentence) => {
    expect(await shownFor(name)).toBe(
      `bash: ${name}: command not found ${sentence.replaceAll('{typed}', name)}`,
    )
  },
)

test.each([
  ['vim main.py', 'There is no editor'],
  ['sed -i s/8000/8080/ main.py', 'There is no sed'],
  ['sudo apt-get install -y nginx', 'Everything that this machine can run'],
  ['wrk -t4 -c100 http://localhost:8000/', 'sends what wrk would'],
  ['service nginx restart', 'do what service does'],
  ['mysql -u root', 'There is no database'],
])('%s', async (line, part) => {
  expect(await shownFor(line)).toContain(part)
})

test.each(['nano', 'less', 'psql', 'find', 'wget', 'tmux', 'let', 'trap', 'git'])(
  'no typing mistake leads to %s',
  (typed) => {
    const names = ['man', 'ls', 'ps', 'id', 'wait', 'true', 'set', 'grep', 'hey', 'test', 'tee']
    expect(nearest(typed, names)).toBe(undefined)
  },
)
