import type { ProcessInfo } from '../../machine/system.ts'
import { isSignalName } from '../../manager/signals.ts'
import type { ShellProgram } from '../program.ts'
import { fillIn } from '../words.ts'
import { readArguments } from './options.ts'
import { clip, commandName } from './process-table.ts'
import { signalName, signalNumber } from './signal-names.ts'
import { visible } from './visible.ts'

/** psmisc 23.6's pstree: `-p` with PIDs, `-a` with arguments, a PID to begin with. */
export const pstree: ShellProgram = {
  name: 'pstree',
  run(call) {
    const flags = new Set<string>()
    let root: number | undefined
    for (const argument of readArguments(call.args, () => false)) {
      if ('word' in argument) root = Number(argument.word)
      else if ('option' in argument) flags.add(argument.option)
    }
    const unknown = [...flags].find(
      (flag) => !['-p', '-a', '-l', '-n', '-A', '-U', '-T', '-c'].includes(flag),
    )
    if (unknown !== undefined) {
      call.note(fillIn(call.words.optionNotHere, { program: 'pstree', option: unknown }))
      return 1
    }
    const all = visible(call).filter(({ pid }) => pid !== call.pid)
    const known = new Set(all.map(({ pid }) => pid))
    const tops =
      root === undefined
        ? all.filter(({ ppid, pid }) => !known.has(ppid) || ppid === pid)
        : all.filter(({ pid }) => pid === root)
    const tree = new Tree(all, flags)
    const lines = tops.flatMap((process) =>
      flags.has('-a') ? tree.indented(process, '', '') : tree.beside(process),
    )
    const width = flags.has('-l') || !call.tty ? Infinity : call.columns
    call.out(lines.map((line) => `${line.length > width ? `${clip(line, width - 1)}+` : line}\n`).join(''))
    return tops.length > 0 ? 0 : 1
  },
}

class Tree {
  readonly #all: readonly ProcessInfo[]
  readonly #flags: ReadonlySet<string>

  constructor(all: readonly ProcessInfo[], flags: ReadonlySet<string>) {
    this.#all = all
    this.#flags = flags
  }

  #children({ pid }: ProcessInfo): ProcessInfo[] {
    const children = this.#all.filter((each) => each.ppid === pid && each.pid !== pid)
    if (this.#flags.has('-n')) return children
    return children.toSorted((a, b) =>
      commandName(a) < commandName(b) ? -1 : commandName(a) > commandName(b) ? 1 : a.pid - b.pid,
    )
  }

  #label(process: ProcessInfo): string {
    const arguments_ = this.#flags.has('-a') ? process.command.replace(/^\S+/, '') : ''
    const name = commandName(process).replace(' <defunct>', '')
    if (!this.#flags.has('-p')) return name + arguments_
    return this.#flags.has('-a') ? `${name},${process.pid}${arguments_}` : `${name}(${process.pid})`
  }

  /** `-a`: one line for each, below its parent. */
  indented(process: ProcessInfo, before: string, behind: string): string[] {
    const children = this.#children(process)
    return [
      before + this.#label(process),
      ...children.flatMap((child, index) => {
        const last = index === children.length - 1
        return this.indented(child, `${behind}  ${last ? '└─' : '├─'}`, `${behind}  ${last ? '  ' : '│ '}`)
      }),
    ]
  }

  /** Children beside their parent; those that look the same are one, with their number. */
  beside(process: ProcessInfo): string[] {
    const label = this.#label(process)
    const blocks = this.#grouped(this.#children(process).map((child) => this.beside(child)))
    if (blocks.length === 0) return [label]
    const pad = ' '.repeat(label.length)
    return blocks.flatMap((block, index) => {
      const first = index === 0
      const last = index === blocks.length - 1
      const sign = blocks.length === 1 ? '───' : first ? '─┬─' : last ? ' └─' : ' ├─'
      const below = last ? '   ' : ' │ '
      return block.map((line, row) => (row === 0 ? (first ? label : pad) + sign + line : pad + below + line))
    })
  }

  #grouped(blocks: readonly string[][]): string[][] {
    if (this.#flags.has('-c') || this.#flags.has('-p')) return [...blocks]
    const counted: { block: string[]; count: number }[] = []
    for (const block of blocks) {
      const same = counted.find((each) => each.block.join('\n') === block.join('\n'))
      if (same === undefined) counted.push({ block, count: 1 })
      else same.count += 1
    }
    return counted.map(({ block, count }) => {
      if (count === 1) return block
      const mark = `${count}*[`
      return block.map((line, row) =>
        row === 0 ? `${mark}${line}${block.length === 1 ? ']' : ''}` : ' '.repeat(mark.length) + line,
      )
    })
  }
}

/** psmisc's killall: a signal for every process of a name. */
export const killall: ShellProgram = {
  name: 'killall',
  run(call) {
    let spec = 'TERM'
    const names: string[] = []
    const args = [...call.args]
    for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
      if (arg === '-s') spec = args.shift() ?? 'TERM'
      else if (/^-(\d+|[A-Z]+\d*)$/.test(arg)) spec = arg.slice(1)
      else if (!/^-[qvwiIe]$/.test(arg)) names.push(arg)
    }
    const signal = signalName(signalNumber(spec) ?? -1)
    if (signalNumber(spec) === undefined) {
      call.err(`${spec}: unknown signal; killall -l lists signals.\n`)
      return 1
    }
    if (names.length === 0) {
      call.err('Usage: killall [OPTION]... [--] NAME...\n')
      return 1
    }
    if (!isSignalName(signal)) {
      call.note(fillIn(call.words.signalNotModelled, { signal: `SIG${signal}` }))
      return 1
    }
    let code = 0
    for (const name of names) {
      const found = call.system
        .processes()
        .filter((process) => process.pid !== call.pid && commandName(process) === name)
      for (const { pid } of found) call.system.signal(pid, signal, call.pid)
      if (found.length > 0) continue
      call.err(`${name}: no process found\n`)
      code = 1
    }
    return code
  },
}
