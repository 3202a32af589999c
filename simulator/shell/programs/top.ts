import type { ProcessInfo } from '../../machine/system.ts'
import type { ProgramContext, ShellProgram } from '../program.ts'
import { fillIn } from '../words.ts'
import { readArguments } from './options.ts'
import { clip, commandName, running } from './process-table.ts'
import { upLine } from './time.ts'

/** What was seen at the last look: `%CPU` is counted from there. */
interface Look {
  readonly at: number
  readonly cpu: ReadonlyMap<number, number>
  readonly busy: number
  readonly idle: number
}

/** procps-ng 4.0.2's top: `q` leaves, `M` and `P` sort by memory and processor, `1` is not here; `-b`, `-n`, `-d`, `-p`. */
export const top: ShellProgram = {
  name: 'top',
  run(call) {
    const values = new Map<string, string>()
    const flags = new Set<string>()
    for (const argument of readArguments(call.args, (option) =>
      ['-n', '-d', '-p', '-o', '-u'].includes(option),
    )) {
      if ('word' in argument) {
        call.err(`top: unknown option '${argument.word}'\nUsage:\n  top [options]\n`)
        return 1
      }
      if ('missing' in argument) {
        call.err(`top: -${argument.missing.slice(1)} requires argument\n`)
        return 1
      }
      if (argument.value === undefined) flags.add(argument.option)
      else values.set(argument.option, argument.value)
    }
    const unknown = [...flags].find((flag) => !['-b', '-c', '-i', '-H'].includes(flag))
    if (unknown !== undefined) {
      call.note(fillIn(call.words.optionNotHere, { program: 'top', option: unknown }))
      return 1
    }
    new Top(call, {
      batch: flags.has('-b') || !call.tty,
      rounds: Number(values.get('-n') ?? Infinity) || Infinity,
      delay: Math.max(0.1, Number(values.get('-d') ?? 3) || 3) * 1000,
      pids: values.get('-p')?.split(',').map(Number),
      whole: flags.has('-c'),
      byMemory: /mem|res/i.test(values.get('-o') ?? ''),
    }).start()
    return undefined
  },
}

interface Options {
  readonly batch: boolean
  readonly rounds: number
  readonly delay: number
  readonly pids: readonly number[] | undefined
  whole: boolean
  byMemory: boolean
}

class Top {
  readonly #call: ProgramContext
  readonly #options: Options
  #last: Look | undefined
  #round = 0

  constructor(call: ProgramContext, options: Options) {
    this.#call = call
    this.#options = options
  }

  start(): void {
    const call = this.#call
    if (!this.#options.batch) {
      call.out('\x1b[?25l\x1b[H\x1b[2J')
      call.keys((key) => {
        if (key.key !== 'text') return
        const last = key.text.at(-1)
        if (last === 'q') return this.#leave()
        if (last === 'M') this.#options.byMemory = true
        if (last === 'P') this.#options.byMemory = false
        if (last === 'c') this.#options.whole = !this.#options.whole
        this.#draw()
      })
      call.on('INT', () => this.#leave())
    }
    this.#show()
  }

  #leave(): void {
    this.#call.out('\x1b[?25h\n')
    this.#call.exit(0)
  }

  #show(): void {
    this.#round += 1
    this.#draw()
    this.#last = look(this.#call)
    if (this.#round >= this.#options.rounds) return this.#options.batch ? this.#call.exit(0) : this.#leave()
    this.#call.after(this.#options.delay, () => this.#show())
  }

