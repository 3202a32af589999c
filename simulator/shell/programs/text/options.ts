import type { ProgramContext } from '../../program.ts'
import { fillIn } from '../../words.ts'
import { readArguments } from '../options.ts'

/** Reads the options of a small program: flags, values and words; after an error, which has been printed, the exit code. */
export function options(
  call: ProgramContext,
  flags: string,
  withValue = '',
  args = call.args,
): { flags: Set<string>; values: Map<string, string>; words: string[] } | number {
  const found = { flags: new Set<string>(), values: new Map<string, string>(), words: [] as string[] }
  for (const argument of readArguments(
    args,
    (option) => option.length === 2 && withValue.includes(option.charAt(1)),
  )) {
    if ('word' in argument) {
      found.words.push(argument.word)
    } else if ('missing' in argument) {
      call.err(
        `${call.name}: option requires an argument -- '${argument.missing.slice(1)}'\nTry '${call.name} --help' for more information.\n`,
      )
      return call.name === 'sort' ? 2 : 1
    } else if (argument.option.length === 2 && withValue.includes(argument.option.charAt(1))) {
      found.values.set(argument.option, argument.value ?? '')
    } else if (argument.option.length === 2 && flags.includes(argument.option.charAt(1))) {
      found.flags.add(argument.option)
    } else {
      call.note(fillIn(call.words.optionNotHere, { program: call.name, option: argument.option }))
      return 1
    }
  }
  return found
}
