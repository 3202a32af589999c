import { html, nothing, type TemplateResult } from 'lit'
import { currentProcess, type Picture } from '../../simulator/machine/view/index.ts'
import type { Speech } from '../machine-view/words.ts'
import type { LabRun } from './run.ts'

export interface Breaks {
  readonly speech: Speech
  readonly run: LabRun | undefined
  readonly picture: Picture
  /** Called when a break begins: time continues. */
  readonly onBreak: () => void
}

/** On the landing page, once a worker has been killed: the next three things to break, each typed into a terminal. */
export function breaks({ speech, run, picture, onBreak }: Breaks): TemplateResult | typeof nothing {
  const { server, slots } = picture
  const killed = slots.some(({ lives }) =>
    lives.some(({ status }) => status !== undefined && 'signal' in status && status.signal === 'KILL'),
  )
  if (run === undefined || !killed) return nothing
  const words = speech.words.breaks
  const lives = server !== undefined && server.until === undefined
  const worker = slots.map(currentProcess).find((life) => life !== undefined && life.until === undefined)
  const type = (line: string) => () => void run.sessions.client.enter(line)
  return html`<div class="breaks" role="group" aria-label=${words.title}>
    <b>${words.title}</b>
    ${one('parent', words.parent, lives && type(`kill -9 ${server.pid}`))}
    ${one('frozen', words.frozen, worker !== undefined && type(`kill -STOP ${worker.pid}`))}
    ${one('interrupt', words.interrupt, lives && (() => run.sessions.server.key({ key: 'interrupt' })))}
    ${lives ? nothing : html`<span class="soft">${words.noParent}</span>`}
  </div>`

  function one(id: string, text: string, act: false | (() => void)): TemplateResult {
    const click = (): void => {
      if (act === false) return
      onBreak()
      act()
    }
    return html`<button data-break=${id} aria-disabled=${act === false ? 'true' : 'false'} @click=${click}>
      ${text}
    </button>`
  }
}
