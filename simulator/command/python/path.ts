/** A path as Python's `pathlib.PurePosixPath` writes it: without `.`, doubled slashes and one at the end. */
export function pythonPath(text: string): string {
  const root = /^\/\/(?!\/)/.test(text) ? '//' : text.startsWith('/') ? '/' : ''
  const parts = text.split('/').filter((part) => part !== '' && part !== '.')
  return root + parts.join('/') || '.'
}
