import { html, nothing, type TemplateResult } from 'lit'
import type { Speed } from '../../../simulator/machine/speed.ts'
import { runButtons, type RunButtons } from '../../machine-view/run-buttons.ts'
import { speedSelect } from '../../machine-view/speed.ts'
import type { Speech } from '../../machine-view/words.ts'
import type { PlayWords } from '../words.ts'

/** Virtual time per wall-clock time. */
export const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 20] as const satisfies readonly Speed[]

export interface TimeBar extends RunButtons {
  readonly words: PlayWords
  readonly facts: readonly string[]
  readonly begun: boolean
  readonly speed: number
  /** The speed that is really reached, when the browser cannot keep up. */
  readonly reached: number | undefined
  readonly canUndo: boolean
  readonly canRedo: boolean
  readonly asked: boolean
  readonly onNext: () => void
  readonly onSkip: () => void
  readonly onSpeed: (speed: number) => void
  readonly onUndo: () => void
  readonly onRedo: () => void
  readonly onMachine: () => void
  readonly onReset: () => void
  readonly onLink: () => void
}

/** The machine's facts and the controls of its time. Controls that need events appear once there are some. */
export function timeBar(bar: TimeBar): TemplateResult {
  const { speech, words, reached } = bar
  const { title, actions } = speech.words
  const behind =
    reached === undefined ? [] : [speech.say(words.bar.behind, { speed: Number(reached.toPrecision(1)) })]
  return html`<div class="bar">
    <button
      class="title"
      aria-pressed=${bar.asked ? 'true' : 'false'}
      title=${words.ask.machine.about}
      @click=${bar.onMachine}
    >
      <b>${title}</b>
    </button>
    <span class="facts">${[...bar.facts, ...behind].join(' · ')}</span>
    <span class="controls" role="group" aria-label=${words.bar.controls}>
      ${runButtons(bar)}
      ${
        bar.begun
          ? html`<button @click=${bar.onNext}>${words.bar.nextEvent}</button>
              <button @click=${bar.onSkip}>${words.bar.on30}</button>`
          : nothing
      }
      ${speedSelect({ ...bar, speeds: SPEEDS })}
      ${bar.canUndo ? html`<button @click=${bar.onUndo}>${words.bar.undo}</button>` : nothing}
      ${bar.canRedo ? html`<button @click=${bar.onRedo}>${words.bar.redo}</button>` : nothing}
      <button @click=${bar.onReset}>${actions.reset}</button>
      <button @click=${bar.onLink}>${words.bar.link}</button>
    </span>
  </div>`
}

export interface MomentBar {
  readonly speech: Speech
  readonly words: PlayWords
  /** The moment that is shown, while looking back. */
  readonly moment: number | undefined
  readonly until: number
  readonly onMoment: (at: number) => void
  readonly onNeighbour: (direction: 1 | -1) => void
  readonly onBranch: () => void
  readonly onNow: () => void
}

/** The timeline of the whole session, to move back and forth on. */
export function momentBar(bar: MomentBar): TemplateResult {
  const { speech, words, moment, until } = bar
  const shown = moment ?? until
  const seconds = (ms: number): string => (ms / 1000).toFixed(1)
  const text = { seconds: seconds(shown), total: seconds(until) }
  return html`<div
    class=${moment === undefined ? 'moment' : 'moment past'}
    role="group"
    aria-label=${words.moment.label}
  >
    <button
      aria-label=${words.moment.earlier}
      title=${words.moment.earlier}
      @click=${() => bar.onNeighbour(-1)}
    >
      <span aria-hidden="true">◂</span>
    </button>
    <input
      type="range"
      min="0"
      max=${Math.ceil(until)}
      step="10"
      .value=${String(Math.round(shown))}
      aria-label=${words.moment.range}
      aria-valuetext=${speech.say(speech.words.picture.momentOf, text)}
      @input=${(event: Event) => bar.onMoment(Number((event.target as HTMLInputElement).value))}
    />
    <button
      aria-label=${words.moment.later}
      title=${words.moment.later}
      aria-disabled=${moment === undefined ? 'true' : 'false'}
      @click=${() => moment !== undefined && bar.onNeighbour(1)}
    >
      <span aria-hidden="true">▸</span>
    </button>
    ${
      moment === undefined
        ? html`<span class="soft"
            >${speech.say(speech.words.picture.seconds, { seconds: seconds(until) })}</span
          >`
        : html`<button class="primary" @click=${bar.onBranch}>${words.moment.branch}</button>
            <button @click=${bar.onNow}>${words.moment.now}</button>`
    }
  </div>`
}
