import { html, nothing, type TemplateResult } from 'lit'
import { title, type Panel } from './common.ts'
import { idOf } from './tasks.ts'

/** The button to the next task: after the last one to one that is left, and when none is the link to the next chapter. */
export function next(panel: Panel, id: string): TemplateResult | typeof nothing {
  const { tasks, speech, texts, onNext } = panel
  const words = speech.words.tasks
  const left = tasks.left(id)
  const task = tasks.after(id) ?? left[0]
  const isOpen = tasks.open !== undefined && idOf(tasks.open) === id
  const look = isOpen && tasks.expected === 'next' ? 'primary next' : 'next'
  if (task !== undefined)
    return html`${left.length === 0 ? nothing : html`<span class="left">${speech.say(words.left, { count: left.length })}</span>`}
      <button class=${look} @click=${() => onNext(idOf(task))}>
        ${words.next} <span lang=${texts.lang ?? nothing}>${title(panel, task)}</span>
      </button>`
  const { chapter } = texts
  return chapter === undefined
    ? nothing
    : html`<a class=${look} href=${chapter.href}
        >${words.nextChapter} <span lang=${chapter.lang}>${chapter.title}</span></a
      >`
}

/** After a chapter's last task, when all are done: what the reader can do now. */
export function whatReaderCanDo(
  { tasks, speech, texts }: Panel,
  id: string,
): TemplateResult | typeof nothing {
  if (tasks.after(id) !== undefined || tasks.left(id).length > 0 || texts.able === undefined) return nothing
  return html`<div class="able">
    <b>${speech.words.tasks.able}</b>
    <ul lang=${texts.lang ?? nothing}>
      ${texts.able.map((one) => html`<li>${one}</li>`)}
    </ul>
  </div>`
}
