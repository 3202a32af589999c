import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { start } from './real/app.ts'

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

describe('the command about itself', () => {
  it.each([
    ['en_US.UTF-8', 'a web application in several worker processes'],
    ['de_DE.UTF-8', 'a web application in several worker processes'],
    ['zh_CN.UTF-8', '用多个工作进程运行 Web 应用'],
    ['ko_KR.UTF-8', '웹 애플리케이션을 여러 워커 프로세스로 실행하며'],
  ])('in %s explains itself in ten lines', async (LANG, sentence) => {
    const { command } = await start('', { medium: { kind: 'pipes' }, env: { LANG } })
    expect(await command.end()).toEqual({ kind: 'code', code: 0 })
    expect(command.text.stderr).toBe('')
    expect(command.text.stdout.trimEnd().split('\n')).toHaveLength(10)
    expect(command.text.stdout).toContain(sentence)
    expect(command.text.stdout).not.toMatch(/[{}]version|[{]command/)
  })

  it('calls itself as it was called', async () => {
    const npm_package_json = '/home/me/server-workers/package.json'
    const env = { npm_command: 'exec', npm_package_name: 'server-workers', npm_package_json }
    const { command } = await start('', { env })
    await command.end()
    expect(command.plain).toContain('npx /home/me/server-workers demo')
  })

  it('tells its version', async () => {
    const { command } = await start('--version')
    await command.end()
    expect(command.plain).toBe(`${version}\n`)
  })

  it('does not know other programs', async () => {
    const { command } = await start('hypercorn main:app')
    expect(await command.end()).toEqual({ kind: 'code', code: 2 })
    expect(command.plain).toMatch(/^server-workers does not know 'hypercorn'\. It runs /)
  })

  it.each([
    ['Windows', 'process.platform', "'win32'", /^server-workers needs Linux or macOS: /],
    [
      'an old Node',
      'process.versions',
      "{ node: '18.20.0' }",
      /^server-workers needs Node 20\.16 or newer; this is Node 18\.20\.0\./,
    ],
  ])('refuses %s', async (_, what, value, sentence) => {
    const [object = '', name = ''] = what.split('.')
    const pretend = `Object.defineProperty(${object}, '${name}', { value: ${value} })`
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(pretend)}`
    const { command } = await start('demo', { env: { NODE_OPTIONS } })
    expect(await command.end()).toEqual({ kind: 'code', code: 1 })
    expect(command.plain).toMatch(sentence)
  })
})
