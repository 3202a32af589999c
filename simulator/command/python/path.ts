/** A path as Python's `pathlib.PurePosixPath` writes it: without `.`, doubled slashes and a trailing slash. */
export function pythonPath(text: string): string {
  const root = /^\/\/(?!\/)/.test(text) ? '//' : text.startsWith('/') ? '/' : ''
  const parts = text.split('/').filter((part) => part !== '' && part !== '.')
  return root + parts.join('/') || '.'
}

/** An absolute path without `.` and `..`, as Python's `Path.resolve` gives it where there are no links. */
export function absolutePath(path: string, cwd: string): string {
  const parts: string[] = []
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}
