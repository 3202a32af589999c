import { html, type TemplateResult } from 'lit'
import { MIB } from '../../../simulator/machine/hardware.ts'
import { byProgram, PROGRAMS, traitsOf } from '../../../simulator/manager/traits.ts'
import { VERSIONS } from '../../../simulator/manager/versions.ts'
import type { ProgramName } from '../../../simulator/manager/settings.ts'
import { LIMITS, type MachineSettings } from '../../../simulator/scenario/session/index.ts'
import type { PlayWords } from '../words.ts'
import { size } from '../../machine-view/size.ts'

export interface SettingsPanel {
  readonly words: PlayWords
  readonly machine: MachineSettings
  readonly onApply: (machine: MachineSettings) => void
}

const CORES = [1, 2, 3, 4, 6, 8, 12, 16]
/** In MiB, which shops call MB. */
const MEMORY = [256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536]
const SWAP = [0, 512, 1024, 2048, 4096]

/** The panel with the machine's hardware and versions. */
export function settingsPanel({ words, machine, onApply }: SettingsPanel): TemplateResult {
  const text = words.machine
  const inBytes = (mb: number): string => size(mb * MIB)
  const choose = (
    name: string,
    label: string,
    now: number | string,
    choices: readonly (readonly [value: number | string, label: string])[],
  ): TemplateResult =>
    html`<label>
      ${label}
      <select name=${name}>
        ${choices.map(([value, label]) => html`<option value=${value} .selected=${value === now}>${label}</option>`)}
      </select>
    </label>`
  const memory = machine.memory / MIB
  const memories = MEMORY.includes(memory) ? MEMORY : [...MEMORY, memory].toSorted((a, b) => a - b)
  const cores = CORES.includes(machine.cores) ? CORES : [...CORES, machine.cores].toSorted((a, b) => a - b)
  const swap = (machine.swap ?? 0) / MIB
  const swaps = SWAP.includes(swap) ? SWAP : [...SWAP, swap].toSorted((a, b) => a - b)
  return html`<details class="panel settings">
    <summary>${text.title}</summary>
    <form
      @submit=${(event: Event) => {
        event.preventDefault()
        onApply(read(new FormData(event.target as HTMLFormElement), machine))
      }}
    >
      ${choose(
        'cores',
        text.cores,
        machine.cores,
        cores.map((count) => [count, String(count)]),
      )}
      ${choose(
        'memory',
        text.memory,
        memory,
        memories.map((mb) => [mb, inBytes(mb)]),
      )}
      ${choose(
        'swap',
        text.swap,
        swap,
        swaps.map((mb) => [mb, mb === 0 ? text.none : inBytes(mb)]),
      )}
      ${PROGRAMS.map((program) =>
        choose(
          program,
          traitsOf({ program }).packageName,
          machine.versions[program],
          VERSIONS[program].map((version) => [version, version]),
        ),
      )}
      <label>
        ${text.seed}
        <input
          type="number"
          name="seed"
          required
          min=${LIMITS.seed[0]}
          max=${LIMITS.seed[1]}
          .value=${String(machine.seed)}
        />
      </label>
      <button>${text.apply}</button>
      <p class="soft">${text.hint} ${text.seedHint}</p>
    </form>
  </details>`
}

function read(data: FormData, before: MachineSettings): MachineSettings {
  const number = (name: string): number => Number(data.get(name))
  const version = (program: ProgramName): string => {
    const chosen = data.get(program)
    return VERSIONS[program].find((each) => each === chosen) ?? before.versions[program]
  }
  return {
    cores: number('cores'),
    memory: Math.round(number('memory') * MIB),
    ...(number('swap') === 0 ? {} : { swap: Math.round(number('swap') * MIB) }),
    seed: number('seed'),
    versions: byProgram(version),
  }
}
