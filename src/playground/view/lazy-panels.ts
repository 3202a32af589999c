import { html } from 'lit'
import type { Certificate } from '../../../simulator/machine/network/api.ts'
import { UNIT_FOLDER, type UnitStatus } from '../../../simulator/machine/init/api.ts'
import type { UnitVerb } from '../../../simulator/scenario/session/index.ts'
import { SITE } from '../presets.ts'
import { seconds, type PanelFact, type Inspector, type PanelContent } from './panel-content.ts'

export { keptThing } from './kept.ts'
export { cores, machine } from './machine.ts'

const DAY = 86_400_000

/** The TLS termination proxy and its certificates. */
export function proxy(inspector: Inspector): PanelContent {
  const { words, speech, picture, epoch, now, onDo } = inspector
  const text = words.ask.proxy
  const { around } = picture
  const site = inspector.site ?? [...around.certificates.keys()].at(-1) ?? SITE
  const life = ({ notAfter }: Certificate): string => {
    const days = (notAfter - epoch - now) / DAY
    return days > 0 ? speech.say(text.days, { days: Math.floor(days) }) : text.expired
  }
  const certificates = [...around.certificates].map(([name, each]): PanelFact => [name, life(each)])
  return {
    title: text.title,
    about: around.proxy === undefined ? text.gone : speech.say(text.about, { site }),
    facts: [
      ...(around.proxy === undefined
        ? []
        : ([
            [words.ask.facts.pid, around.proxy.pid],
            [text.forwarded, around.proxy.forwarded],
            [text.failed, around.proxy.failed],
            [text.rejected, around.proxy.rejected],
          ] as const)),
      ...(certificates.length === 0 ? [[text.certificate, words.ask.facts.none] as const] : certificates),
    ],
    actions: html`<div class="row">
      ${
        around.proxy === undefined
          ? html`<button @click=${() => onDo({ type: 'proxy', on: true, site, automatic: true })}>
              ${words.ask.machine.proxy}
            </button>`
          : html`<button @click=${() => onDo({ type: 'certificate', verb: 'expire', site })}>
                ${text.expire}
              </button>
              <button @click=${() => onDo({ type: 'certificate', verb: 'obtain', site })}>
                ${text.renew}
              </button>
              <button @click=${() => onDo({ type: 'proxy', on: false, site, automatic: true })}>
                ${text.remove}
              </button>`
      }
    </div>`,
  }
}

const VERBS = ['start', 'stop', 'restart', 'enable', 'disable'] as const satisfies readonly UnitVerb[]

/** A unit of the init system: its state, its file, and what `systemctl` can tell it. */
export function unit(inspector: Inspector, name: string): PanelContent {
  const { words, speech, picture, now, units, file, onDo } = inspector
  const text = words.ask.unit
  const sight = picture.around.units.get(name)
  const status: UnitStatus | undefined = units.find((each) => each.name === name)
  const path = `${UNIT_FOLDER}/${name}`
  const waits = sight?.restartAt
  return {
    title: name,
    about: text.about,
    facts: [
      [words.ask.facts.state, `${sight?.active ?? 'inactive'} (${sight?.sub ?? 'dead'})`],
      [text.result, sight?.result ?? 'success'],
      [text.restarts, sight?.restarts ?? 0],
      ...(waits === undefined || waits < now
        ? []
        : [[text.next, seconds(speech, words, waits - now)] as const]),
      ...(status === undefined
        ? []
        : ([
            [text.boot, status.enabled],
            [words.ask.facts.pid, status.mainPid ?? words.ask.facts.none],
          ] as const)),
    ],
    actions: html`<ul class="signals" aria-label=${text.verbs}>
        ${VERBS.map(
          (verb) =>
            html`<li>
              <button @click=${() => onDo({ type: 'unit', verb, unit: name })}>
                <code translate="no">${`systemctl ${verb}`}</code>
              </button>
              <span class="soft">${text[verb]}</span>
            </li>`,
        )}
      </ul>
      <form
        class="unit-file"
        @submit=${(event: Event) => {
          event.preventDefault()
          const written = new FormData(event.target as HTMLFormElement).get('text')
          if (typeof written !== 'string') return
          onDo(
            { type: 'write', file: path, text: written.replaceAll('\r\n', '\n') },
            { type: 'unit', verb: 'daemon-reload', unit: name },
          )
        }}
      >
        <label
          ><code translate="no">${path}</code>
          <textarea
            name="text"
            rows="12"
            spellcheck="false"
            translate="no"
            .defaultValue=${file(path) ?? ''}
          ></textarea>
        </label>
        <button>${text.save}</button>
      </form>`,
  }
}
