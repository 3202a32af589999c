import type { Option, Value, Values } from '../option.ts'
import { OPTIONS } from './options.ts'

/** What `--print-config` prints: every setting that we have, in alphabetical order, as gunicorn's `Config.__str__` writes them. */
export function configText(values: Partial<Values>, app: string): string {
  const rows = OPTIONS.flatMap((option): (readonly [string, string])[] => {
    if (option.fills === undefined || option.refused !== undefined) return []
    return [[settingOf(option), pythonStr(values[option.fills], option)]]
  })
  const all = [...rows, ['default_proc_name', app] as const].sort(([a], [b]) => (a < b ? -1 : 1))
  const width = Math.max(...all.map(([name]) => name.length))
  return all.map(([name, value]) => `${name.padEnd(width)} = ${value}\n`).join('')
}

/** A setting has the name of its longest option. */
function settingOf({ names, setting }: Option): string {
  return setting ?? (names.at(-1) ?? '').replace(/^-+/, '').replaceAll('-', '_')
}

function pythonStr(value: Value | undefined, { takes, repeats }: Option): string {
  if (typeof value === 'object') return `[${value.map((text) => `'${text}'`).join(', ')}]`
  if (value === undefined) return takes === 'nothing' ? 'False' : repeats === true ? '[]' : 'None'
  return value === true ? 'True' : value === false ? 'False' : String(value)
}
