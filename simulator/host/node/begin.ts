import { command } from './command.ts'
import { Failure } from './failure.ts'
import { write } from './write.ts'

/** Does what was typed. What it cannot do it says in a sentence. */
export async function begin(): Promise<void> {
  try {
    await command(process.argv.slice(2))
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    write('stderr', `${error.message}\n`)
    process.exitCode = error.code
  }
}
