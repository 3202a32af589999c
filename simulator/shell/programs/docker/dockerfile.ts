import {
  DockerfileParser,
  type Instruction,
  type ModifiableInstruction,
  type PropertyInstruction,
} from 'dockerfile-ast'
import { lookUp } from '../../../manager/look-up.ts'
import type { HealthCheck } from '../../../machine/keeper/api.ts'
import { SIGNAL_NAMES, signalName, signalNumber } from '../signal-names.ts'
import type { Image } from './images.ts'
import { duration } from './output.ts'

/** A step that makes a layer. */
export interface Layer {
  /** The instruction as the build shows it. */
  readonly text: string
  /** What is copied from the machine's files. */
  readonly sources: readonly string[]
  readonly runs: boolean
}

/** A stage of a Dockerfile: what it begins with, its layers, and what its image is told to be. */
export interface Stage {
  readonly base: string
  readonly name: string | undefined
  readonly layers: readonly Layer[]
  /** Settings over those of the base. */
  readonly change: (base: Image) => Omit<Image, 'id' | 'created'>
}

type Settings = Omit<Image, 'id' | 'created'>
type Change = (settings: Settings, words: Words) => Settings
type Words = (text: string) => string

/** Why a Dockerfile cannot be built, as BuildKit says it. */
export class DockerfileError extends Error {}

/** Docker's own times for HEALTHCHECK, in ms. */
const USUAL_HEALTH = { interval: 30_000, timeout: 30_000, retries: 3, startPeriod: 0 }

/** Reads a Dockerfile. @throws DockerfileError */
export function readDockerfile(text: string, args: Readonly<Record<string, string>>): readonly Stage[] {
  const instructions = DockerfileParser.parse(text).getInstructions()
  if (instructions.length === 0) throw new DockerfileError('file with no instructions')
  const stages: { base: string; name: string | undefined; layers: Layer[]; changes: Change[] }[] = []
  const defaults = new Map<string, string>()
  for (const instruction of instructions) {
    const keyword = instruction.getKeyword().toUpperCase()
    const line = instruction.getRange().start.line + 1
    const content = contentOf(instruction)
    if (!KNOWN.has(keyword))
      throw new DockerfileError(
        `dockerfile parse error on line ${line}: unknown instruction: ${instruction.getInstruction()}`,
      )
    if (keyword === 'ARG') {
      for (const property of propertiesOf(instruction))
        defaults.set(property.name, lookUp(args, property.name) ?? property.value)
      continue
    }
    if (keyword === 'FROM') {
      const [base = '', as, name] = content.split(/\s+/)
      const known = (word: string): string | undefined => defaults.get(word)
      stages.push({
        base: substitute(base, known),
        name: as?.toUpperCase() === 'AS' ? name : undefined,
        layers: [],
        changes: [],
      })
      continue
    }
    const stage = stages.at(-1)
    if (stage === undefined)
      throw new DockerfileError(`dockerfile parse error on line ${line}: no build stage in current context`)
    if (content === '')
      throw new DockerfileError(
        `dockerfile parse error on line ${line}: ${keyword} requires at least one argument`,
      )
    if (LAYERS.has(keyword)) stage.layers.push(layerOf(instruction, keyword, content))
    const change = changeOf(instruction, keyword, content, line)
    if (change !== undefined) stage.changes.push(change)
  }
  if (stages.length === 0)
    throw new DockerfileError('dockerfile parse error on line 1: no build stage in current context')
  return stages.map(({ base, name, layers, changes }) => ({
    ...{ base, name, layers },
    change: ({ id: _, created: __, ...settings }) =>
      changes.reduce<Settings>(
        (before, change) =>
          change(before, (word) => substitute(word, (key) => lookUp(before.env, key) ?? defaults.get(key))),
        settings,
      ),
  }))
}

const LAYERS: ReadonlySet<string> = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR'])
const KNOWN: ReadonlySet<string> = new Set(
  'FROM ARG RUN CMD LABEL MAINTAINER EXPOSE ENV ADD COPY ENTRYPOINT VOLUME USER WORKDIR ONBUILD STOPSIGNAL HEALTHCHECK SHELL'.split(
    ' ',
  ),
)

/** The arguments without comments and the ends of continued lines. */
function contentOf(instruction: Instruction): string {
  return (instruction.getArgumentsContent() ?? '').trim()
}

function propertiesOf(instruction: Instruction): { name: string; value: string }[] {
  return (instruction as PropertyInstruction)
    .getProperties()
    .map((property) => ({ name: property.getName(), value: property.getValue() ?? '' }))
}

