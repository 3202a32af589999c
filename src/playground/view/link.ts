import { html, nothing, type TemplateResult } from 'lit'
import { DOWNLOAD_BYTES } from '../../../simulator/host/browser/index.ts'
import type { SessionData } from '../../../simulator/scenario/session/index.ts'
import type { Speech } from '../../machine-view/words.ts'
import { LONGEST_LINK } from '../link.ts'
import { textPieces, sessionReview } from '../offered.ts'
import type { LinkProblem } from '../session-text.ts'
import type { PlayWords } from '../words.ts'
import { megabytes } from './python.ts'

export interface LinkPanel {
  readonly speech: Speech
  readonly words: PlayWords
  /** The URL that contains the session; `undefined` while it is being made. */
  readonly url: string | undefined
  /** Bytes of the fragment. */
  readonly size: number
  readonly copied: boolean
  readonly onCopy: () => void
  readonly onSave: () => void
  readonly onOpen: (file: File) => void
  readonly onClose: () => void
}

/** The session as a link, or as a file. */
export function linkPanel(panel: LinkPanel): TemplateResult {
  const { speech, words, url, size } = panel
  const text = words.link
  const kb = (size / 1024).toFixed(1)
  const long = size > LONGEST_LINK
  return html`<section
    class="inspector link"
    aria-label=${text.title}
    @keydown=${(event: KeyboardEvent) => event.key === 'Escape' && panel.onClose()}
  >
    <h2 tabindex="-1">${text.title}</h2>
    <button class="close" aria-label=${text.close} @click=${panel.onClose}>
      <span aria-hidden="true">✕</span>
    </button>
    <p>${long ? speech.say(text.long, { kb, most: LONGEST_LINK / 1024 }) : text.about}</p>
    <div class="row">
      ${
        long || url === undefined
          ? nothing
          : html`<input readonly aria-label=${text.field} .value=${url} translate="no" @focus=${select} />
              <button class="primary" @click=${panel.onCopy}>${text.copy}</button>
              <span class="soft" role="status">
                ${panel.copied ? text.copied : speech.say(text.size, { kb })}
              </span>`
      }
      <button @click=${panel.onSave}>${text.save}</button>
      <label class="button">
        ${text.open}
        <input
          class="hidden"
          type="file"
          accept="application/json,.json"
          @change=${(event: Event) => {
            const [file] = (event.target as HTMLInputElement).files ?? []
            if (file !== undefined) panel.onOpen(file)
          }}
        />
      </label>
    </div>
  </section>`
}

function select(event: Event): void {
  ;(event.target as HTMLInputElement).select()
}

export interface OfferProps {
  readonly speech: Speech
  readonly words: PlayWords
  readonly session: SessionData
  readonly onRun: () => void
  readonly onDismiss: () => void
}

/** A session from a link: shown, not run. */
export function offer({ speech, words, session, onRun, onDismiss }: OfferProps): TemplateResult {
  const text = words.offer
  const { inputs, until, machine } = session
  const done = inputs.filter(({ type }) => type !== 'open' && type !== 'resize')
  const count = done.length
  const seconds = (until / 1000).toFixed(1)
  const { files, commands, changing } = sessionReview(session)
  return html`<section class="offer" aria-label=${text.title}>
    <h2>${text.title}</h2>
    <p>${speech.say(text.about, { count, seconds, cores: machine.cores })} ${text.code}</p>
    ${
      session.runtime === 'python'
        ? html`<p><strong>${speech.say(text.python, { size: megabytes(DOWNLOAD_BYTES) })}</strong></p>`
        : nothing
    }
    ${files.map(
      ({ file, text }) =>
        html`<p class="soft" translate="no">${file}</p>
          ${shown(text)}`,
    )}
    ${
      commands.length === 0
        ? nothing
        : html`<p class="soft">${text.commands}</p>
            ${shown(commands.map((line) => `$ ${line}`).join('\n'))}`
    }
    ${
      changing.length === 0
        ? nothing
        : html`<p class="changing">
              <strong>${speech.say(text.changing, { count: changing.length })}</strong>
            </p>
            ${shown(changing.map((line) => `$ ${line}`).join('\n'))}`
    }
    <div class="row">
      <button class="primary" @click=${onRun}>${text.run}</button>
      <button @click=${onDismiss}>${text.dismiss}</button>
    </div>
  </section>`
}

/** A text of any length; only the visible part is laid out. */
function shown(text: string): TemplateResult {
  return html`<pre tabindex="0" translate="no" lang="en">
${textPieces(text).map((piece) => html`<span class="piece">${piece}</span>`)}</pre>`
}

/** What is wrong with a link or a file, in words. */
export function problemText(problem: LinkProblem, words: PlayWords, speech: Speech, file: boolean): string {
  const { problems } = words
  if (problem.kind === 'packing') return file ? problems.file : problems.packing
  if (problem.kind !== 'content') return problems[problem.kind]
  const { path, expected, got } = problem.problem
  const { what, ...values } = expected
  return speech.say(problems.content, { path, expected: speech.say(problems.expected[what], values), got })
}
