import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const SHOWN = new URL('../../../content/transcripts/', import.meta.url)
const RECORDED = new URL('../../recordings/', import.meta.url)

/** The lines of a recording without what differs from run to run: numbers of processes and ports, the time. */
function shapes(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# '))
    .map((line) =>
      line
        // The terminal's answers to questions for its colours, and the numbers of links, are not shown.
        .replaceAll(/(?:\\e\]1[01];\?\\e\\)/g, '')
        .replaceAll(/\]8;id=[^;]*;/g, ']8;;')
        .replaceAll(/\[(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}|<ts>)\]/g, '[time]')
        .replaceAll(/<(?:parent|port|n|w\d+)>|(?<=[[(: ;m])\d{3,6}(?=[\]):;. ,\\!]|$)/g, '#')
        .trimEnd(),
    )
    .filter((line) => line !== '')
    .toSorted()
}

const names = (await readdir(SHOWN, { recursive: true })).filter((name) => name.endsWith('.txt'))

// The recordings in test/recordings are those that the managers are held against.
test.each(names)(
  '%s, which the chapters show, is the recording that the managers are held against',
  async (name) => {
    const [shown, recorded] = await Promise.all([
      readFile(new URL(name, SHOWN), 'utf8'),
      readFile(new URL(name, RECORDED), 'utf8'),
    ])
    expect(shapes(shown)).toEqual(shapes(recorded))
  },
)
