import type { ShellProgram } from '../../program.ts'
import { writeToDisk } from '../../run/disk.ts'
import { fileKey } from '../../run/paths.ts'
import { fillIn } from '../../words.ts'
import { joinLines, linesOf, readTexts } from './input.ts'
import { options } from './options.ts'

/** GNU coreutils' wc. */
export const wc: ShellProgram = {
  name: 'wc',
  run(call) {
    const read = options(call, 'lwcm')
    if (typeof read === 'number') return read
    const columns = ['-l', '-w', '-m', '-c'].filter((flag) => read.flags.has(flag))
    const chosen = columns.length === 0 ? ['-l', '-w', '-c'] : columns
    readTexts(call, read.words, (texts, complete) => {
      const rows = texts.map(({ name, text }) => ({
        name: read.words.length === 0 ? '' : name,
        counts: counts(text),
      }))
      if (rows.length > 1)
        rows.push({
          name: 'total',
          counts: rows.reduce(
            (sum, row) => sum.map((value, index) => value + (row.counts[index] ?? 0)),
            [0, 0, 0, 0],
          ),
        })
      const order = ['-l', '-w', '-m', '-c']
      const size = Math.max(...rows.flatMap((row) => row.counts)).toString().length
      const width = read.words.length === 0 ? 7 : size
      for (const row of rows) {
        const cells = chosen.map((flag) => String(row.counts[order.indexOf(flag)] ?? 0))
        const padded =
          cells.length === 1 && rows.length === 1 ? cells : cells.map((cell) => cell.padStart(width))
        call.out(`${padded.join(' ')}${row.name === '' ? '' : ` ${row.name}`}\n`)
      }
      call.exit(complete ? 0 : 1)
    })
    return undefined
  },
}

function counts(text: string): number[] {
  const bytes = [...text].reduce((sum, each) => sum + size(each.codePointAt(0) ?? 0), 0)
  return [
    text.split('\n').length - 1,
    text.split(/\s+/).filter((word) => word !== '').length,
    [...text].length,
    bytes,
  ]
}

function size(code: number): number {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
}

/** GNU coreutils' sort: by text, or by number with `-n`; `-r`, `-u`, `-k N`. */
export const sort: ShellProgram = {
  name: 'sort',
  run(call) {
    const read = options(call, 'nrufhb', 'kt')
    if (typeof read === 'number') return read
    const { flags, values, words } = read
    const key = /^(\d+)(?:,\d+)?([nrh]*)$/.exec(values.get('-k') ?? '')
    for (const flag of key?.[2] ?? '') flags.add(`-${flag}`)
    const field = (line: string): string =>
      key === null ? line : (line.trim().split(values.get('-t') ?? /\s+/)[Number(key[1]) - 1] ?? '')
    readTexts(call, words, (texts, complete) => {
      const lines = texts.flatMap(({ text }) => linesOf(text))
      const compare = (a: string, b: string): number => {
        const [left, right] = [field(a), field(b)]
        const numeric = flags.has('-n') || flags.has('-h')
        const order = numeric ? numberOf(left) - numberOf(right) : 0
        if (order !== 0) return order
        const [x, y] = flags.has('-f') ? [left.toLowerCase(), right.toLowerCase()] : [left, right]
        return x < y ? -1 : x > y ? 1 : a < b ? -1 : a > b ? 1 : 0
      }
      const sorted = lines.toSorted((a, b) => (flags.has('-r') ? compare(b, a) : compare(a, b)))
      const unique = flags.has('-u')
        ? sorted.filter((line, index) => index === 0 || line !== sorted[index - 1])
        : sorted
      call.out(joinLines(unique))
      call.exit(complete ? 0 : 2)
    })
    return undefined
  },
}

function numberOf(text: string): number {
  return Number(/^\s*-?\d*\.?\d+/.exec(text)?.[0] ?? 0)
}

