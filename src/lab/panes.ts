import { lookUp } from '../../simulator/manager/look-up.ts'
import { html, nothing, type TemplateResult } from 'lit'
import { ref, type Ref } from 'lit/directives/ref.js'
import { TERMINALS, type Scenario, type TerminalName } from '../../simulator/scenario/index.ts'
import type { Speech } from '../machine-view/words.ts'

/** The panes that have tabs. */
export type PaneName = TerminalName | 'app' | 'twin'

export interface Panes {
  readonly speech: Speech
  readonly scenario: Scenario
  readonly narrow: boolean
  /** The selected pane; in a wide lab the server's terminal is beside it. */
  readonly front: PaneName
  readonly speaks: Readonly<Record<TerminalName, string>>
  readonly screens: Readonly<Record<TerminalName, Ref<HTMLElement>>>
  readonly app: string
  readonly changed: boolean
  readonly onFront: (pane: PaneName) => void
  readonly onEdit: (text: string) => void
  readonly onRestore: () => void
  readonly line: TemplateResult | typeof nothing
}

/** Two terminals and the application's two files: side by side where there is room, otherwise as tabs. */
export function panes(panes: Panes): TemplateResult {
  const { speech, narrow, scenario } = panes
  const { terminal, files } = speech.words
  const front = inFront(panes)
  return html`<div class="terminals">
    <div class="tabs first"><span class="tab">${terminal.server}</span>${speaks(panes, 'server')}</div>
    <div class="tabs rest">
      <span
        role="tablist"
        aria-label=${terminal.tabs}
        @keydown=${(event: KeyboardEvent) => move(event, panes)}
      >
        ${tabNames(panes).map((name) => tab(panes, name, name === front))}
      </span>
      ${front === 'server' || front === 'client' ? speaks(panes, front) : nothing}
    </div>
    ${TERMINALS.map(
      (name) =>
        html`<div
          class="pane ${name} ${isShown(panes, name) ? '' : 'away'}"
          id=${`pane-${name}`}
          role=${narrow || name === 'client' ? 'tabpanel' : 'group'}
          aria-label=${label(panes, name)}
        >
          <div class="screen" translate="no" lang="en" ${ref(panes.screens[name])}></div>
        </div>`,
    )}
    ${file(
      panes,
      'app',
      html`<textarea
          translate="no"
          lang="en"
          spellcheck="false"
          autocapitalize="off"
          autocomplete="off"
          aria-label=${speech.say(files.edit, { file: scenario.app.file })}
          .value=${panes.app}
          @input=${(event: Event) => panes.onEdit((event.target as HTMLTextAreaElement).value)}
        ></textarea>
        <p>
          ${files.note}
          ${panes.changed ? html`<button @click=${panes.onRestore}>${files.restore}</button>` : nothing}
        </p>`,
    )}
    ${file(
      panes,
      'twin',
      html`<pre
          translate="no"
          lang="en"
          tabindex="0"
          role="group"
          aria-label=${speech.say(files.twin, { file: scenario.app.twin })}
        >
${lookUp(scenario.files, scenario.app.twin)}</pre>
        <p>${speech.say(files.twinNote, { file: scenario.app.file })}</p>`,
    )}
    ${panes.line}
  </div>`
}

/** A pane with one of the application's files. */
function file(panes: Panes, name: 'app' | 'twin', inside: TemplateResult): TemplateResult {
  return html`<div
    class="pane file ${inFront(panes) === name ? '' : 'away'}"
    id=${`pane-${name}`}
    role="tabpanel"
    aria-label=${title(panes, name)}
  >
    ${inside}
  </div>`
}

/** In a wide lab the server's terminal has no tab: it is beside the others. */
function inFront({ narrow, front }: Panes): PaneName {
  return !narrow && front === 'server' ? 'client' : front
}

function isShown(panes: Panes, name: TerminalName): boolean {
  return inFront(panes) === name || (!panes.narrow && name === 'server')
}

function tabNames({ narrow }: Panes): readonly PaneName[] {
  return narrow ? ['server', 'client', 'app', 'twin'] : ['client', 'app', 'twin']
}

function tab(panes: Panes, name: PaneName, selected: boolean): TemplateResult {
  return html`<button
    class="tab"
    id=${`tab-${name}`}
    role="tab"
    aria-selected=${selected ? 'true' : 'false'}
    aria-controls=${`pane-${name}`}
    tabindex=${selected ? 0 : -1}
    @click=${() => panes.onFront(name)}
  >
    ${title(panes, name)}
  </button>`
}

function title({ speech, scenario }: Panes, name: PaneName): string {
  switch (name) {
    case 'server':
    case 'client':
      return speech.words.terminal[name]
    case 'app':
      return scenario.app.file
    case 'twin':
      return scenario.app.twin
  }
}

function label(panes: Panes, name: TerminalName): string {
  const { terminal } = panes.speech.words
  return panes.speech.say(name === 'server' ? terminal.serverLabel : terminal.clientLabel, {
    programs: panes.speaks[name],
  })
}

function speaks({ speaks }: Panes, name: TerminalName): TemplateResult {
  return html`<span class="speaks" translate="no">${speaks[name]}</span>`
}

/** Arrow keys, Home and End select tabs. */
function move(event: KeyboardEvent, panes: Panes): void {
  const names = tabNames(panes)
  const at = names.indexOf(inFront(panes))
  const next = lookUp({ ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: names.length - 1 }, event.key)
  const name = next === undefined ? undefined : names[(next + names.length) % names.length]
  if (name === undefined) return
  event.preventDefault()
  panes.onFront(name)
  const root = (event.currentTarget as HTMLElement).getRootNode() as ShadowRoot
  root.getElementById(`tab-${name}`)?.focus()
}
