/** The guided runs of the command, as they are shipped. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { program } from './deploy/tools.ts'
import { rootWith, verify } from './deploy/verify.ts'
import { folder } from './real/app.ts'
import { Command } from './real/command.ts'
import { lives } from './real/processes.ts'

const PIPES = { kind: 'pipes' } as const

function lab(words: string, start: Partial<ConstructorParameters<typeof Command>[1]> = {}): Command {
  const cwd = folder({})
  const command = new Command(['lab', ...words.split(' ').filter(Boolean)], { cwd, medium: PIPES, ...start })
  onTestFinished(() => command.stop())
  return command
}

/** Runs a lab to its end; everything that it started is gone then. */
async function through(name: string, start: Parameters<typeof lab>[1] = {}, typed = ''): Promise<string> {
  const command = lab(`${name} --yes ${typed}`, start)
  const end = await command.end(110)
  expect(command.text.stderr).toBe('')
  expect(end, command.plain).toEqual({ kind: 'code', code: 0 })
  const pids = [...command.plain.matchAll(/(?:process \[|"pid":)(\d+)/g)].map(([, pid]) => Number(pid))
  expect(pids.filter(lives)).toEqual([])
  return command.plain
}

describe('a guided run', { timeout: 120_000 }, () => {
  it('replication: measures a speed-up, and asks one counter eight times', async () => {
    const text = await through('replication')
    expect(text).toMatch(/^ {2}1 +\d+ +1\.00$/m)
    const answers = [...text.matchAll(/\{"pid":(\d+),"count":(\d+)\}/g)]
    expect(answers).toHaveLength(8)
    // Each worker counts for itself.
    const counts = new Map<string, number>()
    for (const [, pid = '', count] of answers) {
      counts.set(pid, (counts.get(pid) ?? 0) + 1)
      expect(Number(count)).toBe(counts.get(pid))
    }
    const shares = [...text.matchAll(/^ {2}\d+ +(\d+) {2}█+$/gm)].map(([, count]) => Number(count))
    expect(shares.reduce((sum, count) => sum + count, 0)).toBe(200)
  })

  it('memory: every worker holds a model of its own', async () => {
    const text = await through('memory')
    const [, model = ''] = /loads a model of (\d+) MB/.exec(text) ?? []
    const [, each = ''] = /^ {2}4 +\d+ MB +((?:\d+ MB(?: \+ )?){4}) +\d+ MB$/m.exec(text) ?? []
    const sizes = each.split(' + ').map((size) => Number.parseInt(size))
    expect(sizes).toHaveLength(4)
    for (const size of sizes) expect(size).toBeGreaterThan(Number(model))
  })

  it('restarts: a worker is replaced, and nothing survives the manager', async () => {
    const text = await through('restarts')
    expect(text).toMatch(/Child process \[\d+\] died/)
    expect(text).toContain('ECONNREFUSED')
    // It ends with its chapter and the next run.
    expect(text.replaceAll(/\s+/g, ' ')).toMatch(
      /The chapter “Restarts” of the guide explains it\. The next run: .* lab startup/,
    )
  })

  it('startup: writes files that name the command, and writes nothing over', async (context) => {
    const cwd = folder({})
    const text = await through('startup', { cwd }, '-- uvicorn main:app --port 8080 --workers 2')
    expect(text).toContain('ended by SIGHUP')
    const unit = readFileSync(join(cwd, 'deploy/app.service'), 'utf8')
    expect(unit).toMatch(
      /^ExecStart=\/\S+ \/\S+server-workers\.mjs uvicorn main:app --port 8080 --workers 2$/m,
    )
    expect(unit).toContain(`WorkingDirectory=${cwd}`)
    expect(unit).toMatch(/^Type=notify\nNotifyAccess=all$/m)
    const supervisor = readFileSync(join(cwd, 'deploy/supervisor-app.conf'), 'utf8')
    expect(supervisor).toMatch(/^stopsignal=TERM$[^]*^killasgroup=true$/m)
    expect(readFileSync(join(cwd, 'deploy/Dockerfile'), 'utf8')).toMatch(
      /^USER 1000\nCMD \["[^"]+", ?"uvicorn"/m,
    )
    const again = lab('startup --yes', { cwd })
    expect(await again.end()).toEqual({ kind: 'code', code: 1 })
    expect(again.plain).toContain('deploy/app.service')
    const systemd = program('systemd-analyze', 'systemd', context)
    expect(verify(systemd, rootWith('app.service', unit), 'app.service')).toEqual({ complaints: '', code: 0 })
  })

  it('previous-steps: counts how often the migration ran', async () => {
    const text = await through('previous-steps')
    expect(text).toMatch(/^ {2}behind a lock +1 +\d+\.\d\d s$/m)
    expect(text).toMatch(/^ {2}before the start +1 +\d+\.\d\d s$/m)
    expect(text).toMatch(/^ {2}in each worker +[1-4] +\d+\.\d\d s$/m)
  })

  it('https: a strange authority is refused, and a renewed certificate loses nothing', async () => {
    const text = await through('https')
    expect(text).toMatch(/protocol +TLSv1\.3/)
    expect(text).toContain('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    expect(text).toContain('"url":"https://api.example.test/"')
    expect(text).toContain('"url":"http://api.example.test/"')
    expect(text).toMatch(/^ {2}\d+ +0 +[0-9A-F]{8} → [0-9A-F]{8}$/m)
  })

  it('speaks the language of the environment', async () => {
    expect(await through('previous-steps', { env: { LANG: 'ko_KR.UTF-8' } })).toContain('사전 단계')
    const chinese = lab('', { env: { LANG: 'zh_CN.UTF-8' } })
    await chinese.end()
    expect(chinese.plain).toContain('真实进程')
  })

  it('lets the reader choose on a terminal, and Enter leaves', async () => {
    const medium = { kind: 'pty', columns: 80, colors: 'truecolor' } as const
    const command = lab('', { medium })
    await command.printed('Which one (1-6, Enter leaves): ', 1, 60)
    command.press('9\r')
    await command.printed("'9' is none of them")
    command.press('2\r')
    await command.printed('Restarts: who starts it again?', 1, 60)
    command.press('\u0003')
    expect(await command.end()).toEqual({ kind: 'code', code: 130 })

    const left = lab('', { medium })
    await left.printed('Which one', 1, 60)
    left.press('\r')
    expect(await left.end()).toEqual({ kind: 'code', code: 0 })
    expect(left.plain).not.toContain('who starts it again?')
  })

  it('asks on a terminal; a wrong answer is asked again, and Ctrl+C stops everything', async () => {
    const command = lab('restarts', { medium: { kind: 'pty', columns: 80, colors: 'truecolor' } })
    await command.printed('Your prediction (1-2, Enter skips): ', 1, 60)
    const [, manager = '', workers = ''] =
      /manager is (\d+); its workers are ([\d, ]+)\./.exec(command.plain) ?? []
    command.press('seven\r')
    await command.printed("'seven' is none of them")
    command.press('\u0003')
    expect(await command.end()).toEqual({ kind: 'code', code: 130 })
    for (const pid of [manager, ...workers.split(', ')]) expect(lives(Number(pid))).toBe(false)
  })
})

describe('wrong words', () => {
  it.each([
    [
      'replicatoin',
      /no lab 'replicatoin'. The labs are: replication, restarts, startup, memory, previous-steps, https/,
    ],
    ['memory --fast', /--yes and --help/],
    ['memory -- uvicorn main:app', /takes no command of yours/],
    ['startup -- python main.py', /must begin with uvicorn, gunicorn or fastapi/],
  ])('%s', async (words, message) => {
    const command = lab(words)
    expect(await command.end()).toEqual({ kind: 'code', code: 2 })
    expect(command.text.stderr).toMatch(message)
    expect(command.text.stderr).not.toContain('    at ')
    expect(existsSync('deploy')).toBe(false)
  })
})
