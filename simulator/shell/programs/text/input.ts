import { fileKey, isFolder, resolve } from '../../run/paths.ts'
import type { ProgramContext } from '../../program.ts'

/** The text of a file, or an error in GNU's words. */
export function fileText(
  call: ProgramContext,
  path: string,
): { readonly text: string } | { readonly problem: string } {
  const key = fileKey(call.cwd, path)
  if (key === '/dev/null') return { text: '' }
  const text = call.system.readFile(key)
  if (text !== undefined) return { text }
  return {
    problem: isFolder(call.system, resolve(call.cwd, path)) ? 'Is a directory' : 'No such file or directory',
  }
}

/** Gets whole lines as they come, without their line ends. `more`: whether a line end followed. */
export interface LineReader {
  readonly line: (line: string, more: boolean) => void
  readonly end: () => void
}

/** Reads standard input line by line. @returns a function that stops it */
export function readLines(call: ProgramContext, reader: LineReader): () => void {
  let kept = ''
  let over = false
  // It stops as soon as the reader returns false, also in the middle of a chunk.
  const isOver = (): boolean => over
  const stop = call.stdin.read({
    text(text) {
      if (over) return
      const lines = (kept + text).split('\n')
      kept = lines.pop() ?? ''
      for (const line of lines) if (!isOver()) reader.line(line, true)
    },
    end() {
      if (over) return
      if (kept !== '') reader.line(kept, false)
      if (!isOver()) reader.end()
    },
  })
  return () => {
    over = true
    stop()
  }
}

/** Reads all of standard input, up to its end. */
export function readAll(call: ProgramContext, done: (text: string) => void): void {
  let all = ''
  call.stdin.read({ text: (text) => (all += text), end: () => done(all) })
}

/** Reads the files named, or standard input; errors are printed. `done` gets the texts and whether all could be read. */
export function readTexts(
  call: ProgramContext,
  paths: readonly string[],
  done: (texts: readonly { readonly name: string; readonly text: string }[], complete: boolean) => void,
): void {
  if (paths.length === 0 || paths.includes('-')) {
    return readAll(call, (text) => done([{ name: '-', text }], true))
  }
  const read = paths.map((path) => ({ path, file: fileText(call, path) }))
  for (const { path, file } of read) {
    if ('problem' in file) call.err(`${call.name}: ${path}: ${file.problem}\n`)
  }
  const texts = read.flatMap(({ path, file }) => ('text' in file ? [{ name: path, text: file.text }] : []))
  done(texts, texts.length === paths.length)
}

/** The lines of a text; a line end at its end does not begin another line. */
export function linesOf(text: string): string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** Joins lines into a text. */
export function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}
