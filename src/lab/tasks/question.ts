import { html, nothing, type TemplateResult } from 'lit'
import { lookUp } from '../../../simulator/manager/look-up.ts'
import type { Prediction } from '../../../simulator/scenario/index.ts'
import { whatReaderCanDo, next } from './next.ts'
import type { Panel } from './common.ts'
import { idOf, type QuestionState } from './tasks.ts'

/** A question with its choices, and the machine's answer. */
export function question(panel: Panel, prediction: Prediction): TemplateResult {
  const { speech, texts, tasks } = panel
  const words = speech.words.tasks
  const { id, seeds = [0] } = prediction
  const told = lookUp(texts.predictions, id)
  const stage = tasks.stage(id)
  const chosen = tasks.chosen(id)
  const expected = tasks.open !== undefined && idOf(tasks.open) === id && tasks.expected === 'settle'
  return html`<fieldset lang=${texts.lang ?? nothing}>
      <legend>${told?.question}</legend>
      ${prediction.choices.map(
        (choice) =>
          html`<label class=${look(choice.id, stage, chosen)}>
            <input
              type="radio"
              name=${`choice-${id}`}
              value=${choice.id}
              .checked=${chosen === choice.id}
              ?disabled=${stage.at !== 'asked'}
              @change=${() => tasks.choose(id, choice.id)}
            />
            ${lookUp(told?.choices, choice.id)}
          </label>`,
      )}
    </fieldset>
    <div class="task-do">
      ${
        stage.at === 'asked' || stage.at === 'between'
          ? html`<button
              class=${expected ? 'primary settle' : 'settle'}
              aria-disabled=${chosen === undefined ? 'true' : 'false'}
              @click=${() => chosen !== undefined && void tasks.settle(prediction)}
            >
              ${stage.at === 'asked' ? words.run : words.runAgain}
            </button>`
          : nothing
      }
      ${
        stage.at === 'settled'
          ? html`${next(panel, id)} <button @click=${() => tasks.again(id)}>${words.askAgain}</button>`
          : nothing
      }
      <span role="status">
        ${stage.at === 'asked' ? (chosen === undefined ? words.chooseFirst : words.guessed) : nothing}
        ${stage.at === 'running' ? words.running : nothing}
        ${
          stage.at === 'between'
            ? speech.say(words.between, { made: tasks.runsMade, count: seeds.length })
            : nothing
        }
        ${
          stage.at === 'settled'
            ? html`${verdict(stage.answer === chosen, panel)}
                ${speech.say(words.machineSays, { answer: lookUp(told?.choices, stage.answer) ?? '' })}
                <span lang=${texts.lang ?? nothing}>${told?.why}</span>`
            : nothing
        }
      </span>
    </div>
    ${stage.at === 'settled' ? whatReaderCanDo(panel, id) : nothing}`
}

/** The CSS class of a choice, once the machine has answered. */
function look(choice: string, stage: QuestionState, chosen: string | undefined): string {
  if (stage.at !== 'settled') return ''
  if (choice === stage.answer) return 'true'
  return choice === chosen ? 'false' : ''
}

/** The verdict: right and wrong differ by a sign, a word, and a colour. */
function verdict(right: boolean, { speech }: Panel): TemplateResult {
  const words = speech.words.tasks
  return html`<b class=${right ? 'verdict right' : 'verdict wrong'}
    ><span aria-hidden="true">${right ? '✓' : '✗'}</span> ${right ? words.right : words.other}</b
  >`
}
