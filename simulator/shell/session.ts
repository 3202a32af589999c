import type { System } from '../machine/system.ts'
import { stripAnsi } from '../terminal/index.ts'
import { complete } from './complete.ts'
import { DrawnLine } from './editor/drawn-line.ts'
import { edit, newEditor, withText, type Editor, type EditorAction } from './editor/editor.ts'
import type { Key } from './editor/keys.ts'
import { recall } from './editor/recall.ts'
import { CLEAR } from './programs/small.ts'
import type { InputMode } from './run/tty.ts'
import type { SessionOptions } from './session-options.ts'
import { Shell, type ForegroundKind } from './shell.ts'

export type { Hint } from './session-options.ts'

const PROMPT = '$ '
const COLORED_PROMPT = '\x1b[90m$\x1b[0m '
/** bash's prompt for more lines (PS2). */
const MORE = '> '

/**
 * One terminal of the page: a line editor in front of a shell. A committed line is written to the machine (`System.write`) and comes back
 * from its trace through `print`; only the line being typed is drawn here.
 */
export class Session {
  #shell: Shell
  readonly #options: SessionOptions
  readonly #system: System
  #editor: Editor = newEditor()
  #ready = false
  #lost = false
  /** The layout of the line being typed. */
  readonly #drawn = new DrawnLine()
  /** Whether the last output ended with a line end. */
  #fresh = true
  #columns: number
  #rows: number | undefined
  #drawsLine: boolean
  /** A line that was inserted while a program was in the foreground. */
  #waiting: { readonly text: string; readonly runs: boolean } | undefined
  /** Lines of a command that is not complete yet, and how long the history was before them. */
  #begun: { readonly text: string; readonly entries: number } | undefined
  /** Keys typed while a program runs: the next prompt gets them, as on a real terminal. */
  #ahead: Key[] = []

  constructor(options: SessionOptions) {
    this.#options = options
    this.#system = options.system
    this.#columns = options.columns
    this.#rows = options.rows
    this.#drawsLine = options.drawsLine ?? true
    this.#shell = this.#newShell()
  }

  /** The shell that runs the lines; a new one is started when it has ended. */
  get shell(): Shell {
    return this.#shell
  }

  #newShell(): Shell {
    return new Shell({
      ...this.#options,
      columns: this.#columns,
      ...(this.#rows === undefined ? {} : { rows: this.#rows }),
      onReady: (jobs) => this.#prompt(jobs),
      onLeave: (lost) => this.#left(lost),
    })
  }

