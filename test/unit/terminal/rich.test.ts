import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ProgramName } from '../../../simulator/manager/settings.ts'
import { printer, stripAnsi } from '../../../simulator/terminal/index.ts'
import { highlight } from '../../../simulator/terminal/rich/highlight.ts'
import { REPR } from '../../../simulator/terminal/rich/repr.ts'
import { assemble, render } from '../../../simulator/terminal/rich/text.ts'
import { wrap } from '../../../simulator/terminal/rich/wrap.ts'
import { PIPE, TERMINAL, escaped, now } from './support.ts'

// The expected values are what rich 13.9.4 prints.
describe('highlighting and wrapping', () => {
  test.each<[number, string, string]>([
    [
      67,
      'Cannot read /etc/app/config.yaml: None is not True or False',
      'Cannot read \\e[35m/etc/app/\\e[0m\\e[95mconfig.yaml\\e[0m: \\e[3;35mNone\\e[0m is not \\e[3;92mTrue\\e[0m or \\e[3;91mFalse\\e[0m',
    ],
    [
      67,
      'connect to redis://10.0.0.7:6379 via fe80::1 failed...',
      'connect to redis:\\e[35m/\\e[0m\\e[35m/\\e[0m\\e[95m10.0.0.7\\e[0m:\\e[1;36m6379\\e[0m via \\e[1;92mfe80::1\\e[0m failed\\e[33m...\\e[0m',
    ],
    [
      67,
      'id 550e8400-e29b-41d4-a716-446655440000, mac 00:1A:2B:3C:4D:5E',
      'id \\e[93m550e8400-e29b-41d4-a716-446655440000\\e[0m, mac \\e[1;92m00:1A:2B:3C:4D:5E\\e[0m',
    ],
    [
      67,
      '<Worker pid=12 name="a"> at 0x1F',
      '\\e[1m<\\e[0m\\e[1;95mWorker\\e[0m\\e[39m \\e[0m\\e[33mpid\\e[0m\\e[39m=\\e[0m\\e[1;36m12\\e[0m\\e[39m \\e[0m\\e[33mname\\e[0m\\e[39m=\\e[0m\\e[32m"a"\\e[0m\\e[1m>\\e[0m at \\e[1;36m0x1F\\e[0m',
    ],
    [
      67,
      "TypeError: app.fetch(request) is 'undefined', retry=3",
      "TypeError: \\e[1;35mapp.fetch\\e[0m\\e[1m(\\e[0mrequest\\e[1m)\\e[0m is \\e[32m'undefined'\\e[0m, \\e[33mretry\\e[0m=\\e[1;36m3\\e[0m",
    ],
    [24, '第3次重试失败：数据库地址缺失，请检查配置文件', '第3次重试失败：数据库地\n址缺失，请检查配置文件'],
    [24, '데이터베이스 주소가 없습니다: DATABASE_URL', '데이터베이스 주소가 \n없습니다: DATABASE_URL'],
    [
      20,
      'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bb   cc',
      'aaaaaaaaaaaaaaaaaaaa\naaaaaaaaaaaaaaaaaaaa\naaaa bb   cc',
    ],
    [20, 'one two  three four five  six', 'one two  three four \nfive  six'],
    [
      40,
      '-1 1.5 .5 5. 1e5 v2 2nd [object Object] {}',
      '\\e[1;36m-1\\e[0m \\e[1;36m1.5\\e[0m .\\e[1;36m5\\e[0m \\e[1;36m5\\e[0m. \\e[1;36m1e5\\e[0m v2 2nd \\e[1m[\\e[0mobject Object\\e[1m]\\e[0m \n\\e[1m{\\e[0m\\e[1m}\\e[0m',
    ],
  ])('at %i columns: %s', (columns, text, expected) => {
    const shown = wrap(highlight(assemble(text), REPR), columns).map((line) => render(line, true))
    expect(escaped(shown.join('\n'))).toBe(expected)
  })
})

test.each<ProgramName>(['uvicorn', 'gunicorn', 'fastapi'])('%s: colours never change the text', (program) => {
  const speaks = { program, version: '0' }
  const text = fc.string({ unit: 'grapheme' }).filter((any) => !any.includes('\u001b'))
  fc.assert(
    fc.property(text, fc.integer({ min: 14, max: 120 }), (message, columns) => {
      const colored = printer({ speaks, stdout: { ...TERMINAL, columns }, stderr: { ...TERMINAL, columns } })
      const plain = printer({ speaks, stdout: { ...PIPE, columns }, stderr: { ...PIPE, columns } })
      const record = { kind: 'message', pid: 7, level: 'error', parts: [message] } as const
      // fastapi-cli strips blanks at the end, but not those inside a tag's colours.
      expect(stripAnsi(colored(record, now).text).trimEnd()).toBe(plain(record, now).text.trimEnd())
      expect(plain(record, now).text).toMatch(/\n$/)
    }),
  )
})
