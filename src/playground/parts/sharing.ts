import { nothing, type TemplateResult } from 'lit'
import type { SessionData } from '../../../simulator/scenario/session/index.ts'
import { fromFragment, toFragment } from '../link.ts'
import { fromText, type LinkProblem } from '../session-text.ts'
import { linkPanel, offer, problemText } from '../view/link.ts'
import type { InspectorController } from './inspector-controller.ts'
import type { WithSession } from './with-session.ts'

/** The largest file that is read, in bytes. */
const LONGEST_FILE = 8_000_000

export interface SharingOptions extends WithSession {
  readonly inspector: InspectorController
}

interface Link {
  /** `undefined` while it is being made. */
  readonly url: string | undefined
  readonly size: number
  readonly copied: boolean
}

/** Shares sessions as links or files, and receives them. */
export class Sharing {
  readonly #options: SharingOptions
  #link: Link | undefined
  /** A session that was received, and waits for the reader's consent. */
  #offered: SessionData | undefined

  constructor(options: SharingOptions) {
    this.#options = options
  }

  /** Reads the session in the page's URL. */
  async takeFragment(): Promise<void> {
    const read = await fromFragment(location.hash.slice(1))
    if ('session' in read) this.#offer(read.session)
    else this.#refuse(read.problem, false)
  }

  /** Offers a session of an earlier visit for review. */
  bring(session: SessionData): void {
    this.#offer(session)
  }

  /** Opens the panel with a link to the current session. */
  async show(): Promise<void> {
    const { host, sessions, inspector } = this.#options
    const session = sessions.live?.data()
    if (session === undefined) return
    inspector.chosen = undefined
    this.#set({ url: undefined, size: 0, copied: false })
    const fragment = await toFragment(session)
    const url = new URL(location.href)
    url.hash = fragment
    this.#set({ url: url.href, size: fragment.length, copied: false })
    await host.updateComplete
    inspector.focus()
  }

  close(): void {
    this.#set(undefined)
  }

  /** A received session, shown for review before it runs. */
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
    const session = this.#options.sessions.live?.data()
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

  /** Shows a received session. Nothing of it runs yet. */
  #offer(session: SessionData): void {
    const { host, sessions } = this.#options
    sessions.paused = true
    sessions.notice = ''
    this.#offered = session
    sessions.changed()
    host.requestUpdate()
    void host.updateComplete.then(() =>
      host.renderRoot.querySelector('.offer')?.scrollIntoView({ block: 'nearest' }),
    )
  }

  #refuse(problem: LinkProblem, file: boolean): void {
    const { host, wording, sessions } = this.#options
    this.#offered = undefined
    sessions.notice = problemText(problem, wording.words, wording.speech, file)
    host.requestUpdate()
  }

  async #run(): Promise<void> {
    const session = this.#offered
    if (session === undefined) return
    this.#dismiss()
    this.#options.sessions.paused = true
    await this.#options.sessions.open(session)
  }

  #dismiss(): void {
    this.#offered = undefined
    // A reload of the page does not offer it again.
    history.replaceState(null, '', location.pathname + location.search)
    this.#options.host.requestUpdate()
  }
}
