import { lookUp } from '../../../manager/look-up.ts'
import type { ProgramContext } from '../../program.ts'
import { fileKey } from '../../run/paths.ts'
import type { Flags } from './flags.ts'

/** The variables of `-e` and `--env-file`; those of `-e` win. A name alone takes the value that it has in the shell. */
export function pairsOf(
  call: ProgramContext,
  flags: Flags,
): { readonly pairs: Readonly<Record<string, string>> } | { readonly problem: string } {
  const pairs: Record<string, string> = {}
  const add = (line: string): void => {
    const [name = '', value] = line.split(/=(.*)/s)
    const own = value ?? lookUp(call.env, name)
    if (own !== undefined) pairs[name] = own
  }
  for (const file of flags.all('env-file')) {
    const text = call.system.readFile(fileKey(call.cwd, file))
    if (text === undefined) return { problem: `open ${file}: no such file or directory` }
    for (const raw of text.split('\n')) {
      // Quotes belong to the value: Docker takes the line as it is.
      const line = raw.trimStart()
      if (line === '' || line.startsWith('#')) continue
      const [name = ''] = line.split('=')
      if (/\s/.test(name.trimEnd()) || name === '')
        return {
          problem: `invalid env file (${file}): ${name === '' ? `no variable name on line '${line}'` : `variable '${name}' contains whitespaces`}`,
        }
      add(line)
    }
  }
  for (const each of flags.all('env')) add(each)
  return { pairs }
}
