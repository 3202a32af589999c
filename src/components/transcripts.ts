import type { RecordedLine } from './moment.ts'
import { withRealValues } from './real-values.ts'
import { lookUp } from '../../simulator/manager/look-up.ts'

/** A recorded run: content/transcripts/<program>-<version>/<scenario>.txt */
export interface Recording {
  readonly command: string
  /** For example `uvicorn 0.54.0`. */
  readonly program: string
  /** Output lines, with real escape sequences. */
  readonly lines: readonly string[]
}

const texts = import.meta.glob<string>('../../content/transcripts/**/*.txt', {
  query: '?raw',
  import: 'default',
  eager: true,
})
const times = import.meta.glob<string>('../../content/transcripts/**/*.times.tsv', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/**
 * The recording `<program>-<version>/<scenario>`.
 * @throws Error that lists the existing recordings, when there is none of this name
 */
export function recording(name: string): Recording {
  const parsed = parseRecording(pick(texts, name, '.txt'), name)
  return { ...parsed, lines: withRealValues(parsed.lines, name, hasMoments(name) ? moments(name) : []) }
}

/** Parses a recording: header lines start with `#`; `\e` stands for the escape character. */
export function parseRecording(text: string, name: string): Recording {
  const all = text.replace(/\n$/, '').split('\n')
  const header = all.filter((line) => line.startsWith('# '))
  const field = (label: string): string => {
    const line = header.find((candidate) => candidate.startsWith(`# ${label}: `))
    if (line === undefined) throw new Error(`Transcript ${name}: expected a header line "# ${label}: …".`)
    return line.slice(label.length + 4)
  }
  return {
    command: field('command'),
    program: field('recorded from'),
    lines: all.slice(header.length).map((line) => line.replaceAll('\\e', '\x1b')),
  }
}

/** Whether there is a file with the times of a recording. */
export function hasMoments(name: string): boolean {
  return Object.hasOwn(times, `../../content/transcripts/${name}.times.tsv`)
}

/** The times of a recording's lines, from its .times.tsv file. */
export function moments(name: string): RecordedLine[] {
  return pick(times, name, '.times.tsv')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [at = '', source = '', text = ''] = line.split('\t')
      return { at: Number(at), source, text }
    })
}

function pick(files: Record<string, string>, name: string, ending: string): string {
  const path = (key: string): string => key.slice('../../content/transcripts/'.length, -ending.length)
  const key = Object.keys(files).find((candidate) => path(candidate) === name)
  const text = key === undefined ? undefined : lookUp(files, key)
  if (text === undefined)
    throw new Error(`No transcript ${name}. There are: ${Object.keys(files).map(path).join(', ')}.`)
  return text
}
