import type { Option } from '../option.ts'
import { wrapWords } from '../wrap.ts'

const INDENT = 2
/** Descriptions begin in this column; after a longer name, on the next line. */
const SENTENCES_AT = 24
const NARROWEST = 11

/** The help of a parser as the argparse of Python 3.11 lays it out. */
export function argparseHelp(usage: string, options: readonly Option[], columns: number): string {
  const width = Math.max(columns - 2 - SENTENCES_AT, NARROWEST)
  const lines = options.flatMap((option) => {
    const names = ' '.repeat(INDENT) + namesOf(option)
    const [head = '', ...rest] = wrapWords(aboutOf(option), width)
    const below = rest.map((line) => ' '.repeat(SENTENCES_AT) + line)
    if (names.length > SENTENCES_AT - 2) return [names, ' '.repeat(SENTENCES_AT) + head, ...below]
    return [names.padEnd(SENTENCES_AT) + head, ...below]
  })
  return `${usage}\n\noptions:\n${lines.join('\n')}\n`
}

function namesOf({ names, takes, metavar }: Option): string {
  const value = takes === 'nothing' ? '' : ` ${metavar ?? 'INT'}`
  return names.map((name) => name + value).join(', ')
}

function aboutOf({ about, default: value }: Option): string {
  return value === undefined ? about : `${about} [${String(value)}]`
}
