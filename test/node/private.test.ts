import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { COMMAND, NODE } from './real/command.ts'
import { folder, programs, serving } from './real/app.ts'
import { textOf } from './real/client.ts'

const NAME = `server-workers-${process.getuid?.() ?? 0}`

/** Runs the command to its end with this folder for temporary files. */
const say = (TMPDIR: string) =>
  execFileSync(NODE, [COMMAND, '--version'], { env: { TMPDIR }, encoding: 'utf8' })

describe('what is kept in the folder for temporary files', () => {
  it('is in a folder that is the user’s alone', () => {
    const temporary = folder({})
    say(temporary)
    expect(readdirSync(temporary)).toEqual([NAME])
    expect(lstatSync(join(temporary, NAME)).mode & 0o777).toBe(0o700)
    expect(readdirSync(join(temporary, NAME, 'compile-cache')).length).toBe(1)
  })

  it('is nowhere when others could write there, or it is a link, or a file, or others could put one there', () => {
    const open = folder({})
    mkdirSync(join(open, NAME))
    execFileSync('chmod', ['777', join(open, NAME)])
    say(open)
    expect(readdirSync(join(open, NAME))).toEqual([])

    const [linked, elsewhere] = [folder({}), folder({})]
    symlinkSync(elsewhere, join(linked, NAME))
    say(linked)
    expect(readdirSync(elsewhere)).toEqual([])

    const file = folder({ [NAME]: '' })
    say(file)
    expect(readFileSync(join(file, NAME), 'utf8')).toBe('')

    const everybodys = folder({})
    execFileSync('chmod', ['777', everybodys])
    say(everybodys)
    expect(readdirSync(everybodys)).toEqual([])
    // As /tmp is.
    execFileSync('chmod', ['1777', everybodys])
    say(everybodys)
    expect(readdirSync(everybodys)).toEqual([NAME])
  })

  it.runIf(process.getuid?.() === 0)('is nowhere when another user made the folder', () => {
    const temporary = folder({})
    mkdirSync(join(temporary, NAME), 0o700)
    execFileSync('chown', ['65534', join(temporary, NAME)])
    say(temporary)
    expect(readdirSync(join(temporary, NAME))).toEqual([])
  })

  const STORES = {
    'main.mjs': `import { store } from 'server-workers/lab'
      export const app = async () => new Response(String(await store.incr('n').catch((error) => error.message)))`,
  }

  it('is shared by the workers, and said when it cannot be', async () => {
    const [good, bad] = [folder({}), folder({ [NAME]: '' })]
    const { port } = await serving(programs(2).uvicorn, { cwd: folder(STORES), env: { TMPDIR: good } })
    const counts = [await textOf(port, '/'), await textOf(port, '/'), await textOf(port, '/')]
    expect(counts).toEqual(['1', '2', '3'])
    const other = await serving(programs(2).uvicorn, { cwd: folder(STORES), env: { TMPDIR: bad } })
    expect(await textOf(other.port, '/')).toContain('set TMPDIR to a folder of your own')
  })
})

describe('a file that is written', () => {
  it('follows no link that lies where its draft was', async () => {
    const cwd = folder()
    const victim = join(folder({ victim: 'whole' }), 'victim')
    const pidfile = join(cwd, 'pid')
    // Where the draft of the process to come was, whichever it is.
    const last = Number(readFileSync('/proc/loadavg', 'utf8').trim().split(' ').at(-1))
    for (let pid = last; pid < last + 300; pid++) symlinkSync(victim, `${pidfile}.${pid}`)
    const { command } = await serving(`${programs(1).gunicorn} --pid ${pidfile}`, { cwd })
    expect(readFileSync(victim, 'utf8')).toBe('whole')
    expect(readFileSync(pidfile, 'utf8')).toBe(`${command.pid}\n`)
  })

  it('cert on a full disk leaves nothing half-made, and names the file', () => {
    const cwd = folder({})
    const data = folder({})
    const cert = (limit: string) => {
      // A key has 241 bytes, a certificate more than a block of 512: as on a disk with room for one of them.
      const line = `${limit} exec "$0" "$1" cert`
      const { status, stderr } = spawn(['sh', '-c', line, NODE, COMMAND], cwd, data)
      return { status, stderr }
    }
    const made = join(data, 'server-workers')
    expect(cert('ulimit -f 1;')).toEqual({
      status: 1,
      stderr: `${made}/authority.pem could not be written: EFBIG.\n`,
    })
    expect(readdirSync(made)).toEqual([])
    expect(cert('')).toEqual({ status: 0, stderr: '' })
    const before = readFileSync(join(cwd, 'localhost-key.pem'), 'utf8')
    expect(cert('ulimit -f 1;')).toEqual({
      status: 1,
      stderr: 'localhost.pem could not be written: EFBIG.\n',
    })
    expect(readFileSync(join(cwd, 'localhost-key.pem'), 'utf8')).toBe(before)
    expect(readdirSync(cwd).sort()).toEqual(['localhost-key.pem', 'localhost.pem'])
    expect(existsSync(join(made, 'authority.pem'))).toBe(true)
  })
})

function spawn([file = '', ...words]: readonly string[], cwd: string, XDG_DATA_HOME: string) {
  const { status, stderr } = spawnSync(file, words, {
    cwd,
    env: { PATH: process.env['PATH'], XDG_DATA_HOME },
    encoding: 'utf8',
  })
  return { status, stderr }
}
