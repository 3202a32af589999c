import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { scenario } from '../../../simulator/scenario/index.ts'

const DOCS = new URL('../../../content/docs/', import.meta.url)

/** Pages that are no chapters: they have neither a recap nor a command for the reader's machine. */
const OTHERS = [
  '404.mdx',
  'about.mdx',
  'glossary.mdx',
  'index.mdx',
  'playground.mdx',
  'questions.mdx',
  'reference.mdx',
]
const chapters = (await readdir(DOCS)).filter((name) => name.endsWith('.mdx') && !OTHERS.includes(name))

/** A page's text without its front matter, its imports, and its blocks of code. */
function prose(text: string): string {
  return text
    .replace(/^---\n[\s\S]*?\n---\n/, '')
    .replaceAll(/^import .*$/gm, '')
    .replaceAll(/^ *```[\s\S]*?^ *```$/gm, '')
}

describe.each(chapters)('%s', async (name) => {
  const text = await readFile(new URL(name, DOCS), 'utf8')

  test('has a title, and a description that a search page can show whole', () => {
    expect(text).toMatch(/^---\ntitle: .{3,60}\n/)
    const description = /^description: (.+)$/m.exec(text)?.[1] ?? ''
    expect(description.length).toBeGreaterThan(60)
    expect(description.length).toBeLessThan(260)
  })

  test('begins with a paragraph of its own, before anything else', () => {
    const [first = ''] = prose(text).trim().split('\n\n')
    expect(first).toMatch(/^[A-Z].{150,}/)
  })

  test('has headings one level below the other, each once', () => {
    const headings = [...prose(text).matchAll(/^(#+) (.+)$/gm)]
    let level = 1
    for (const [, marks = ''] of headings) {
      expect(marks.length).toBeGreaterThan(1)
      expect(marks.length).toBeLessThanOrEqual(level + 1)
      level = marks.length
    }
    const names = headings.map(([, , heading]) => heading)
    expect(names.filter((heading, index) => names.indexOf(heading) !== index)).toEqual([])
  })

  test('ends with a recap, and leads to the reader’s machine', () => {
    const headings = [...prose(text).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)
    expect(headings.at(-1)).toBe('Recap')
    expect(text).toMatch(/npx server-workers/)
  })

  test('asks only what its lab asks', () => {
    const asked = [...text.matchAll(/<Ask task="([^"]+)"/g)].map(([, task]) => task)
    const lab = /<Lab scenario="([^"]+)"/.exec(text)?.[1]
    if (lab === undefined) return expect(asked).toEqual([])
    const { predictions, checkpoints } = scenario(lab)
    const tasks = [...predictions, ...checkpoints].map(({ id }) => id)
    // No task waits in the lab's list alone, and each stands in the text once.
    expect(asked.toSorted()).toEqual(tasks.toSorted())
  })

  test('with a lab, has two to four checkpoints, commands to put into the lab, and a guided run', () => {
    const lab = /<Lab scenario="([^"]+)"/.exec(text)?.[1]
    if (lab === undefined) return expect(['choosing.mdx', 'concepts.mdx', 'run.mdx']).toContain(name)
    const { length } = scenario(lab).checkpoints
    expect(length).toBeGreaterThanOrEqual(2)
    expect(length).toBeLessThanOrEqual(4)
    const commands = [...text.matchAll(/<Command\s+run=[\s\S]*?\/>/g)].map(([command]) => command)
    expect(commands.some((command) => !command.includes('lab={false}'))).toBe(true)
    expect(text).toContain('npx server-workers lab ')
  })

  test('shows its commands as tabs that keep the reader’s choice', () => {
    const keys = [...text.matchAll(/<Tabs([^>]*)>/g)].map(([, attributes]) => attributes)
    expect(keys).not.toEqual([])
    expect(keys.filter((attributes) => attributes?.includes('syncKey=') !== true)).toEqual([])
    expect(text).toContain('<Tabs syncKey="program">')
  })

  test('publishes no port of a container past the firewall of a real machine', () => {
    const real = [...text.matchAll(/<Command\s+run="(docker run[^"]*)" lab=\{false\} \/>/g)]
    const ports = real.flatMap(([, command = '']) =>
      [...command.matchAll(/ -p (\S+)/g)].map(([, port = '']) => port),
    )
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([])
  })

  test('has its lab near the top: before the first heading', () => {
    const lab = text.indexOf('<Lab ')
    if (lab >= 0) expect(lab).toBeLessThan(text.indexOf('\n## '))
  })
})
