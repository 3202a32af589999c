import { createInterface } from 'node:readline/promises'
import { fill } from '../../output/language.ts'

/** What is said at a choice; `{count}` and `{typed}` stand for values. */
export interface ChoiceWords {
  readonly prompt: string
  /** Something was typed that is no choice. */
  readonly again: string
}

/** Asks for one of `count` numbers on the terminal, from 0; `undefined` for Enter alone. */
export async function choose(
  count: number,
  words: ChoiceWords,
  say: (text: string) => void,
): Promise<number | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  // Ctrl+C at the question is Ctrl+C for the command; Ctrl+D leaves it open.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
  try {
    for (;;) {
      const typed = (await Promise.race([lines.question(fill(words.prompt, { count })), closed])).trim()
      if (typed === '') return undefined
      const chosen = Number(typed) - 1
      if (Number.isInteger(chosen) && chosen >= 0 && chosen < count) return chosen
      say(fill(words.again, { typed, count }))
    }
  } finally {
    lines.close()
  }
}
