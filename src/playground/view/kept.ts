import { html, nothing } from 'lit'
import type { Keeper } from '../../../simulator/machine/keeper/api.ts'
import { KEEPER_VERBS } from '../../../simulator/scenario/session/index.ts'
import { seconds, type Inspector, type PanelContent } from './panel-content.ts'

/** How many lines of a keeper's log are shown. */
const LINES = 8

/** The commands with which each keeper starts, stops and removes a program. */
const COMMANDS: Readonly<
  Partial<Record<Keeper['by'], Readonly<Record<(typeof KEEPER_VERBS)[number], string>>>>
> = {
  container: { start: 'docker start', stop: 'docker stop', remove: 'docker rm -f' },
  supervisor: { start: 'supervisorctl start', stop: 'supervisorctl stop', remove: 'supervisorctl remove' },
}

/** The panel of a program under a container runtime, Supervisor or a loop: its state in the keeper's terms, its log, and its commands. */
export function keptThing(inspector: Inspector, name: string): PanelContent {
  const { words, picture, now, kept, keeperLog, onDo } = inspector
  const { facts, unit } = words.ask
  const text = words.ask.kept
  const sight = picture.around.kept.get(name)
  if (sight === undefined) return { title: name, about: text.gone, facts: [], actions: nothing }
  const { by, word, restarts, restartAt } = sight
  const live = kept.find(({ keeping }) => keeping.name === name)
  const lines = keeperLog(name)
    .filter(({ at }) => at <= now)
    .slice(-LINES)
  return {
    title: name,
    about: text[by].about,
    facts: [
      [text.by, text[by].name],
      [facts.state, html`<span translate="no">${word}</span>`],
      [unit.restarts, restarts],
      ...(restartAt === undefined || restartAt < now
        ? []
        : [[unit.next, seconds(inspector.speech, words, restartAt - now)] as const]),
      ...(live === undefined
        ? []
        : ([
            [facts.pid, live.pid ?? facts.none],
            [facts.command, html`<code translate="no">${live.keeping.command}</code>`],
          ] as const)),
    ],
    actions: html`<ul class="signals" aria-label=${text.verbs}>
        ${KEEPER_VERBS.map(
          (verb) =>
            html`<li>
              <button @click=${() => onDo({ type: 'keeper', verb, name })}>
                ${
                  COMMANDS[by] === undefined
                    ? text.plain[verb]
                    : html`<code translate="no">${COMMANDS[by][verb]}</code>`
                }
              </button>
              <span class="soft">${text[verb]}</span>
            </li>`,
        )}
      </ul>
      ${
        lines.length === 0
          ? nothing
          : html`<p class="soft">${text.log}</p>
              <pre translate="no" lang="en" tabindex="0">
${lines.map(({ at, text }) => `${(at / 1000).toFixed(2).padStart(8)}  ${text}\n`).join('')}</pre>`
      }`,
  }
}
