/** A recorded run: content/transcripts/<program>-<version>/<scenario>.txt */
export interface Recording {
  readonly command: string
  /** For example `uvicorn 0.51.0`. */
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
 * @throws if there is none, naming those that exist.
 */
export function recording(name: string): Recording {
  return parseRecording(pick(texts, name, '.txt'), name)
}

/** Reads a recording: header lines start with `#`, `\e` stands for the escape character. */
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

/** One moment of a recorded run, in seconds since its start. */
export interface Moment {
  readonly at: number
  readonly source: string
  readonly text: string
}

/** Whether the times of a recording are kept beside it. */
export function hasMoments(name: string): boolean {
  return Object.hasOwn(times, `../../content/transcripts/${name}.times.tsv`)
}

/** The times of a recording, from the .times.tsv beside it. */
export function moments(name: string): Moment[] {
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
  const text = key === undefined ? undefined : files[key]
  if (text === undefined)
    throw new Error(`No transcript ${name}. There are: ${Object.keys(files).map(path).join(', ')}.`)
  return text
}
