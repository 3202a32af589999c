import { html, nothing } from 'lit'
import { UNIT_FOLDER } from '../../../simulator/machine/init/api.ts'
import { coresAt, runnable } from '../../../simulator/machine/view/index.ts'
import { KEEPER_KINDS } from '../../../simulator/scenario/session/index.ts'
import { DEFAULT_UNIT, KEPT_COMMAND, SITE } from '../presets.ts'
import { seconds, type PanelFact, type Inspector, type PanelContent } from './panel-content.ts'
import { size } from '../../machine-view/size.ts'

/** The panel of the whole machine: its facts, and what can be done to it. */
export function machine(inspector: Inspector): PanelContent {
  const { words, speech, picture, machine, terminals, now, onDo, onChoose } = inspector
  const text = words.ask.machine
  const { around } = picture
  const unit = 'web.service'
  return {
    title: text.title,
    about: text.about,
    facts: [
      [words.ask.facts.state, text.power[around.power]],
      [text.uptime, seconds(speech, words, now - around.bootedAt)],
      [text.boots, around.boots],
      [words.ask.facts.cores, machine.cores],
      [words.ask.facts.memory, size(machine.memory)],
    ],
    actions: html`<div class="row">
        <button @click=${() => onDo({ type: 'reboot', hard: false })}>${text.reboot}</button>
        <button @click=${() => onDo({ type: 'reboot', hard: true })}>${text.powerCut}</button>
        ${terminals.map(
          ({ name, title }) =>
            html`<button @click=${() => onDo({ type: 'hang-up', terminal: name })}>
              ${speech.say(text.hangUp, { terminal: title })}
            </button>`,
        )}
      </div>
      <div class="row">
        ${
          around.proxy === undefined
            ? html`<button
                @click=${() => {
                  onDo({ type: 'proxy', on: true, site: SITE, automatic: true })
                  onChoose({ kind: 'proxy' })
                }}
              >
                ${text.proxy}
              </button>`
            : nothing
        }
        ${
          around.units.has(unit)
            ? nothing
            : html`<button
                @click=${() => {
                  onDo({ type: 'write', file: `${UNIT_FOLDER}/${unit}`, text: DEFAULT_UNIT })
                  onChoose({ kind: 'unit', unit })
                }}
              >
                ${speech.say(text.unit, { unit })}
              </button>`
        }
        ${KEEPER_KINDS.filter((by) => ![...around.kept.values()].some((each) => each.by === by)).map(
          (by) =>
            html`<button
              @click=${() => {
                const name = `web-${by}`
                onDo({ type: 'keep', by, name, command: KEPT_COMMAND })
                onChoose({ kind: 'kept', name })
              }}
            >
              ${text.keep[by]}
            </button>`,
        )}
      </div>`,
  }
}

/** The panel of the cores: which processes run, and which want to. */
export function cores(inspector: Inspector): PanelContent {
  const { words, speech, picture, machine, now, processes } = inspector
  const load = coresAt(picture.around.cores, now)
  const command = (pid: number): string => processes.find((each) => each.pid === pid)?.command ?? ''
  return {
    title: words.ask.cores.title,
    about: words.ask.cores.about,
    facts: [
      [words.ask.facts.cores, machine.cores],
      [words.ask.cores.runnable, runnable(load)],
      ...[...load.shares]
        .toSorted(([, a], [, b]) => b - a)
        .map(([pid, share]): PanelFact => [
          `${pid} ${command(pid).split(' ')[0] ?? ''}`,
          speech.say(words.ask.cores.share, { percent: Math.round(share * 100) }),
        ]),
    ],
    actions: nothing,
  }
}
