/** Code asks for traits of programs and for rules of versions, not for their names: the lint rule that says so bites. */
import { resolve } from 'node:path'
import { ESLint } from 'eslint'
import ts from 'typescript-eslint'
import { expect, test } from 'vitest'

const eslint = new ESLint({
  overrideConfig: [
    { files: ['**/*.ts'], ...ts.configs.disableTypeChecked },
    { files: ['**/*.ts'], languageOptions: { parserOptions: { project: null } } },
  ],
})

async function complaints(code: string, file: string): Promise<number> {
  const [result] = await eslint.lintText(`${code}\n`, { filePath: resolve(file) })
  return (result?.messages ?? []).filter(({ ruleId }) => ruleId === 'house/names-of-programs').length
}

test.each(['simulator/host/node/cli/launch.ts', 'simulator/shell/complete.ts', 'src/lab/terminals.ts'])(
  'in %s a comparison with a name or a version is a defect',
  async (file) => {
    for (const code of [
      "export const a = speaks.program === 'gunicorn'",
      "export const a = 'fastapi' !== program ? 'fastapi-cli' : program",
      "switch (program) { case 'uvicorn': break }",
      "export const a = command.includes('gunicorn')",
      "export const a = version === '20.1.0'",
      "export const a = compareVersions(version, '26.0.0') >= 0",
      "export const a = workerRules('0.51.0')",
    ])
      expect(await complaints(code, file), code).toBe(1)
    for (const code of [
      "export const a = traitsOf(speaks).starts === 'fork'",
      "export const a = ['uvicorn', 'main:app']",
      'export const a = compareVersions(left, right)',
    ])
      expect(await complaints(code, file), code).toBe(0)
  },
)

test('the files of rules compare versions, and no names', async () => {
  for (const file of ['simulator/manager/uvicorn/rules.ts', 'simulator/command/uvicorn/options.ts']) {
    expect(await complaints("export const a = compareVersions(version, '0.51.0')", file), file).toBe(0)
    expect(await complaints("export const a = program === 'uvicorn'", file), file).toBe(1)
  }
})
