import { command } from './command.ts'
import { isFailure } from './failure.ts'
import { write } from './write.ts'

/** Does what was typed. What it cannot do it says in a sentence. */
export async function begin(): Promise<void> {
  try {
    await command(process.argv.slice(2))
  } catch (error) {
    if (!isFailure(error)) throw error
    write('stderr', `${error.message}\n`)
    process.exitCode = error.code
  }
}
