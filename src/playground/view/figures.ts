import { html, nothing, type TemplateResult } from 'lit'
import { createRef, ref, type Ref } from 'lit/directives/ref.js'
import type { Speech } from '../../machine-view/words.ts'
import { size } from '../../machine-view/size.ts'
import type { Plot, PlotLine } from '../../machine-view/figures/plots.ts'
import type { Measures } from '../../machine-view/figures/measures.ts'
import { seriesOf, SHOWN, type PlotName, type Series } from '../../machine-view/figures/series.ts'
import type { Wording } from '../parts/wording.ts'
import type { PlayWords } from '../words.ts'

const NAMES: readonly PlotName[] = ['requests', 'latency', 'memory', 'processor']

const MB = 1_000_000

const SOLID: readonly number[] = []

/** The panel with plots of the machine's figures, which are loaded lazily. */
export class FiguresPanel {
  readonly #wording: Wording
  readonly #hosts: Readonly<Record<PlotName, Ref<HTMLElement>>> = {
    requests: createRef(),
    latency: createRef(),
    memory: createRef(),
    processor: createRef(),
  }
  #plots: Partial<Record<PlotName, Plot>> = {}
  #open = false
  #table = false
  #version = 0
  #series: Series = { seconds: [], plots: { requests: [], latency: [], memory: [], processor: [] } }
  #shares: readonly { pid: number; count: number }[] = []

  constructor(wording: Wording) {
    this.#wording = wording
  }

  get #words(): PlayWords {
    return this.#wording.words
  }

  get #speech(): Speech {
    return this.#wording.speech
  }

  get open(): boolean {
    return this.#open
  }

  /** Changes when there is something new to show. */
  get version(): number {
    return this.#version
  }

  /** Updates the figures up to a moment; plots are drawn when they are visible. */
  update(
    measures: Measures,
    until: number,
    machine: { readonly cores: number; readonly memory: number },
  ): void {
    if (!this.#open) return
    this.#version += 1
    this.#series = seriesOf(measures, until, machine)
    this.#shares = measures.shares(until)
    for (const name of NAMES) this.#plots[name]?.set(this.#series.seconds, this.#series.plots[name])
  }

  refresh(): void {
    for (const plot of Object.values(this.#plots)) plot.refresh()
  }

  dispose(): void {
    for (const plot of Object.values(this.#plots)) plot.dispose()
    this.#plots = {}
  }

  async #toggle(open: boolean, changed: () => void): Promise<void> {
    if (open === this.#open) return
    this.#open = open
    this.#version += 1
    changed()
    if (!open) return this.dispose()
    const { openPlot } = await import('../../machine-view/figures/plots.ts')
    for (const name of NAMES) {
      const host = this.#hosts[name].value
      if (host === undefined || this.#plots[name] !== undefined || !this.#open) continue
      const lines = this.#lines(name)
      this.#plots[name] = openPlot({ host, title: '', time: this.#words.figures.time, lines })
    }
    changed()
  }

  #lines(name: PlotName): readonly PlotLine[] {
    const text = this.#words.figures
    switch (name) {
      case 'requests':
        return [
          { label: text.answered, color: '--sw-accent', dash: SOLID },
          { label: text.errors, color: '--sw-warn', dash: [2, 2] },
          { label: text.unanswered, color: '--sw-bad', dash: [5, 3] },
        ]
      case 'latency':
        return [
          { label: '50 %', color: '--sw-w1', dash: SOLID },
          { label: '95 %', color: '--sw-w2', dash: [5, 3] },
          { label: '99 %', color: '--sw-w4', dash: [2, 2] },
        ]
      case 'memory':
        return [
          { label: text.used, color: '--sw-w3', dash: SOLID },
          { label: text.installed, color: '--sw-soft', dash: [5, 3] },
        ]
      case 'processor':
        return [{ label: text.busy, color: '--sw-w2', dash: SOLID }]
    }
  }

  /** @param changed requests another render */
  render(changed: () => void): TemplateResult {
    const text = this.#words.figures
    return html`<details
      class="panel figures-panel"
      @toggle=${(event: Event) => void this.#toggle((event.target as HTMLDetailsElement).open, changed)}
    >
      <summary>${text.title}</summary>
      ${this.#open && this.#series.seconds.length === 0 ? html`<p class="soft">${text.none}</p>` : nothing}
      <div class="plots">${NAMES.map((name) => this.#plot(name))} ${this.#evenness()}</div>
      <details
        class="numbers"
        @toggle=${(event: Event) => {
          event.stopPropagation()
          this.#table = (event.target as HTMLDetailsElement).open
          this.#version += 1
          changed()
        }}
      >
        <summary>${text.table}</summary>
        ${this.#table ? this.#numbers() : nothing}
      </details>
    </details>`
  }

  #plot(name: PlotName): TemplateResult {
    const text = this.#words.figures
    const lines = this.#lines(name)
    const values = this.#series.plots[name].map((each) => each.at(-1) ?? null)
    const said = lines.map(({ label }, index) => `${label} ${shown(values[index], name)}`).join(', ')
    return html`<figure>
      <figcaption>
        <b>${text[name]}</b>
        ${lines.map(
          (line, index) =>
            html`<span
              class="key"
              style=${`--key: var(${line.color}); --style: ${line.dash.length === 0 ? 'solid' : line.dash[0] === 2 ? 'dotted' : 'dashed'}`}
              >${line.label} <b>${shown(values[index], name)}</b></span
            >`,
        )}
      </figcaption>
      <div
        class="plot"
        role="img"
        aria-label=${this.#speech.say(text.plotOf, { title: text[name], seconds: SHOWN, values: said })}
        ${ref(this.#hosts[name])}
      ></div>
    </figure>`
  }

  #evenness(): TemplateResult {
    const text = this.#words.figures
    const all = this.#shares.reduce((sum, { count }) => sum + count, 0)
    return html`<figure>
      <figcaption><b>${text.evenness}</b></figcaption>
      <ul class="shares">
        ${this.#shares.slice(0, 16).map(({ pid, count }) => {
          const share = (100 * count) / all
          return html`<li>
            <span class="pid">${pid}</span>
            <span class="track"><span style=${`width: ${share.toFixed(1)}%`}></span></span>
            <span class="soft">${this.#speech.say(text.share, { share: share.toFixed(0) })} · ${count}</span>
          </li>`
        })}
      </ul>
    </figure>`
  }

  #numbers(): TemplateResult {
    const text = this.#words.figures
    const { seconds, plots } = this.#series
    const columns = NAMES.flatMap((name) =>
      this.#lines(name).map((line, index) => ({
        name,
        title: `${text[name]}: ${line.label}`,
        values: plots[name][index] ?? [],
      })),
    )
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${text.table}>
      <table>
        <thead>
          <tr>
            <th scope="col">${text.second}</th>
            ${columns.map(({ title }) => html`<th scope="col">${title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${seconds.map(
            (second, row) =>
              html`<tr>
                <th scope="row">${second}</th>
                ${columns.map(({ name, values }) => html`<td>${shown(values[row], name)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`
  }
}

function shown(value: number | null | undefined, name: PlotName): string {
  if (value === null || value === undefined) return '–'
  // In megabytes, as the axis has it; machines are sold in gigabytes.
  if (name === 'memory') return size(Math.round(value * MB))
  return value >= 100 || Number.isInteger(value) ? String(Math.round(value)) : value.toFixed(1)
}
