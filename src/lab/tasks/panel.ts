import { html, nothing, type TemplateResult } from 'lit'
import { HINTS, type Checkpoint, type Prediction } from '../../../simulator/scenario/index.ts'
import { clearProgress, exportProgress, importProgress } from '../../progress/index.ts'
import type { Speech } from '../words.ts'
import { idOf, type Task, type Tasks } from './tasks.ts'
import type { LabTexts } from './texts.ts'

export interface Panel {
  readonly speech: Speech
  readonly texts: LabTexts
  readonly tasks: Tasks
  readonly onReset: () => void
}

/** The lab's questions and checkpoints: a list, and the one that is open. */
export function panel(panel: Panel): TemplateResult | typeof nothing {
  const { speech, tasks } = panel
  const { open } = tasks
  if (open === undefined) return nothing
  const words = speech.words.tasks
  return html`<div class="tasks" role="group" aria-label=${words.label}>
    <div class="task-list">${tasks.all.map((task) => entry(panel, task, task === open))}</div>
    <div class="task" id="task">
      ${open.kind === 'prediction' ? question(panel, open.prediction) : checkpoint(panel, open.checkpoint)}
    </div>
    <div class="task-foot">
      <span>${speech.say(words.progress, { done: tasks.done, count: tasks.all.length })}</span>
      ${
        tasks.done === 0
          ? nothing
          : html`<button class="plain" @click=${download}>${words.export}</button>
              <button class="plain" @click=${clearProgress}>${words.clear}</button>`
      }
      <button class="plain" @click=${() => choose((file) => void takeIn(panel, file))}>
        ${words.import}
      </button>
      <span role="status" data-notice>${tasks.notice}</span>
    </div>
  </div>`
}

function title({ texts }: Panel, task: Task): string {
  const of = task.kind === 'prediction' ? texts.predictions : texts.checkpoints
  return of[idOf(task)]?.title ?? idOf(task)
}

function entry(panel: Panel, task: Task, isOpen: boolean): TemplateResult {
  const { tasks, speech } = panel
  const words = speech.words.tasks
  const id = idOf(task)
  const done = tasks.isDone(id)
  const kind = task.kind === 'prediction' ? words.question : words.checkpoint
  return html`<button
    class=${isOpen ? 'on entry' : 'entry'}
    aria-pressed=${isOpen ? 'true' : 'false'}
    data-task=${id}
    @click=${() => tasks.show(id)}
  >
    <span aria-hidden="true">${done ? '✓' : task.kind === 'prediction' ? '?' : '⚑'}</span
    ><span class="unseen">${kind}: </span
    ><span lang=${panel.texts.lang ?? nothing}>${title(panel, task)}</span>${
      done ? html`<span class="unseen"> (${words.done})</span>` : nothing
    }
  </button>`
}

function question(panel: Panel, prediction: Prediction): TemplateResult {
  const { speech, texts, tasks } = panel
  const words = speech.words.tasks
  const { id, seeds = [0] } = prediction
  const told = texts.predictions[id]
  const stage = tasks.stage(id)
  const chosen = tasks.chosen(id)
  const fixed = stage.at !== 'asked'
  return html`<fieldset lang=${texts.lang ?? nothing}>
      <legend>${told?.question}</legend>
      ${prediction.choices.map(
        (choice) =>
          html`<label class=${stage.at === 'settled' && stage.answer === choice.id ? 'true' : ''}>
            <input
              type="radio"
              name="choice"
              .checked=${chosen === choice.id}
              ?disabled=${fixed}
              @change=${() => tasks.choose(id, choice.id)}
            />
            ${told?.choices[choice.id]}
          </label>`,
      )}
    </fieldset>
    <p class="task-do">
      ${
        stage.at === 'asked' || stage.at === 'between'
          ? html`<button
              class="settle"
              aria-disabled=${chosen === undefined ? 'true' : 'false'}
              @click=${() => chosen !== undefined && void tasks.settle(prediction)}
            >
              ${stage.at === 'asked' ? words.run : words.runAgain}
            </button>`
          : nothing
      }
      ${stage.at === 'settled' ? html`<button @click=${() => tasks.again(id)}>${words.askAgain}</button>` : nothing}
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
            ? html`<b>${stage.answer === chosen ? `✓ ${words.right}` : words.other}</b>
                ${speech.say(words.machineSays, { answer: told?.choices[stage.answer] ?? '' })} ${told?.why}`
            : nothing
        }
      </span>
    </p>`
}

function checkpoint(panel: Panel, checkpoint: Checkpoint): TemplateResult {
  const { speech, texts, tasks, onReset } = panel
  const words = speech.words.tasks
  const { id } = checkpoint
  const told = texts.checkpoints[id]
  const open = tasks.hints(id)
  const playing = tasks.isPlaying(id)
  const reached = tasks.reached(checkpoint)
  const state = playing
    ? words.watching
    : reached
      ? words.reached
      : tasks.isDone(id)
        ? words.doneBefore
        : words.notYet
  return html`<p class="goal" lang=${texts.lang ?? nothing}>${told?.task}</p>
    <p class="task-do">
      <b role="status" class=${reached ? 'good' : ''}>${reached ? '✓ ' : ''}${state}</b>
      <button @click=${onReset}>${words.fresh}</button>
      ${
        open < HINTS
          ? html`<button @click=${() => tasks.hint(id)}>
              ${speech.say(words.hint, { number: open + 1, count: HINTS })}
            </button>`
          : html`<button
              aria-disabled=${playing ? 'true' : 'false'}
              @click=${() => !playing && void tasks.watch(checkpoint)}
            >
              ${words.solution}
            </button>`
      }
    </p>
    ${
      open === 0
        ? nothing
        : html`<ol class="hints" aria-live="polite" lang=${texts.lang ?? nothing}>
            ${told?.hints.slice(0, open).map((hint) => html`<li>${hint}</li>`)}
          </ol>`
    }`
}

/** Lets the reader choose a file. */
function choose(chosen: (file: File) => void): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = 'application/json,.json'
  input.addEventListener('change', () => {
    const [file] = input.files ?? []
    if (file !== undefined) chosen(file)
  })
  input.click()
}

/** Takes in what a file says is done, and says what came of it. */
async function takeIn({ speech, tasks }: Panel, file: File): Promise<void> {
  const { imported, notProgress } = speech.words.tasks
  try {
    const count = importProgress(await file.text())
    tasks.notice = speech.say(imported, { count })
  } catch {
    tasks.notice = speech.say(notProgress, { file: file.name })
  }
}

/** Gives the reader a file with what is done. */
function download(): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([exportProgress()], { type: 'application/json' }))
  link.download = 'server-workers-progress.json'
  link.click()
  URL.revokeObjectURL(link.href)
}
