import { COMMANDS } from '../../../simulator/command/fastapi/options.ts'
import { OPTIONS as GUNICORN } from '../../../simulator/command/gunicorn/options.ts'
import type { Option } from '../../../simulator/command/option.ts'
import { optionsIn } from '../../../simulator/command/option.ts'
import { OPTIONS as UVICORN } from '../../../simulator/command/uvicorn/options.ts'
import type { ProgramName } from '../../../simulator/manager/settings.ts'
import { VERSIONS } from './support.ts'

/** A file that exists and cannot be read. */
export const UNREADABLE = '/work/secret.env'

/** Typical typing mistakes. */
export const BAD = {
  'of another type': 'lots',
  empty: '',
  huge: '9'.repeat(400),
  'not ASCII': '日本\u0301',
  'a missing file': '/nope/nothing.pem',
  'an unreadable file': UNREADABLE,
} as const

/** A kind of mistake. */
export type Kind = keyof typeof BAD

/** The lines, each with the options that can stand in it. */
export const LINES: readonly {
  readonly program: ProgramName
  readonly before: readonly string[]
  readonly options: readonly Option[]
  readonly after: readonly string[]
}[] = [
  { program: 'uvicorn', before: [], options: UVICORN, after: ['main:app'] },
  { program: 'gunicorn', before: [], options: GUNICORN, after: ['main:app'] },
  ...COMMANDS.map(({ name, options }) => ({
    program: 'fastapi' as const,
    before: [name],
    options,
    after: ['main.js'],
  })),
]

/** Every option of every program with each bad value. */
export const rows = LINES.flatMap(({ program, before, options, after }) =>
  optionsIn(options, VERSIONS[program]).flatMap((option) =>
    option.takes === 'nothing'
      ? [{ program, before, after, option, kind: 'of another type' as const, typed: `${main(option)}=lots` }]
      : (Object.keys(BAD) as Kind[]).map((kind) => ({
          program,
          before,
          after,
          option,
          kind,
          typed: BAD[kind],
        })),
  ),
)

/** How an option is typed. */
export function main({ names }: Option): string {
  return names.find((name) => name.startsWith('--')) ?? names[0] ?? ''
}
