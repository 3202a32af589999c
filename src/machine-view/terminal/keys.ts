import { lookUp } from '../../../simulator/manager/look-up.ts'
import type { Key, NamedKey } from '../../../simulator/shell/editor/keys.ts'

/** The keys that an `<input>` passes to the line editor. It handles all others itself, and the line is updated from it. */
export function editorKey(event: KeyboardEvent): Key | undefined {
  if (event.isComposing || event.metaKey) return undefined
  const name =
    event.ctrlKey && !event.altKey
      ? lookUp(CONTROL, event.key.toLowerCase())
      : event.altKey
        ? undefined
        : lookUp(PLAIN, event.key)
  return name === undefined ? undefined : { key: name }
}

const PLAIN: Readonly<Record<string, NamedKey>> = { Enter: 'enter', ArrowUp: 'up', ArrowDown: 'down' }

const CONTROL: Readonly<Record<string, NamedKey>> = {
  c: 'interrupt',
  d: 'end-of-file',
  z: 'suspend',
  l: 'clear',
  u: 'delete-to-start',
  k: 'delete-to-end',
  y: 'yank',
  r: 'search',
}
