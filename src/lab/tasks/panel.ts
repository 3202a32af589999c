import { html, nothing, type TemplateResult } from 'lit'
import { clearProgress, exportProgress, importProgress } from '../../progress/index.ts'
import { checkpoint } from './checkpoint.ts'
import { title, type Panel } from './common.ts'
import { question } from './question.ts'
import { idOf, type Task } from './tasks.ts'

/** The lab's questions and checkpoints: a list, and the one that is open. */
export function panel(panel: Panel): TemplateResult | typeof nothing {
  const { speech, tasks } = panel
  const { open } = tasks
  if (open === undefined) return nothing
  const words = speech.words.tasks
  const inside = html`<div class="task-list">
      ${tasks.all.map((task) => entry(panel, task, task === open))}
    </div>
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
      <span role="status" data-notice>${tasks.notice === 'setUp' ? words.setUp : tasks.notice.text}</span>
    </div>`
  return panel.folded
    ? html`<details class="tasks">
        <summary>${words.label}</summary>
        ${inside}
      </details>`
    : html`<div class="tasks" role="group" aria-label=${words.label}>${inside}</div>`
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
    @click=${() => void tasks.show(id)}
  >
    <span aria-hidden="true">${done ? '✓' : task.kind === 'prediction' ? '?' : '⚑'}</span
    ><span class="unseen">${kind}: </span
    ><span lang=${panel.texts.lang ?? nothing}>${title(panel, task)}</span>${
      done ? html`<span class="unseen"> (${words.done})</span>` : nothing
    }
  </button>`
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

/** Imports progress from a file, and reports the result. */
async function takeIn({ speech, tasks }: Panel, file: File): Promise<void> {
  const { imported, notKept, notProgress } = speech.words.tasks
  try {
    const count = importProgress(await file.text())
    tasks.say(count === undefined ? notKept : speech.say(imported, { count }))
  } catch {
    tasks.say(speech.say(notProgress, { file: file.name }))
  }
}

/** Downloads the progress as a file. */
function download(): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([exportProgress()], { type: 'application/json' }))
  link.download = 'server-workers-progress.json'
  link.click()
  URL.revokeObjectURL(link.href)
}
