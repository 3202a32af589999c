import type { System } from '../machine/system.ts'
import { stripAnsi } from '../terminal/index.ts'
import { complete } from './complete.ts'
import { edit, newEditor, withText, type Editor, type EditorAction } from './editor/editor.ts'
import type { Key } from './editor/keys.ts'
import { erase, layout, show, type Layout } from './editor/layout.ts'
import { CLEAR } from './programs/small.ts'
import type { Reading } from './run/tty.ts'
import { Shell, type Foreground, type ShellOptions } from './shell.ts'

/** What a session shows itself on. */
export interface SessionOptions extends Omit<ShellOptions, 'onReady' | 'onLeave'> {
  /** Takes what is to be shown, with escapes: a terminal emulator's `write`. */
  readonly screen: (text: string) => void
  /** What belongs to commands, for Tab: options, the application's name, addresses. */
  readonly completions?: Readonly<Record<string, readonly string[]>>
  /** Whether the line being typed is drawn on the screen; not when it stands in an input of its own. */
  readonly drawsLine?: boolean
  /** Called after every change of the line or of what holds the terminal. */
  readonly onChange?: () => void
  /** Called when something cannot be done and a sentence outside the terminal should say why. */
  readonly onHint?: (hint: Hint) => void
  /** Called when the shell has ended (`exit`, Ctrl+D, a signal). Without it the terminal stays open, with a new shell. */
  readonly onExit?: () => void
}

/** Why a key did nothing: something holds the terminal; nothing runs that could be stopped; the terminal stays open. */
export type Hint = 'busy' | 'suspend' | 'stay-open'

const PROMPT = '$ '
const COLORED_PROMPT = '\x1b[90m$\x1b[0m '
/** What bash asks for more lines with. */
const MORE = '> '

/**
 * One terminal of the page: a line editor in front of a shell. What is committed goes to the machine (`System.write`) and
 * comes back from its trace through `print`; only the line being typed is drawn from here.
 */
export class Session {
  #shell: Shell
  readonly #options: SessionOptions
  readonly #system: System
  #editor: Editor = newEditor()
  #ready = false
  #lost = false
  /** Where the line being typed stands on the screen. */
  #drawn: Layout | undefined
  /** Whether the last thing printed ended its line. */
  #fresh = true
  #columns: number
  #rows: number | undefined
  #drawsLine: boolean
  /** A line put here from outside while something held the terminal. */
  #waiting: string | undefined
  /** Lines of a command that is not complete yet, and how long the history was before them. */
  #begun: { readonly text: string; readonly entries: number } | undefined
  /** What was typed meanwhile: the next prompt gets it, as from a real terminal. */
  #ahead: Key[] = []

  constructor(options: SessionOptions) {
    this.#options = options
    this.#system = options.system
    this.#columns = options.columns
    this.#rows = options.rows
    this.#drawsLine = options.drawsLine ?? true
    this.#shell = this.#newShell()
  }

  /** The shell behind the line: another one after it has ended. */
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
    this.#options.screen(this.#undraw())
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

