import { splitWords } from './values.ts'

/** Reads a file of `EnvironmentFile=` (systemd.exec(5)): one `NAME=value` a line, the value perhaps in quotes; `#` and `;` begin a comment. */
export function readEnvironmentFile(text: string): Readonly<Record<string, string>> {
  const lines = text.replaceAll(/\\\r?\n/g, '').split(/\r?\n/)
  return Object.fromEntries(
    lines.flatMap((line): [string, string][] => {
      const [, name, value = ''] = /^\s*([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line) ?? []
      if (name === undefined) return []
      const [, double, single] = /^"((?:[^"\\]|\\.)*)"$|^'([^']*)'$/.exec(value) ?? []
      return [[name, double?.replaceAll(/\\(.)/g, '$1') ?? single ?? value]]
    }),
  )
}

/** The assignments of a line of `Environment=`; what is none is complained about. */
export function readEnvironment(
  value: string,
  complain: (text: string) => void,
): Readonly<Record<string, string>> {
  const pairs: [string, string][] = []
  for (const word of splitWords(value)) {
    const [, name, text = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? []
    if (name === undefined) complain(`Invalid environment assignment, ignoring: ${word}`)
    else pairs.push([name, text])
  }
  return Object.fromEntries(pairs)
}
