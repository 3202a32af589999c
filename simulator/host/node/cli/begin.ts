import { command } from './command.ts'
import { isFailure } from '../output/failure.ts'
import { write } from '../output/write.ts'

/** Runs the command that was typed. A `Failure` is printed as one sentence, and sets the exit code. */
export async function begin(): Promise<void> {
  try {
    await command(process.argv.slice(2))
  } catch (error) {
    if (!isFailure(error)) throw error
    write('stderr', `${error.message}\n`)
    process.exitCode = error.code
  }
}