/** GNU coreutils' uniq: lines that follow each other and are the same, once; `-c` counts. */
export const uniq: ShellProgram = {
  name: 'uniq',
  run(call) {
    const read = options(call, 'cdui')
    if (typeof read === 'number') return read
    const { flags, words } = read
    readTexts(call, words.slice(0, 1), (texts, complete) => {
      const groups: { line: string; count: number }[] = []
      for (const line of texts.flatMap(({ text }) => linesOf(text))) {
        const last = groups.at(-1)
        const same = flags.has('-i') ? last?.line.toLowerCase() === line.toLowerCase() : last?.line === line
        if (last !== undefined && same) last.count += 1
        else groups.push({ line, count: 1 })
      }
      const shown = groups.filter(
        ({ count }) => (!flags.has('-d') || count > 1) && (!flags.has('-u') || count === 1),
      )
      call.out(
        joinLines(
          shown.map(({ line, count }) => (flags.has('-c') ? `${String(count).padStart(7)} ${line}` : line)),
        ),
      )
      call.exit(complete ? 0 : 1)
    })
    return undefined
  },
}

/** GNU coreutils' cut: fields or characters of each line. */
export const cut: ShellProgram = {
  name: 'cut',
  run(call) {
    const read = options(call, 's', 'dfc')
    if (typeof read === 'number') return read
    const { values, words } = read
    const list = values.get('-f') ?? values.get('-c')
    if (list === undefined) {
      call.err(
        "cut: you must specify a list of bytes, characters, or fields\nTry 'cut --help' for more information.\n",
      )
      return 1
    }
    const ranges = list.split(',').map((range) => /^(\d*)(-?)(\d*)$/.exec(range))
    const wanted = (number: number): boolean =>
      ranges.some((range) => {
        const [, from = '', dash = '', to = ''] = range ?? []
        if (dash === '') return number === Number(from)
        return number >= Number(from || 1) && number <= Number(to || Infinity)
      })
    const delimiter = values.get('-d') ?? '\t'
    readTexts(call, words, (texts, complete) => {
      for (const line of texts.flatMap(({ text }) => linesOf(text))) {
        const parts = values.has('-c') ? [...line] : line.split(delimiter)
        const chosen = parts.filter((_, index) => wanted(index + 1))
        const whole = !values.has('-c') && parts.length === 1
        call.out(`${whole ? line : chosen.join(values.has('-c') ? '' : delimiter)}\n`)
      }
      call.exit(complete ? 0 : 1)
    })
    return undefined
  },
}

/** GNU coreutils' tr: one set of characters for another, `-d` takes them out. */
export const tr: ShellProgram = {
  name: 'tr',
  run(call) {
    const read = options(call, 'ds')
    if (typeof read === 'number') return read
    const [first, second] = read.words
    if (first === undefined || (second === undefined && read.flags.size === 0)) {
      call.err(
        `tr: missing operand${first === undefined ? '' : ` after ‘${first}’`}\nTry 'tr --help' for more information.\n`,
      )
      return 1
    }
    const from = characters(first)
    const to = characters(second ?? '')
    call.stdin.read({
      text(text) {
        const changed = [...text].flatMap((each, index, all) => {
          const at = from.indexOf(each)
          if (read.flags.has('-d')) return at < 0 ? [each] : []
          const result = at < 0 || to.length === 0 ? each : (to[Math.min(at, to.length - 1)] ?? each)
          return read.flags.has('-s') && at >= 0 && all[index - 1] === each ? [] : [result]
        })
        call.out(changed.join(''))
      },
      end: () => call.exit(0),
    })
    return undefined
  },
}

function characters(set: string): string[] {
  const text = set.replaceAll('\\n', '\n').replaceAll('\\t', '\t')
  return [
    ...text.replace(/([a-zA-Z0-9])-([a-zA-Z0-9])/g, (_, low: string, high: string) => {
      const [from, to] = [low.charCodeAt(0), high.charCodeAt(0)]
      return Array.from({ length: Math.max(0, to - from + 1) }, (_each, index) =>
        String.fromCharCode(from + index),
      ).join('')
    }),
  ]
}

