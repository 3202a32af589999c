import type { FitAddon } from '@xterm/addon-fit'
import type { Terminal } from '@xterm/xterm'
import { BoundedOutput } from './bounded-output.ts'
import { OutputQueue } from './output-queue.ts'
import { themeOf } from './theme.ts'
import { widths } from './widths.ts'

/** What a screen reports. */
export interface ScreenListener {
  /** Something was typed or pasted, encoded as a terminal sends it. */
  readonly onData: (data: string) => void
  /** Whether Tab should move the focus now instead of completing. */
  readonly tabMoves: () => boolean
  /** Ctrl+M, which turns that on and off. */
  readonly onToggleTab: () => void
  /** Escape was pressed: the next Tab moves the focus. */
  readonly onEscape: () => void
}

export interface ScreenOptions {
  readonly label: string
  readonly tooMuch: string
  readonly screenReader: boolean
  readonly fontSize: number
}

/** A terminal emulator on the page. */
export class Screen {
  readonly #terminal: Terminal
  readonly #fit: FitAddon
  readonly #host: HTMLElement
  readonly #output: BoundedOutput
  readonly #queue: OutputQueue

  private constructor(terminal: Terminal, fit: FitAddon, host: HTMLElement) {
    this.#terminal = terminal
    this.#fit = fit
    this.#host = host
    this.#output = new BoundedOutput(() => ({ rows: this.rows, columns: this.columns }))
    this.#queue = new OutputQueue(
      (text) => this.#output.take(text),
      (text, shown) => terminal.write(text, shown),
    )
  }

  /** Loads the emulator and opens it in `host`. Its style sheet must be loaded before. */
  static async open(host: HTMLElement, options: ScreenOptions, listener: ScreenListener): Promise<Screen> {
    const [{ Terminal }, { FitAddon }] = await Promise.all([
      import('@xterm/xterm'),
      import('@xterm/addon-fit'),
    ])
    const style = getComputedStyle(host)
    const terminal = new Terminal({
      allowProposedApi: true,
      convertEol: true,
      cursorInactiveStyle: 'outline',
      fontFamily: style.fontFamily,
      fontSize: options.fontSize,
      lineHeight: 1.25,
      // Links do nothing: the URLs are those of the simulated machine.
      linkHandler: { activate: () => undefined },
      minimumContrastRatio: 4.5,
      screenReaderMode: options.screenReader,
      scrollback: 3000,
      theme: themeOf(host),
    })
    const fit = new FitAddon()
    terminal.loadAddon(fit)
    terminal.unicode.register(widths)
    terminal.unicode.activeVersion = widths.version
    Terminal.strings.promptLabel = options.label
    Terminal.strings.tooMuchOutput = options.tooMuch
    terminal.open(host)
    terminal.textarea?.setAttribute('aria-label', options.label)
    terminal.onData(listener.onData)
    const screen = new Screen(terminal, fit, host)
    terminal.attachCustomKeyEventHandler((event) => screen.#key(event, listener))
    screen.#scrollByTouch()
    // A paste of several lines is shown before it runs.
    terminal.write('\x1b[?2004h')
    return screen
  }

  /** Shows a program's output, without parts that would keep the emulator busy for ever. */
  write(text: string): void {
    this.#queue.push(text)
  }

  /** Empties the screen and its scrollback. */
  reset(): void {
    this.#queue.clear()
    this.#output.reset()
    this.#terminal.reset()
    this.#terminal.write('\x1b[?2004h')
  }

  focus(): void {
    this.#terminal.focus()
  }

  get columns(): number {
    return this.#terminal.cols
  }

  get rows(): number {
    return this.#terminal.rows
  }

  /** Fits rows and columns into the element; returns whether the columns changed. */
  fit(): boolean {
    const before = this.#terminal.cols
    const size = this.#fit.proposeDimensions()
    if (size === undefined || !(size.cols > 1) || !(size.rows > 1)) return false
    this.#terminal.resize(Math.max(20, size.cols), size.rows)
    return this.#terminal.cols !== before
  }

  /** Whether keys are taken; on a phone an input takes them. */
  set takesKeys(takes: boolean) {
    this.#terminal.options.disableStdin = !takes
    this.#terminal.options.cursorInactiveStyle = takes ? 'outline' : 'none'
    const { textarea } = this.#terminal
    if (textarea === undefined) return
    textarea.tabIndex = takes ? 0 : -1
    textarea.ariaHidden = takes ? null : 'true'
  }

  set screenReader(on: boolean) {
    this.#terminal.options.screenReaderMode = on
  }

  set fontSize(size: number) {
    this.#terminal.options.fontSize = size
  }

  /** Takes the page's colours, after its theme has changed. */
  recolor(): void {
    this.#terminal.options.theme = themeOf(this.#host)
  }

  /** All lines of the screen and its scrollback, wrapped ones joined. */
  get text(): string {
    const buffer = this.#terminal.buffer.active
    const lines: string[] = []
    for (let index = 0; index < buffer.length; index++) {
      const line = buffer.getLine(index)
      if (line === undefined) continue
      const next = buffer.getLine(index + 1)
      const wraps = next?.isWrapped === true
      // A wide character that did not fit has left the last cell of its row empty.
      const short =
        wraps && line.getCell(line.length - 1)?.getChars() === '' && next.getCell(0)?.getWidth() === 2
      const text = line.translateToString(!wraps, 0, short ? line.length - 1 : line.length)
      if (line.isWrapped && lines.length > 0) lines[lines.length - 1] += text
      else lines.push(text)
    }
    return lines.join('\n').trimEnd()
  }

  dispose(): void {
    this.#queue.clear()
    this.#terminal.dispose()
  }

  /** `false` keeps a key from the emulator: the browser handles it. */
  #key(event: KeyboardEvent, listener: ScreenListener): boolean {
    if (event.type !== 'keydown') return true
    const { key, ctrlKey, shiftKey, altKey, metaKey } = event
    if (key === 'Tab' && !ctrlKey && !altKey && !metaKey) return !(shiftKey || listener.tabMoves())
    if (key === 'Escape') listener.onEscape()
    if (metaKey) return true
    const letter = key.toLowerCase()
    if (ctrlKey && !altKey && !shiftKey && letter === 'm') {
      event.preventDefault()
      listener.onToggleTab()
      return false
    }
    if (ctrlKey && letter === 'c' && (shiftKey || this.#terminal.hasSelection())) {
      if (shiftKey) {
        // Otherwise it opens the browser's developer tools.
        event.preventDefault()
        document.execCommand('copy')
      }
      return false
    }
    const pastes = (ctrlKey && letter === 'v') || (shiftKey && key === 'Insert')
    return !pastes
  }

  /** A finger scrolls the output; at its ends it scrolls the page. */
  #scrollByTouch(): void {
    let last: number | undefined
    this.#host.addEventListener('touchstart', (event) => {
      last = event.touches[0]?.clientY
    })
    this.#host.addEventListener(
      'touchmove',
      (event) => {
        const y = event.touches[0]?.clientY
        if (last === undefined || y === undefined || this.#terminal.rows === 0) return
        const lines = Math.trunc((last - y) / (this.#host.clientHeight / this.#terminal.rows))
        if (lines === 0) return
        const buffer = this.#terminal.buffer.active
        const room = lines > 0 ? buffer.baseY - buffer.viewportY : buffer.viewportY
        if (room === 0) return
        this.#terminal.scrollLines(lines)
        last = y
        event.preventDefault()
      },
      { passive: false },
    )
  }
}
