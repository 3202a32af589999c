import { figureOf } from './all/index.ts'
import { draw } from './draw.ts'
import type { Figure } from './figure.ts'
import type { Row } from './rows.ts'
import { runPlan } from './run.ts'
import { scene } from './scene.ts'
import { observe } from './observe.ts'
import { namesOf, measureText, type FigureTexts } from './words.ts'

/** The wall-clock time in which a figure plays its whole run, in ms. */
const TAKES = 7000
/** With reduced motion a figure advances in this many steps. */
const STEPS = 10

interface Shown {
  readonly rows: readonly Row[]
  readonly from: number
  readonly until: number
}

/** A figure (src/components/Figure.astro), whose markup shows the end of a run. Its button plays the run, its control makes another one. */
export class SmallFigure extends HTMLElement {
  #figure: Figure | undefined
  #words: FigureTexts | undefined
  #shown: Shown | undefined
  #value: string | undefined
  /** The moment that is shown, in virtual ms. */
  #now = Infinity
  #frame: number | undefined
  /** Counts the requested runs: only the latest is shown. */
  #asked = 0

  connectedCallback(): void {
    this.#figure = figureOf(this.dataset['figure'] ?? '')
    this.#words = JSON.parse(this.#find('[data-words]').textContent) as FigureTexts
    this.#button.addEventListener('click', () => void this.#press())
    this.#find('[data-control]').addEventListener('input', () => void this.#change())
    if (reduces()) this.#button.textContent = this.#words.common.step
  }

  disconnectedCallback(): void {
    this.#halt()
  }

  #find<T extends Element = HTMLElement>(selector: string): T {
    const found = this.querySelector<T>(selector)
    if (found === null) throw new Error(`Expected a figure to have ${selector}.`)
    return found
  }

  get #button(): HTMLButtonElement {
    return this.#find('[data-play]')
  }

  get #chosen(): string {
    return this.#find<HTMLInputElement>('[data-control] input:is([type=range], :checked)').value
  }

  async #press(): Promise<void> {
    if (this.#frame !== undefined) return this.#halt()
    const shown = await this.#run()
    if (shown === undefined) return
    const { from, until } = shown
    if (this.#now >= until) this.#now = from
    if (reduces()) this.#show(Math.min(until, this.#now + (until - from) / STEPS))
    else this.#play(shown)
  }

  async #change(): Promise<void> {
    this.#halt()
    if ((await this.#run()) !== undefined) this.#show(Infinity)
  }

  /** The run for the control's value; `undefined` when another was asked for meanwhile. */
  async #run(): Promise<Shown | undefined> {
    const [figure, words, value] = [this.#figure, this.#words, this.#chosen]
    if (figure === undefined || words === undefined) return undefined
    if (this.#shown !== undefined && this.#value === value) return this.#shown
    const asked = ++this.#asked
    const plan = figure.plan(value)
    const { events, from, until } = await runPlan(plan)
    if (asked !== this.#asked) return undefined
    const machine = observe(events)
    this.#value = value
    this.#now = Infinity
    this.#shown = { rows: figure.rows(machine, namesOf(words)), from, until }
    this.#tell(
      value,
      figure.measures(machine).map((measure) => measureText(measure, words).value),
    )
    return this.#shown
  }

  #tell(value: string, measures: readonly string[]): void {
    const slider = this.querySelector('[data-value]')
    if (slider !== null) slider.textContent = value
    this.querySelectorAll('[data-measure]').forEach((place, index) => {
      place.textContent = measures[index] ?? ''
    })
  }

  #play({ from, until }: Shown): void {
    const begun = performance.now() - ((this.#now - from) / (until - from)) * TAKES
    const next = (wall: number): void => {
      this.#show(Math.min(until, from + (Math.max(0, wall - begun) / TAKES) * (until - from)))
      this.#frame = this.#now < until ? requestAnimationFrame(next) : undefined
      this.#name()
    }
    this.#frame = requestAnimationFrame(next)
    this.#name()
  }

  #halt(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    this.#frame = undefined
    this.#name()
  }

  #name(): void {
    const { common } = this.#words ?? {}
    if (common === undefined) return
    const name = reduces() ? common.step : this.#frame === undefined ? common.play : common.pause
    if (this.#button.textContent !== name) this.#button.textContent = name
  }

  #show(now: number): void {
    if (this.#shown === undefined || this.#words === undefined) return
    const { rows, from, until } = this.#shown
    this.#now = Math.min(now, until)
    const { seconds } = this.#words.common
    const picture = this.#find<SVGSVGElement>('svg')
    const { height } = picture.viewBox.baseVal
    draw(picture, scene(rows, { from, until, height, now: this.#now, seconds }))
  }
}

function reduces(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches
}

customElements.define('sw-figure', SmallFigure)
