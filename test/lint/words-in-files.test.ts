/** What a reader sees is in the language files: the lint rule that says so bites. */
import { ESLint } from 'eslint'
import { expect, test } from 'vitest'

const eslint = new ESLint({ overrideConfig: { languageOptions: { parserOptions: { project: null } } } })

async function complaints(code: string, filePath: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath })
  return (result?.messages ?? [])
    .filter(({ ruleId }) => ruleId === 'no-restricted-syntax')
    .map(({ message }) => message)
}

const message = expect.stringContaining('language files') as string

test.each(['<p>Press the button</p>', '<p><b>中文</b></p>', '<button type="button" title={x}>Copy</button>'])(
  'text in a component is a defect: %s',
  async (markup) => {
    expect(
      await complaints(`---\nconst x = ''\n---\n\n${markup}\n`, 'src/components/Example.astro'),
    ).toContainEqual(message)
  },
)

test.each(['<p>{words.press}</p>', '<p>{n} × {m}</p>', '<kbd>Ctrl</kbd>', '<style>p { color: red }</style>'])(
  'and this is none: %s',
  async (markup) => {
    const code = `---\nconst [words, n, m] = [{ press: '' }, 1, 2]\n---\n\n${markup}\n`
    expect(await complaints(code, 'src/components/Example.astro')).toEqual([])
  },
)
