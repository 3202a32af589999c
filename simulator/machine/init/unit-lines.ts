import { knownKeys } from './known-keys.ts'

/** A setting of a unit file: `Key=value` in a section. An empty value clears the earlier ones. */
export interface Setting {
  readonly section: string
  readonly key: string
  readonly value: string
  /** Complains about it in systemd's way, with the file and the line in front. */
  readonly complain: (text: string) => void
  /** The same without the file and the line. */
  readonly remark: (text: string) => void
}

/** What the lines of a unit file say; `undefined` when the file cannot be read as one. */
export function readLines(
  path: string,
  text: string,
  kind: 'service' | 'socket',
  problems: string[],
): readonly Setting[] | undefined {
  const settings: Setting[] = []
  const remark = (what: string): void => void problems.push(what)
  let section = ''
  let known: ReadonlySet<string> | undefined
  for (const { line, number } of logicalLines(text)) {
    const complain = (what: string): void => void problems.push(`${path}:${number}: ${what}`)
    if (line.startsWith('[')) {
      if (!line.endsWith(']')) {
        complain(`Invalid section header '${line}'`)
        return undefined
      }
      section = line.slice(1, -1)
      known = knownKeys(section, kind)
      if (known === undefined && !section.startsWith('X-'))
        complain(`Unknown section '${section}'. Ignoring.`)
      continue
    }
    if (section === '') complain('Assignment outside of section. Ignoring.')
    if (known === undefined) continue
    const split = line.indexOf('=')
    if (split < 0) {
      complain("Missing '=', ignoring line.")
      continue
    }
    const key = line.slice(0, split).trim()
    if (known.has(key)) settings.push({ section, key, value: line.slice(split + 1).trim(), complain, remark })
    else if (!key.startsWith('X-')) complain(`Unknown key '${key}' in section [${section}], ignoring.`)
  }
  return settings
}

/** The lines without comments; one that ends in `\` continues on the next, and counts as the last of them. */
function* logicalLines(text: string): Generator<{ line: string; number: number }> {
  let begun = ''
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    if (/^\s*[#;]/.test(raw)) continue
    if (raw.endsWith('\\')) {
      begun += `${raw.slice(0, -1)} `
      continue
    }
    const line = (begun + raw).trim()
    begun = ''
    if (line !== '') yield { line, number: index + 1 }
  }
  if (begun.trim() !== '') yield { line: begun.trim(), number: text.split('\n').length }
}
