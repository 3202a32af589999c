import { nothing, type TemplateResult } from 'lit'
import type { SessionData } from '../../../simulator/scenario/session/index.ts'
import { fromFragment, toFragment } from '../link.ts'
import { fromText, type LinkProblem } from '../session-text.ts'
import { linkPanel, offer, problemText } from '../view/link.ts'
import type { Asking } from './asking.ts'
import type { WithSession } from './common.ts'

/** A larger file is not read, in bytes. */
const LONGEST_FILE = 8_000_000

export interface SharingOptions extends WithSession {
  readonly asking: Asking
}

interface Link {
  /** Nothing while it is being made. */
  readonly url: string | undefined
  readonly size: number
  readonly copied: boolean
}

/** Sessions that are sent to others, and those that come from them: as a link, or as a file. */
export class Sharing {
  readonly #options: SharingOptions
  #link: Link | undefined
  /** What came, and waits for a click. */
  #offered: SessionData | undefined

  constructor(options: SharingOptions) {
    this.#options = options
  }

  /** Takes the session that the page's address brings. */
  async takeFragment(): Promise<void> {
    const read = await fromFragment(location.hash.slice(1))
    if ('session' in read) this.#offer(read.session)
    else this.#refuse(read.problem, false)
  }

  /** Opens the panel with the link to the session as it is now. */
  async show(): Promise<void> {
    const { host, sitting, asking } = this.#options
    const session = sitting.live?.data()
    if (session === undefined) return
    asking.chosen = undefined
    this.#set({ url: undefined, size: 0, copied: false })
    const fragment = await toFragment(session)
    const url = new URL(location.href)
    url.hash = fragment
    this.#set({ url: url.href, size: fragment.length, copied: false })
    await host.updateComplete
    asking.focus()
  }

  close(): void {
    this.#set(undefined)
  }

  /** What somebody sent, to be looked at before it runs. */
  offer(): TemplateResult | typeof nothing {
    const { speech, words } = this.#options.wording
    if (this.#offered === undefined) return nothing
    return offer({
      speech,
      words,
      session: this.#offered,
      onRun: () => void this.#run(),
      onDismiss: () => this.#dismiss(),
    })
  }

  /** The panel with the link. */
  panel(): TemplateResult | typeof nothing {
    const { speech, words } = this.#options.wording
    if (this.#link === undefined) return nothing
    return linkPanel({
      speech,
      words,
      ...this.#link,
      onCopy: () => void this.#copy(),
      onSave: () => this.#save(),
      onOpen: (file) => void this.#open(file),
      onClose: () => this.close(),
    })
  }

  #set(link: Link | undefined): void {
    this.#link = link
    this.#options.host.requestUpdate()
  }

  async #copy(): Promise<void> {
    const link = this.#link
    if (link?.url === undefined) return
    await navigator.clipboard.writeText(link.url)
    this.#set({ ...link, copied: true })
  }

  #save(): void {
    const session = this.#options.sitting.live?.data()
    if (session === undefined) return
    const url = URL.createObjectURL(new Blob([JSON.stringify(session)], { type: 'application/json' }))
    const anchor = document.createElement('a')
    anchor.href = url
    anchor.download = 'session.json'
    anchor.click()
    URL.revokeObjectURL(url)
  }

  async #open(file: File): Promise<void> {
    this.close()
    if (file.size > LONGEST_FILE) return this.#refuse({ kind: 'too-large' }, true)
    const read = fromText(await file.text())
    if ('session' in read) this.#offer(read.session)
    else this.#refuse(read.problem, true)
  }

  /** Shows what somebody sent. None of it runs yet. */
  #offer(session: SessionData): void {
    const { host, sitting } = this.#options
    sitting.paused = true
    sitting.notice = ''
    this.#offered = session
    sitting.changed()
    host.requestUpdate()
    void host.updateComplete.then(() =>
      host.renderRoot.querySelector('.offer')?.scrollIntoView({ block: 'nearest' }),
    )
  }

  #refuse(problem: LinkProblem, file: boolean): void {
    const { host, wording, sitting } = this.#options
    this.#offered = undefined
    sitting.notice = problemText(problem, wording.words, wording.speech, file)
    host.requestUpdate()
  }

  async #run(): Promise<void> {
    const session = this.#offered
    if (session === undefined) return
    this.#dismiss()
    this.#options.sitting.paused = true
    await this.#options.sitting.open(session)
  }

  #dismiss(): void {
    this.#offered = undefined
    // What was brought is not brought again by the reload of the page.
    history.replaceState(null, '', location.pathname + location.search)
    this.#options.host.requestUpdate()
  }
}