  /** The shell has ended: by itself, or because the connection is gone. */
  #left(lost: boolean): void {
    this.#options.screen(this.#drawn.undraw())
    this.#ready = false
    this.#begun = undefined
    this.#ahead.length = 0
    if (lost) return this.#hangUp()
    if (this.#options.onExit !== undefined) {
      this.#options.onExit()
      return this.#options.onChange?.()
    }
    this.#options.onHint?.('stay-open')
    this.#shell = this.#newShell()
    this.#prompt()
  }

  /** Shows the first prompt. */
  start(): void {
    this.#prompt()
  }

  /** The connection is lost: prints what ssh prints. Enter connects again. */
  #hangUp(): void {
    const { terminal, words } = this.#options
    this.#lost = true
    this.#editor = withText(this.#editor, '')
    this.#system.write(terminal, `${this.#fresh ? '' : '\n'}Connection to server closed by remote host.\n`)
    this.#system.write(terminal, `# ${words.connectAgain}\n`)
    this.#options.onChange?.()
  }

  /** Enter after the connection was lost: logs in again, if the machine is up. */
  #connect(): boolean {
    const { terminal } = this.#options
    this.#system.write(terminal, '$ ssh server\n')
    if (!this.#system.up) {
      this.#system.write(terminal, 'ssh: connect to host server port 22: Connection refused\n')
      return false
    }
    this.#lost = false
    this.#shell = this.#newShell()
    this.#prompt()
    return true
  }

  /** Whether the connection is gone: Enter connects again. */
  get lost(): boolean {
    return this.#lost
  }

  /** The line being typed, for an input that shows it. */
  get line(): { readonly text: string; readonly cursor: number } {
    return this.#editor
  }

  /** The text that Ctrl+R searches for, during a search. */
  get searching(): string | undefined {
    return this.#editor.search?.query
  }

  get foreground(): ForegroundKind {
    return this.#shell.foreground
  }

  /** Prints output of the machine. */
  print(text: string): void {
    const drawn = this.#drawn.undraw()
    this.#options.screen(drawn + text)
    const plain = stripAnsi(text)
    if (plain !== '') this.#fresh = plain.endsWith('\n')
    if (!this.#ready) {
      if (this.#reading === 'lines') this.#draw()
      return
    }
    // The line being typed begins on a row of its own; the break comes back here through the trace.
    if (this.#fresh) this.#draw()
    else this.#system.write(this.#options.terminal, '\n')
  }

  /** Takes a key. */
  key(key: Key): void {
    if (this.#lost) {
      if (key.key === 'enter') this.#connect()
      return
    }
    if (this.#shell.over) return
    if (!this.#ready) {
      this.#keyWhileBusy(key)
    } else {
      const { editor, action } = edit(this.#editor, key)
      const submitted = action?.type === 'submit' || action?.type === 'interrupt'
      const before = this.#editor
      this.#editor = editor
      if (action !== undefined) this.#apply(action, before)
      if (!submitted) this.#redraw()
    }
    this.#options.onChange?.()
  }

  /** Whether an inserted line waits for the prompt. */
  get isWaiting(): boolean {
    return this.#waiting !== undefined
  }

  /** Puts a command into the line; `runs`: and runs it. Returns `false` when a program is in the foreground: then it waits for the prompt. */
  insert(text: string, runs = false): boolean {
    const ready = this.#ready
    if (ready) {
      this.#editor = withText(this.#editor, text)
      this.#redraw()
      if (runs) this.key({ key: 'enter' })
    } else {
      this.#waiting = { text, runs }
    }
    this.#options.onChange?.()
    return ready
  }

  /** Types a command and runs it. Returns `false` when a program is in the foreground. */
  enter(text: string): boolean {
    if (this.#lost && (!this.#connect() || text === '')) return !this.#lost
    return this.insert(text, this.#ready)
  }

  /** Sets the line after an input element has changed it. */
  setLine(text: string, cursor: number): void {
    if (!this.#ready) return
    this.#editor = { ...withText(this.#editor, text, cursor), tabs: 0 }
    this.#redraw()
  }

  resize(columns: number, rows?: number): void {
    const same = this.#columns === columns
    this.#columns = columns
    this.#shell.columns = columns
    if (rows !== undefined) this.#rows = this.#shell.rows = rows
    if (!this.#drawn.there || same) return
    this.#drawn.rewrapped(this.#prefix, this.#editor, columns)
    this.#redraw()
  }

  set drawsLine(draws: boolean) {
    if (this.#drawsLine === draws) return
    if (!draws) this.#options.screen(this.#drawn.undraw())
    this.#drawsLine = draws
    if (this.#ready) this.#draw()
  }

  #prompt(jobs: readonly string[] = []): void {
    if (this.#drawn.there) this.#options.screen(this.#drawn.undraw())
    if (!this.#fresh) this.#system.write(this.#options.terminal, '\n')
    for (const job of jobs) this.#system.write(this.#options.terminal, job)
    this.#ready = true
    // Keys that the program has not read.
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting === undefined) this.#editor = { ...this.#editor, search: undefined }
    else this.#editor = withText(this.#editor, waiting.text)
    this.#redraw()
    this.#options.onChange?.()
    if (waiting?.runs === true) return this.key({ key: 'enter' })
    for (const key of this.#ahead.splice(0)) this.key(key)
  }

  /** While a program runs, the terminal takes Ctrl+C, Ctrl+Z and Ctrl+\; other keys are kept for the next prompt. */
  #keyWhileBusy(key: Key): void {
    switch (key.key) {
      case 'interrupt':
        this.#ahead.length = 0
        this.#forget()
        return this.#shell.interrupt()
      case 'suspend':
        this.#forget()
        return this.#shell.suspend()
      case 'quit':
        this.#forget()
        return this.#shell.quit()
    }
    if (this.#reading === 'keys') return this.#shell.pressed(key)
    if (this.#reading === 'lines') return this.#keyForProgram(key)
    switch (key.key) {
      case 'text':
      case 'paste':
        this.#ahead.push(key)
        return this.#options.onHint?.('busy')
      default:
        // Enter alone, pressed for a blank line, would only print extra prompts later.
        if (this.#ahead.length > 0) this.#ahead.push(key)
        if (key.key === 'enter') this.#options.onHint?.('busy')
    }
  }

  get #reading(): InputMode {
    return this.#shell.reading
  }

  /** Discards what was typed for a program. */
  #forget(): void {
    if (!this.#drawn.there) return
    this.#options.screen(this.#drawn.undraw())
    this.#editor = withText(this.#editor, '')
  }

  /** The terminal edits the line that a program reads, like the line discipline of a real one. */
  #keyForProgram(key: Key): void {
    if (key.key === 'end-of-file' && this.#editor.text === '') return this.#shell.endOfInput()
    if (key.key === 'tab' || key.key === 'up' || key.key === 'down' || key.key === 'search') return
    const { history } = this.#editor
    const { editor, action } = edit(this.#editor, key)
    this.#editor = { ...editor, history, at: history.length }
    if (action?.type !== 'submit') return this.#redraw()
    this.#options.screen(this.#drawn.undraw())
    this.#system.write(this.#options.terminal, `${action.line}\n`)
    this.#shell.typed(`${action.line}\n`)
    if (!this.#ready && this.#reading === 'lines') this.#draw()
  }

  #apply(action: EditorAction, before: Editor): void {
    switch (action.type) {
      case 'submit':
        return this.#submit(action.line)
      case 'interrupt':
        this.#commit(`${before.text}^C`)
        this.#giveUpBegun()
        return this.#prompt()
      case 'end-of-file':
        if (this.#options.onExit === undefined) return this.#options.onHint?.('stay-open')
        this.#commit('exit')
        if (!this.#shell.exit()) this.#prompt()
        return
      case 'suspend':
        return this.#options.onHint?.('suspend')
      case 'clear':
        this.#options.screen(this.#drawn.undraw())
        return this.#system.write(this.#options.terminal, CLEAR)
      case 'complete':
        return this.#complete(action.list)
    }
  }

  #submit(line: string): void {
    this.#commit(line)
    const begun = this.#begun
    const whole = begun === undefined ? line : `${begun.text}\n${line}`
    const text = recall(whole, this.#editor.history)
    if (text === undefined) return this.#prompt(['bash: !!: history expansion failed\n'])
    // As in bash, the result is shown before it runs.
    if (text !== whole) this.#system.write(this.#options.terminal, `${text}\n`)
    const entries =
      begun?.entries ?? this.#editor.history.length - (this.#editor.history.at(-1) === line ? 1 : 0)
    if (Shell.isIncomplete(text)) {
      this.#begun = { text, entries }
      return this.#prompt()
    }
    if (begun !== undefined || text !== line)
      this.#remember([...this.#editor.history.slice(0, entries), text])
    this.#begun = undefined
    this.#shell.run(text, this.#editor.history)
  }

  #remember(history: readonly string[]): void {
    this.#editor = { ...this.#editor, history, at: history.length }
  }

  #giveUpBegun(): void {
    if (this.#begun === undefined) return
    this.#remember(this.#editor.history.slice(0, this.#begun.entries))
    this.#begun = undefined
  }

  /** The line is committed: it becomes part of the terminal's output. */
  #commit(text: string): void {
    this.#options.screen(this.#drawn.undraw())
    this.#ready = false
    this.#system.write(this.#options.terminal, `${this.#prompted}${text}\n`)
  }

  #complete(list: boolean): void {
    const { text, cursor } = this.#editor
    const source = {
      system: this.#system,
      commands: this.#shell.commands,
      cwd: this.#shell.cwd,
      variables: this.#shell.variables,
      jobs: this.#shell.jobs.length,
      words: this.#options.completions ?? {},
    }
    const completion = complete(text, cursor, source)
    if (list && completion.candidates.length > 1) {
      // Drawn by the editor, like the line: it is not output of the machine.
      const listed = `${this.#prompted}${text}\n${completion.candidates.join('  ')}\n`
      this.#options.screen(this.#drawn.undraw() + listed)
    }
    const next = text.slice(0, completion.start) + completion.text + text.slice(cursor)
    const tabs = this.#editor.tabs
    this.#editor = { ...withText(this.#editor, next, completion.start + completion.text.length), tabs }
  }

  #redraw(): void {
    const gone = this.#drawn.undraw()
    if (gone !== '') this.#options.screen(gone)
    this.#draw()
  }

  #draw(): void {
    if (!this.#drawsLine || this.#drawn.there) return
    this.#options.screen(this.#drawn.draw(this.#prefix, this.#editor, this.#columns))
  }

  get #prompted(): string {
    if (!this.#ready && this.#reading === 'lines') return ''
    if (this.#begun !== undefined) return MORE
    return this.#options.colors ? COLORED_PROMPT : PROMPT
  }

  /** The text before the line: the prompt, or bash's prefix of a search. */
  get #prefix(): string {
    const { search } = this.#editor
    return search === undefined ? this.#prompted : `(reverse-i-search)\`${search.query}': `
  }
}
