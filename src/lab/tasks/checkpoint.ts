import { html, nothing, type TemplateResult } from 'lit'
import { lookUp } from '../../../simulator/manager/look-up.ts'
import {
  HINTS,
  type Checkpoint,
  type Condition,
  type Count,
  type ConditionState,
} from '../../../simulator/scenario/index.ts'
import { whatReaderCanDo, next } from './next.ts'
import type { Panel } from './common.ts'
import type { CheckpointState } from './tasks.ts'
import type { CheckpointTexts } from './texts.ts'

const SIGNS: Readonly<Record<ConditionState, string>> = { met: '✓', open: '☐', lost: '✗' }

/** A checkpoint: its conditions and their states, hints, and the solution. */
export function checkpoint(panel: Panel, checkpoint: Checkpoint): TemplateResult {
  const { speech, texts, tasks, onReset } = panel
  const words = speech.words.tasks
  const { id } = checkpoint
  const told = lookUp(texts.checkpoints, id)
  const open = tasks.hints(id)
  const standing = tasks.standing(checkpoint)
  const fresh = tasks.expected === 'fresh'
  return html`<p class="goal" lang=${texts.lang ?? nothing}>${told?.task}</p>
    <ul class="conditions" aria-label=${words.conditions}>
      ${tasks.conditions(checkpoint).map((condition) => line(condition, panel, told))}
    </ul>
    <p class="unseen" role="status" data-news>
      ${tasks.news.map(({ id, state }) => html`${lookUp(told?.conditions, id)?.name}: ${words.states[state]}. `)}
    </p>
    <div class="task-do">
      ${standing === 'reached' ? next(panel, id) : nothing}
      <button class=${fresh ? 'primary' : ''} @click=${onReset}>
        ${standing === 'shown' ? words.doItYourself : words.fresh}
      </button>
      ${
        standing === 'reached'
          ? nothing
          : open < HINTS
            ? html`<button @click=${() => tasks.hint(id)}>
                ${speech.say(words.hint, { number: open + 1, count: HINTS })}
              </button>`
            : html`<button
                aria-disabled=${standing === 'playing' ? 'true' : 'false'}
                @click=${() => standing !== 'playing' && void tasks.watch(checkpoint)}
              >
                ${words.solution}
              </button>`
      }
      <span role="status">${state(standing, tasks.isDone(id), panel, told)}</span>
    </div>
    ${
      open === 0
        ? nothing
        : html`<ol class="hints" aria-live="polite" lang=${texts.lang ?? nothing}>
            ${told?.hints.slice(0, open).map((hint) => html`<li>${hint}</li>`)}
          </ol>`
    }
    ${standing === 'reached' ? whatReaderCanDo(panel, id) : nothing}`
}

/** A checkpoint that is not open: its goal. The machine is set up for it when the reader begins. */
export function closedCheckpoint({ speech, texts, tasks }: Panel, { id }: Checkpoint): TemplateResult {
  const words = speech.words.tasks
  const told = lookUp(texts.checkpoints, id)
  return html`<p class="goal">${told?.task}</p>
    <ul class="conditions">
      ${Object.values(told?.conditions ?? {}).map(
        ({ name }) =>
          html`<li><span class="mark" aria-hidden="true">${SIGNS.open}</span> <span>${name}</span></li>`,
      )}
    </ul>
    <div class="task-do">
      <button data-begin>${words.begin}</button>
      ${tasks.isDone(id) ? html`<span><b aria-hidden="true">✓</b> ${words.doneBefore}</span>` : nothing}
    </div>`
}

/** The conditions of the open checkpoint in one line, beside the machine; the card in the text has them for all readers. */
export function conditionStrip(panel: Panel): TemplateResult | typeof nothing {
  const { tasks, texts } = panel
  const { open } = tasks
  if (open?.kind !== 'checkpoint') return nothing
  const told = lookUp(texts.checkpoints, open.checkpoint.id)
  return html`<ul class="conditions strip" aria-hidden="true" lang=${texts.lang ?? nothing}>
    ${tasks.conditions(open.checkpoint).map(({ id, state, count }) => {
      const number = count === undefined || state === 'met' ? '' : counted(count, panel.speech)
      return html`<li class=${state}>
        <span class="mark">${SIGNS[state]}</span>${lookUp(told?.conditions, id)?.name}
        ${number === '' ? nothing : html`<span class="soft">(${number})</span>`}
      </li>`
    })}
  </ul>`
}

function line(
  { id, state, count }: Condition,
  { speech, texts }: Panel,
  told: CheckpointTexts | undefined,
): TemplateResult {
  const words = speech.words.tasks
  const text = lookUp(told?.conditions, id)
  const number = count === undefined || state === 'met' ? '' : counted(count, speech)
  return html`<li class=${state} data-condition=${id} data-state=${state}>
    <span class="mark" aria-hidden="true">${SIGNS[state]}</span
    ><span class="unseen">${words.states[state]}: </span
    ><span lang=${texts.lang ?? nothing}>${text?.name}</span>
    ${number === '' ? nothing : html`<span class="soft">(${number})</span>`}
    ${state === 'lost' && text?.lost !== undefined ? html`<span lang=${texts.lang ?? nothing}>${text.lost}</span>` : nothing}
  </li>`
}

/** The progress of a condition that counts; empty where one is enough. */
function counted({ made, range }: Count, speech: Panel['speech']): string {
  const words = speech.words.tasks
  const [least, most] = typeof range === 'number' ? [range, range] : [range.atLeast, range.atMost]
  const number = Math.round(made)
  if (least !== undefined && least > 1) return speech.say(words.counted, { made: number, of: least })
  return most !== undefined && most > 1 ? speech.say(words.countedAtMost, { made: number, of: most }) : ''
}

function state(
  standing: CheckpointState,
  before: boolean,
  { speech, texts }: Panel,
  told: CheckpointTexts | undefined,
): TemplateResult {
  const words = speech.words.tasks
  switch (standing) {
    case 'playing':
      return html`${words.watching}`
    case 'shown':
      return html`${words.shown}`
    case 'reached':
      return html`<b class="verdict right"><span aria-hidden="true">✓</span> ${words.reached}</b>
        <span lang=${texts.lang ?? nothing}>${told?.why}</span>`
    case 'lost':
      return html`<b class="verdict wrong"><span aria-hidden="true">✗</span> ${words.lost}</b>
        ${words.startAgain}`
    case 'open':
      return html`${before ? words.doneBefore : words.notYet}`
  }
}