  #draw(): void {
    const { batch } = this.#options
    const lines = this.#lines()
    if (batch) this.#call.out(`${this.#round > 1 ? '\n' : ''}${lines.join('\n')}\n`)
    else {
      const shown = lines.slice(0, Math.max(8, this.#call.rows - 1))
      this.#call.out(`\x1b[H${shown.map((line) => `${line}\x1b[K\n`).join('')}\x1b[J`)
    }
  }

  #lines(): string[] {
    const call = this.#call
    const { colors } = call
    const { batch, pids, byMemory } = this.#options
    const columns = batch && !call.tty ? 512 : call.columns
    const all = running(call).filter(({ pid }) => pids === undefined || pids.includes(pid))
    const used = (process: ProcessInfo): number => this.#share(process)
    const sorted = all.toSorted((a, b) =>
      byMemory ? b.memory - a.memory || a.pid - b.pid : used(b) - used(a) || a.pid - b.pid,
    )
    const head = '    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND'
    const title = colors && !batch ? `\x1b[7m${head.padEnd(columns)}\x1b[0m` : head
    return [
      ...[`top -${upLine(call)}`, tasks(all), this.#processors(), ...memoryLines(call), ''].map((line) =>
        clip(line, columns),
      ),
      title,
      ...sorted.map((process) => clip(this.#row(process), columns)),
    ]
  }

  #share(process: ProcessInfo): number {
    const { now } = this.#call.system
    const last = this.#last
    const before = last?.cpu.get(process.pid) ?? 0
    const since = last === undefined ? process.startedAt : Math.max(last.at, process.startedAt)
    return now <= since ? 0 : ((process.cpu - before) / (now - since)) * 100
  }

  #row(process: ProcessInfo): string {
    const { total } = this.#call.system.memory()
    const command = this.#options.whole ? process.command : commandName(process)
    return [
      String(process.pid).padStart(7),
      process.user.slice(0, 8).padEnd(8),
      '20'.padStart(3),
      '0'.padStart(3),
      size(process.virtual, 7),
      size(process.memory, 6),
      size(process.shared, 6),
      process.state,
      this.#share(process).toFixed(1).padStart(5),
      ((process.memory / total) * 100).toFixed(1).padStart(5),
      hundredths(process.cpu).padStart(9),
      command,
    ].join(' ')
  }

  #processors(): string {
    const now = look(this.#call)
    const busy = now.busy - (this.#last?.busy ?? 0)
    const idle = now.idle - (this.#last?.idle ?? 0)
    const user = (busy / Math.max(1e-9, busy + idle)) * 100
    const cell = (value: number): string => value.toFixed(1).padStart(5)
    const free = 100 - user
    return `%Cpu(s):${cell(user)} us,  0.0 sy,  0.0 ni,${cell(free)} id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st`
  }
}

function look({ system }: ProgramContext): Look {
  const { busy, idle } = system.processor()
  return { at: system.now, cpu: new Map(system.processes().map(({ pid, cpu }) => [pid, cpu])), busy, idle }
}

function tasks(all: readonly ProcessInfo[]): string {
  const count = (...states: readonly string[]): string =>
    String(all.filter(({ state }) => states.includes(state)).length).padStart(3)
  return `Tasks: ${String(all.length).padStart(3)} total, ${count('R')} running, ${count('S', 'D')} sleeping, ${count('T')} stopped, ${count('Z')} zombie`
}

function memoryLines({ system }: ProgramContext): string[] {
  const memory = system.memory()
  const mib = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1).padStart(8)
  return [
    `MiB Mem :${mib(memory.total)} total,${mib(memory.free)} free,${mib(memory.used)} used,${mib(memory.cache)} buff/cache`,
    `MiB Swap:${mib(memory.swapTotal)} total,${mib(memory.swapTotal - memory.swapUsed)} free,${mib(memory.swapUsed)} used.${mib(memory.available)} avail Mem`,
  ]
}

/** KiB as long as they fit, then `1.2g`. */
function size(bytes: number, width: number): string {
  const kib = String(Math.round(bytes / 1024))
  if (kib.length <= width) return kib.padStart(width)
  const mib = `${(bytes / 1024 ** 2).toFixed(1)}m`
  return (mib.length <= width ? mib : `${(bytes / 1024 ** 3).toFixed(1)}g`).padStart(width)
}

/** `0:03.52`. */
function hundredths(ms: number): string {
  const total = Math.floor(ms / 10)
  return `${Math.floor(total / 6000)}:${String(Math.floor(total / 100) % 60).padStart(2, '0')}.${String(total % 100).padStart(2, '0')}`
}