/** GNU coreutils' tee: to the output and into files. */
export const tee: ShellProgram = {
  name: 'tee',
  run(call) {
    const read = options(call, 'ai')
    if (typeof read === 'number') return read
    const keys = read.words.map((path) => fileKey(call.cwd, path))
    for (const key of keys) if (!read.flags.has('-a')) call.system.writeFile(key, '')
    let code = 0
    call.stdin.read({
      text(text) {
        for (const [index, key] of keys.entries()) {
          if (writeToDisk(call.system, key, (call.system.readFile(key) ?? '') + text)) continue
          call.err(`tee: ${read.words[index]}: No space left on device\n`)
          code = 1
        }
        call.out(text)
      },
      end: () => call.exit(code),
    })
    return undefined
  },
}

/** GNU coreutils' seq. */
export const seq: ShellProgram = {
  name: 'seq',
  run(call) {
    const read = options(
      call,
      'w',
      's',
      call.args.flatMap((arg) => (/^-\d/.test(arg) ? ['--', arg] : [arg])),
    )
    if (typeof read === 'number') return read
    const bad = read.words.find((word) => !/^-?\d*\.?\d+$/.test(word))
    if (read.words.length === 0 || bad !== undefined) {
      call.err(
        `seq: ${bad === undefined ? 'missing operand' : `invalid floating point argument: ‘${bad}’`}\nTry 'seq --help' for more information.\n`,
      )
      return 1
    }
    const numbers = read.words.map(Number)
    const last = numbers.at(-1) ?? 0
    const first = numbers.length > 1 ? (numbers[0] ?? 1) : 1
    const step = numbers.length > 2 ? (numbers[1] ?? 1) : 1
    const count = Math.floor((last - first) / step + 1e-9) + 1
    const digits = Math.max(...read.words.map((word) => /\.(\d+)$/.exec(word)?.[1]?.length ?? 0))
    const values = Array.from({ length: Math.max(0, Math.min(count, 100_000)) || 0 }, (_, index) =>
      (first + index * step).toFixed(digits),
    )
    const width = read.flags.has('-w') ? values.reduce((most, value) => Math.max(most, value.length), 0) : 0
    if (values.length > 0)
      call.out(`${values.map((value) => value.padStart(width, '0')).join(read.values.get('-s') ?? '\n')}\n`)
    return 0
  },
}

/** GNU findutils' xargs: words of the input as arguments of a command. */
export const xargs: ShellProgram = {
  name: 'xargs',
  run(call) {
    const words = [...call.args]
    let most = Infinity
    let replace: string | undefined
    let skipEmpty = false
    for (let option = words[0]; option?.startsWith('-') === true; option = words[0]) {
      words.shift()
      if (option === '-n' || option === '-P') {
        const value = Number(words.shift())
        if (option === '-n') most = Math.max(1, value || 1)
      } else if (/^-n\d+$/.test(option)) most = Math.max(1, Number(option.slice(2)))
      else if (option === '-I') replace = words.shift() ?? '{}'
      else if (option === '-r') skipEmpty = true
      else if (option !== '-t') {
        call.note(fillIn(call.words.optionNotHere, { program: 'xargs', option }))
        return 1
      }
    }
    const command = words.length === 0 ? ['echo'] : words
    readTexts(call, [], (texts) => {
      const text = texts.map((each) => each.text).join('')
      const items = replace === undefined ? text.split(/\s+/).filter((word) => word !== '') : linesOf(text)
      const runs: string[][] = []
      if (replace !== undefined)
        runs.push(...items.map((item) => command.map((word) => word.replaceAll(replace, item))))
      else
        for (let at = 0; at === 0 || at < items.length; at += most) {
          if (items.length > 0 || !skipEmpty)
            runs.push([...command, ...items.slice(at, Math.min(items.length, at + most))])
          if (most === Infinity) break
        }
      const next = (code: number): void => {
        const run = runs.shift()
        if (run === undefined) return call.exit(code)
        // A process takes time: what ends at once must not pile up its callers.
        call.execute({ words: run }, (result) => call.after(1, () => next(result === 0 ? code : 123)))
      }
      next(0)
    })
    return undefined
  },
}