function flagsOf(instruction: Instruction): ReadonlyMap<string, string> {
  const flags = (instruction as ModifiableInstruction).getFlags()
  return new Map(flags.map((flag) => [flag.getName(), flag.getValue() ?? '']))
}

function layerOf(instruction: Instruction, keyword: string, content: string): Layer {
  const flags = keyword === 'WORKDIR' ? new Map<string, string>() : flagsOf(instruction)
  const shown = [...flags].map(([name, value]) => ` --${name}=${value}`).join('')
  const copies = (keyword === 'COPY' || keyword === 'ADD') && !flags.has('from')
  const words = wordsOf(content) ?? content.split(/\s+/)
  return {
    text: `${keyword}${shown} ${content.replaceAll(/\s+/g, ' ')}`,
    sources: copies ? words.slice(0, -1).filter((word) => !/^https?:|^<</.test(word)) : [],
    runs: keyword === 'RUN',
  }
}

/** The words of the exec form: a JSON array of strings. With single quotes it is none. */
function wordsOf(content: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(content)
    return Array.isArray(value) && value.every((word) => typeof word === 'string') ? value : undefined
  } catch {
    return undefined
  }
}

function commandOf(content: string): readonly string[] {
  return wordsOf(content) ?? ['/bin/sh', '-c', content]
}

/** `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:+other}`. */
function substitute(text: string, value: (name: string) => string | undefined): string {
  return text.replace(
    /\\\$|\$(?:\{(\w+)(?::([-+])([^}]*))?\}|(\w+))/g,
    (whole, name?: string, how?: string, other = '', bare?: string) => {
      if (whole === '\\$') return '$'
      const found = value(name ?? bare ?? '')
      if (how === '+') return found === undefined || found === '' ? '' : String(other)
      return found === undefined || (found === '' && how === '-') ? String(other) : found
    },
  )
}

function changeOf(
  instruction: Instruction,
  keyword: string,
  content: string,
  line: number,
): Change | undefined {
  switch (keyword) {
    case 'ENV': {
      const pairs = propertiesOf(instruction)
      return (before, words) => ({
        ...before,
        env: { ...before.env, ...Object.fromEntries(pairs.map(({ name, value }) => [name, words(value)])) },
      })
    }
    case 'LABEL': {
      const labels = Object.fromEntries(propertiesOf(instruction).map(({ name, value }) => [name, value]))
      return (before) => ({ ...before, labels: { ...before.labels, ...labels } })
    }
    case 'WORKDIR':
      return (before, words) => ({ ...before, workdir: joined(before.workdir ?? '/', words(content)) })
    case 'USER':
      return (before, words) => ({ ...before, user: words(content).split(':')[0] ?? '' })
    case 'EXPOSE':
      return (before, words) => ({
        ...before,
        exposed: [
          ...new Set([
            ...before.exposed,
            ...words(content)
              .split(/\s+/)
              .map((port) => Number.parseInt(port)),
          ]),
        ],
      })
    case 'CMD':
      return (before) => ({ ...before, cmd: commandOf(content) })
    case 'ENTRYPOINT':
      // It takes the place of the base's command.
      return ({ cmd: _, ...before }) => ({ ...before, entrypoint: commandOf(content) })
    case 'STOPSIGNAL': {
      const name = SIGNAL_NAMES.find((each) => each === signalName(signalNumber(content) ?? 0))
      return name === undefined ? undefined : (before) => ({ ...before, stopSignal: name })
    }
    case 'HEALTHCHECK':
      return healthOf(instruction, content, line)
    default:
      return undefined
  }
}

function healthOf(instruction: Instruction, content: string, line: number): Change {
  const [, word = '', test = ''] = /^(\S+)\s*([\s\S]*)$/.exec(content) ?? []
  if (word.toUpperCase() === 'NONE') return ({ health: _, ...before }) => before
  if (word.toUpperCase() !== 'CMD')
    throw new DockerfileError(
      `dockerfile parse error on line ${line}: Unknown type "${word.toUpperCase()}" in HEALTHCHECK (try CMD)`,
    )
  const flags = flagsOf(instruction)
  const time = (name: string, usual: number): number => duration(flags.get(name) ?? '') ?? usual
  const health: HealthCheck = {
    test: commandOf(test),
    interval: time('interval', USUAL_HEALTH.interval),
    timeout: time('timeout', USUAL_HEALTH.timeout),
    retries: Number(flags.get('retries') ?? USUAL_HEALTH.retries),
    startPeriod: time('start-period', USUAL_HEALTH.startPeriod),
  }
  return (before) => ({ ...before, health })
}

function joined(folder: string, path: string): string {
  return path.startsWith('/') ? path : `${folder.replace(/\/$/, '')}/${path}`
}