  /** What ssh says when the other side is gone; nothing is typed to anybody until one connects again. */
  #hangUp(): void {
    const { terminal, words } = this.#options
    this.#lost = true
    this.#editor = withText(this.#editor, '')
    this.#system.write(terminal, `${this.#fresh ? '' : '\n'}Connection to server closed by remote host.\n`)
    this.#system.write(terminal, `# ${words.connectAgain}\n`)
    this.#options.onChange?.()
  }

  /** Enter after the connection was lost: another login, when the machine is up. */
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

  /** What Ctrl+R looks for, while it does. */
  get searching(): string | undefined {
    return this.#editor.search?.query
  }

  get foreground(): Foreground {
    return this.#shell.foreground
  }

  /** Takes output of the machine for this terminal. */
  print(text: string): void {
    const drawn = this.#undraw()
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
      if (action !== undefined) this.#act(action, before)
      if (!submitted) this.#redraw()
    }
    this.#options.onChange?.()
  }

  /** Puts a command into the line, not run; it waits when something holds the terminal, and the answer is then false. */
  insert(text: string): boolean {
    if (this.#ready) {
      this.#editor = withText(this.#editor, text)
      this.#redraw()
    } else {
      this.#waiting = text
    }
    this.#options.onChange?.()
    return this.#ready
  }

  /** Types a command and runs it, as Enter would. False when something holds the terminal. */
  enter(text: string): boolean {
    if (this.#lost && (!this.#connect() || text === '')) return !this.#lost
    if (!this.insert(text)) return false
    this.key({ key: 'enter' })
    return true
  }

  /** The line as an input shows it, changed by that input. */
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
    if (this.#drawn === undefined || same) return
    // The terminal has wrapped the line anew; its rows are those of the new width.
    this.#drawn = this.#measure()
    this.#redraw()
  }

  set drawsLine(draws: boolean) {
    if (this.#drawsLine === draws) return
    if (!draws) this.#options.screen(this.#undraw())
    this.#drawsLine = draws
    if (this.#ready) this.#draw()
  }

  #prompt(jobs: readonly string[] = []): void {
    if (this.#drawn !== undefined) this.#options.screen(this.#undraw())
    if (!this.#fresh) this.#system.write(this.#options.terminal, '\n')
    for (const job of jobs) this.#system.write(this.#options.terminal, job)
    this.#ready = true
    // What was typed for a program that has not taken it.
    if (this.#waiting === undefined) this.#editor = { ...this.#editor, search: undefined }
    if (this.#waiting !== undefined) this.#editor = withText(this.#editor, this.#waiting)
    this.#waiting = undefined
    this.#redraw()
    this.#options.onChange?.()
    for (const key of this.#ahead.splice(0)) this.key(key)
  }

  /** While something runs, the terminal takes Ctrl+C; the rest is kept for the next prompt, as a real one does. */
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
        // Enter alone, pressed for a blank line, would only give prompts later.
        if (this.#ahead.length > 0) this.#ahead.push(key)
        if (key.key === 'enter') this.#options.onHint?.('busy')
    }
  }

  get #reading(): Reading {
    return this.#shell.reading
  }

  /** What was being typed for a program is gone. */
  #forget(): void {
    if (this.#drawn === undefined) return
    this.#options.screen(this.#undraw())
    this.#editor = withText(this.#editor, '')
  }

  /** The terminal edits the line that a program reads, as the line discipline of a real one does. */
  #keyForProgram(key: Key): void {
    if (key.key === 'end-of-file' && this.#editor.text === '') return this.#shell.endOfInput()
    if (key.key === 'tab' || key.key === 'up' || key.key === 'down' || key.key === 'search') return
    const { history } = this.#editor
    const { editor, action } = edit(this.#editor, key)
    this.#editor = { ...editor, history, at: history.length }
    if (action?.type !== 'submit') return this.#redraw()
    this.#options.screen(this.#undraw())
    this.#system.write(this.#options.terminal, `${action.line}\n`)
    this.#shell.typed(`${action.line}\n`)
    if (!this.#ready && this.#reading === 'lines') this.#draw()
  }

  #act(action: EditorAction, before: Editor): void {
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
        this.#options.screen(this.#undraw())
        return this.#system.write(this.#options.terminal, CLEAR)
      case 'complete':
        return this.#complete(action.list)
    }
  }

  #submit(line: string): void {
    this.#commit(line)
    const begun = this.#begun
    const text = this.#recalled(begun === undefined ? line : `${begun.text}\n${line}`)
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

  /** `!!` is the line before, `!$` its last word; what comes of it is shown, as bash does. */
  #recalled(line: string): string {
    const { history } = this.#editor
    const before = history.findLast((each) => each !== line)
    if (before === undefined || !/(^|[\s;&|])!(!|\$)/.test(line)) return line
    const text = line.replaceAll(/(^|[\s;&|])!(!|\$)/g, (_, start: string, what: string) => {
      return start + (what === '!' ? before : (/\S+$/.exec(before)?.[0] ?? ''))
    })
    this.#system.write(this.#options.terminal, `${text}\n`)
    return text
  }

  #giveUpBegun(): void {
    if (this.#begun === undefined) return
    this.#remember(this.#editor.history.slice(0, this.#begun.entries))
    this.#begun = undefined
  }

  /** The line is over: it becomes part of what the terminal has shown. */
  #commit(text: string): void {
    this.#options.screen(this.#undraw())
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
      // The editor's own, like the line: the machine does not hear of it.
      const listed = `${this.#prompted}${text}\n${completion.candidates.join('  ')}\n`
      this.#options.screen(this.#undraw() + listed)
    }
    const next = text.slice(0, completion.start) + completion.text + text.slice(cursor)
    const tabs = this.#editor.tabs
    this.#editor = { ...withText(this.#editor, next, completion.start + completion.text.length), tabs }
  }

  #redraw(): void {
    const gone = this.#undraw()
    if (gone !== '') this.#options.screen(gone)
    this.#draw()
  }

  #draw(): void {
    if (!this.#drawsLine || this.#drawn !== undefined) return
    const { text, search } = this.#editor
    const next = this.#measure()
    this.#options.screen(show((search === undefined ? this.#prompted : this.#searchPrompt) + text, next))
    this.#drawn = next
  }

  get #prompted(): string {
    if (!this.#ready && this.#reading === 'lines') return ''
    if (this.#begun !== undefined) return MORE
    return this.#options.colors ? COLORED_PROMPT : PROMPT
  }

  /** bash's words for a search. */
  get #searchPrompt(): string {
    return `(reverse-i-search)\`${this.#editor.search?.query ?? ''}': `
  }

  #measure(): Layout {
    const { text, cursor, search } = this.#editor
    const prompt = search === undefined ? stripAnsi(this.#prompted) : this.#searchPrompt
    return layout(prompt + text, prompt.length + cursor, this.#columns)
  }

  #undraw(): string {
    const drawn = this.#drawn
    this.#drawn = undefined
    return drawn === undefined ? '' : erase(drawn)
  }
}
