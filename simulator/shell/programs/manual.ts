import { lookUp } from '../../manager/look-up.ts'
import type { ProgramContext, ShellProgram } from '../program.ts'
import { fillIn, GROUPS } from '../words.ts'
import { wrap } from '../wrap.ts'

/** `help`: what can be typed here, in the reader's language; `help kill` one line about that. */
export const help: ShellProgram = {
  name: 'help',
  builtin: true,
  run(call) {
    const [topic] = call.args
    if (topic !== undefined) return about(call, topic)
    const { commands, groups } = call.words
    call.note(call.words.help)
    for (const [group, names] of Object.entries(GROUPS)) {
      const title = groups[group as keyof typeof GROUPS]
      call.out(`\n${call.colors && call.tty ? `\x1b[1m${title}\x1b[0m` : title}\n`)
      const shown = names.split(' ')
      const column = 12
      for (const name of shown) {
        const line = `  ${name.padEnd(column)}${lookUp(commands, name) ?? ''}`
        const lines = wrap(line, call.columns, column + 2)
        call.out(lines.map((each) => `${each}\n`).join(''))
      }
    }
    return 0
  },
}

function about(call: ProgramContext, topic: string): number {
  const text = lookUp(call.words.commands, topic)
  if (text === undefined) {
    call.note(fillIn(call.words.noHelp, { name: topic }))
    return 1
  }
  for (const line of wrap(`${topic}: ${text}`, call.columns)) call.out(`${line}\n`)
  return 0
}

/** `man kill`: a page in the reader's language: what it is for, and how it is used here. */
export const man: ShellProgram = {
  name: 'man',
  run(call) {
    const topic = call.args.findLast((arg) => !/^(-|\d+$)/.test(arg))
    if (topic === undefined) {
      call.err("What manual page do you want?\nFor example, try 'man man'.\n")
      return 1
    }
    const text = lookUp(call.words.commands, topic)
    if (text === undefined) {
      call.err(`No manual entry for ${topic}\n`)
      return 16
    }
    const { manual } = call.words
    const bold = (title: string): string => (call.colors && call.tty ? `\x1b[1m${title}\x1b[0m` : title)
    const indented = (sentence: string): string =>
      wrap(`       ${sentence}`, call.columns, 7)
        .map((line) => `${line}\n`)
        .join('')
    const [, about = text, use = ''] = /^([^:：]+)[:：]\s*([\s\S]*)$/.exec(text) ?? []
    call.out(`${bold(manual.name)}\n${indented(`${topic} - ${about}`)}`)
    if (use !== '') call.out(`\n${bold(manual.use)}\n${use.split(' · ').map(indented).join('')}`)
    const page = lookUp(call.words.pages, topic)
    if (page !== undefined) call.out(`\n${bold(manual.more)}\n${page.split('\n').map(indented).join('\n')}`)
    call.out('\n')
    call.note(manual.differs)
    return 0
  },
}
