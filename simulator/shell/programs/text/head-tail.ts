import type { ProgramContext, ShellProgram } from '../../program.ts'
import { fileKey } from '../../run/paths.ts'
import { fileText, joinLines, linesOf, readLines, readTexts } from './input.ts'
import { options } from './options.ts'

/** GNU coreutils' head: the first lines. */
export const head: ShellProgram = {
  name: 'head',
  run(call) {
    const args = call.args.flatMap((arg) => (/^-\d+$/.test(arg) ? ['-n', arg.slice(1)] : [arg]))
    const read = options(call, 'q', 'nc', args)
    if (typeof read === 'number') return read
    const count = read.values.get('-n') ?? '10'
    const bytes = read.values.get('-c')
    if (!/^-?\d+$/.test(bytes ?? count)) {
      call.err(`head: invalid number of ${bytes === undefined ? 'lines' : 'bytes'}: ‘${bytes ?? count}’\n`)
      return 1
    }
    if (read.words.length === 0 && bytes === undefined && !count.startsWith('-'))
      return headOfInput(call, Number(count))
    readTexts(call, read.words, (texts, complete) => {
      for (const [index, { name, text }] of texts.entries()) {
        if (texts.length > 1) call.out(`${index > 0 ? '\n' : ''}==> ${name} <==\n`)
        const lines = linesOf(text)
        call.out(
          bytes === undefined ? joinLines(lines.slice(0, Number(count))) : text.slice(0, Number(bytes)),
        )
      }
      call.exit(complete ? 0 : 1)
    })
    return undefined
  },
}

function headOfInput(call: ProgramContext, count: number): number | undefined {
  if (count === 0) return 0
  let left = count
  let over = false
  readLines(call, {
    line(line, more) {
      if (over) return
      call.out(more ? `${line}\n` : line)
      left -= 1
      if (left > 0) return
      over = true
      call.exit(0)
    },
    end: () => call.exit(0),
  })
  return undefined
}

/** How often `tail -f` looks whether its file has grown, in ms. */
const LOOK = 1000

/** GNU coreutils' tail: the last lines; `-f` follows the file as it grows. */
export const tail: ShellProgram = {
  name: 'tail',
  run(call) {
    const args = call.args.flatMap((arg) =>
      /^-\d+f?$/.test(arg) ? ['-n', arg.replace(/\D/g, ''), ...(arg.endsWith('f') ? ['-f'] : [])] : [arg],
    )
    const read = options(call, 'fFq', 'nc', args)
    if (typeof read === 'number') return read
    const count = read.values.get('-n') ?? '10'
    if (!/^[+-]?\d+$/.test(count)) {
      call.err(`tail: invalid number of lines: ‘${count}’\n`)
      return 1
    }
    const [path] = read.words
    const follow = path !== undefined && (read.flags.has('-f') || read.flags.has('-F'))
    if (follow && read.words.length === 1) return followFile(call, path, count)
    readTexts(call, read.words, (texts, complete) => {
      for (const [index, { name, text }] of texts.entries()) {
        if (texts.length > 1) call.out(`${index > 0 ? '\n' : ''}==> ${name} <==\n`)
        call.out(joinLines(lastLines(text, count)))
      }
      call.exit(complete ? 0 : 1)
    })
    return undefined
  },
}

function lastLines(text: string, count: string): string[] {
  const lines = linesOf(text)
  const number = Number(count.replace(/^[+-]/, ''))
  if (count.startsWith('+')) return lines.slice(Math.max(0, number - 1))
  return number === 0 ? [] : lines.slice(-number)
}

function followFile(call: ProgramContext, path: string, count: string): number | undefined {
  const key = fileKey(call.cwd, path)
  const file = fileText(call, path)
  if ('problem' in file) {
    call.err(`tail: cannot open '${path}' for reading: ${file.problem}\ntail: no files remaining\n`)
    return 1
  }
  call.out(joinLines(lastLines(file.text, count)))
  let seen = file.text.length
  const look = (): void => {
    const text = call.system.readFile(key) ?? ''
    if (text.length < seen) {
      call.err(`tail: ${path}: file truncated\n`)
      seen = 0
    }
    call.out(text.slice(seen))
    seen = text.length
    call.after(LOOK, look)
  }
  call.after(LOOK, look)
  return undefined
}
