/** An option with its value, or a plain word. `name` is as typed, with its dashes: `-s`, `--silent`. */
export type Argument =
  | { readonly option: string; readonly value?: string }
  | { readonly word: string }
  | { readonly missing: string }

/**
 * Reads arguments as GNU programs do: `-so file`, `-ofile`, `--output file`, `--output=file`; `--` ends the options.
 * `takesValue` tells which options have a value.
 */
export function readArguments(args: readonly string[], takesValue: (option: string) => boolean): Argument[] {
  const read: Argument[] = []
  let ended = false
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? ''
    const value = (option: string): Argument => {
      index += 1
      const next = args[index]
      return next === undefined ? { missing: option } : { option, value: next }
    }
    if (ended || arg === '-' || !arg.startsWith('-')) {
      read.push({ word: arg })
    } else if (arg === '--') {
      ended = true
    } else if (arg.startsWith('--')) {
      const [option = '', ...rest] = arg.split('=')
      if (rest.length > 0) read.push({ option, value: rest.join('=') })
      else read.push(takesValue(option) ? value(option) : { option })
    } else {
      for (let letter = 1; letter < arg.length; letter++) {
        const option = `-${arg.charAt(letter)}`
        if (!takesValue(option)) {
          read.push({ option })
          continue
        }
        const attached = arg.slice(letter + 1)
        read.push(attached === '' ? value(option) : { option, value: attached })
        break
      }
    }
  }
  return read
}
