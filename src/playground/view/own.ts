import { html, nothing, svg, type TemplateResult } from 'lit'
import type { Speech } from '../../machine-view/words.ts'
import type { ScalingPoint } from '../own/measure.ts'
import type { PlayWords } from '../words.ts'

export interface OwnPanelProps {
  readonly speech: Speech
  readonly words: PlayWords
  readonly cores: number
  readonly points: readonly ScalingPoint[]
  /** How many Web Workers compute now. */
  readonly running: number | undefined
  readonly onRun: () => void
}

/** The only part that measures instead of simulating: the reader's own browser. */
export function ownPanel({ speech, words, cores, points, running, onRun }: OwnPanelProps): TemplateResult {
  const text = words.own
  return html`<details class="panel own">
    <summary>${text.title}</summary>
    <p>${speech.say(text.about, { cores })}</p>
    <div class="row">
      <button
        aria-disabled=${running === undefined ? 'false' : 'true'}
        @click=${() => running === undefined && onRun()}
      >
        ${text.run}
      </button>
      <span class="soft" role="status">
        ${running === undefined ? '' : speech.say(text.running, { count: running })}
      </span>
    </div>
    ${points.length === 0 ? nothing : html`${plot(points, cores, words, speech)} ${table(points, words)}`}
  </details>`
}

const WIDTH = 420
const HEIGHT = 200
const LEFT = 34
const BOTTOM = 26

function plot(
  points: readonly ScalingPoint[],
  cores: number,
  words: PlayWords,
  speech: Speech,
): TemplateResult {
  const text = words.own
  const most = Math.max(
    cores,
    ...points.map(({ workers }) => workers),
    ...points.map(({ speedup }) => speedup),
  )
  const x = (workers: number) => LEFT + (workers / most) * (WIDTH - LEFT - 10)
  const y = (speedup: number) => HEIGHT - BOTTOM - (speedup / most) * (HEIGHT - BOTTOM - 10)
  const said = points.map(({ workers, speedup }) => `${workers}: ${speedup.toFixed(1)}×`).join(', ')
  return html`<svg
    class="chart"
    role="img"
    aria-label=${speech.say(text.plot, { points: said })}
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
  >
    <path class="frame" d="M${LEFT} 8V${HEIGHT - BOTTOM}H${WIDTH - 8}" />
    <path class="even" d="M${x(0)} ${y(0)}L${x(most)} ${y(most)}" />
    <path class="limit" d="M${LEFT} ${y(cores)}H${WIDTH - 8}" />
    <text class="soft end" x=${WIDTH - 10} y=${y(cores) + (cores === most ? 14 : -5)}>
      ${speech.say(text.cores, { cores })}
    </text>
    <path
      class="line"
      d=${points.map(({ workers, speedup }, index) => `${index === 0 ? 'M' : 'L'}${x(workers)} ${y(speedup)}`).join('')}
    />
    ${points.map(({ workers, speedup }) => svg`<circle cx=${x(workers)} cy=${y(speedup)} r="3.5" />`)}
    ${points.map(({ workers }) => svg`<text class="soft middle" x=${x(workers)} y=${HEIGHT - 9}>${workers}</text>`)}
    ${[1, Math.round(most / 2), most].map((value) => svg`<text class="soft end" x=${LEFT - 6} y=${y(value) + 4}>${value}×</text>`)}
  </svg>`
}

function table(points: readonly ScalingPoint[], words: PlayWords): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${words.own.workers}</th>
        <th scope="col">${words.own.speedup}</th>
      </tr>
    </thead>
    <tbody>
      ${points.map(
        ({ workers, speedup }) =>
          html`<tr>
            <td>${workers}</td>
            <td>${speedup.toFixed(2)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}
