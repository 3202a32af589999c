import { spawnSync } from 'node:child_process'
import { chownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { globSync } from 'node:fs'
import { expect, onTestFinished, test, type TestContext } from 'vitest'
import { folder } from '../real/app.ts'
import { file, replaced } from './tools.ts'

/** Where Debian keeps the programs of PostgreSQL's server. */
const [INITDB] = globSync('/usr/lib/postgresql/*/bin/initdb')

/** Runs a shell's line as a user who may run PostgreSQL, which refuses root. */
interface Database {
  readonly home: string
  readonly run: (line: string) => { status: number | null; out: string }
}

/** A PostgreSQL of its own, on a socket in a folder. */
function postgres({ skip }: TestContext): Database {
  const initdb =
    INITDB ?? skip('PostgreSQL is not on this machine. To run this test: apt-get install postgresql')
  const home = folder({})
  const user = Number(spawnSync('id', ['-u', 'postgres'], { encoding: 'utf8' }).stdout)
  const root = process.getuid?.() === 0
  if (root) chownSync(home, user, user)
  const env = { PATH: `${dirname(initdb)}:${process.env['PATH'] ?? ''}`, PGHOST: home }
  const run = (line: string) => {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', line], {
      cwd: home,
      env,
      encoding: 'utf8',
      ...(root ? { uid: user, gid: user } : {}),
    })
    return { status, out: stdout + stderr }
  }
  const must = (line: string) => expect(run(line)).toMatchObject({ status: 0 })
  must(`initdb --no-sync --username=$(id -un) --pgdata=data >/dev/null`)
  onTestFinished(() => void run('pg_ctl --pgdata=data --mode=immediate stop'))
  must(`pg_ctl --pgdata=data --wait --options="-k ${home} -c listen_addresses= -c fsync=off" start >log 2>&1`)
  must(`createdb shop && psql -q shop -c 'CREATE TABLE items (id int); INSERT INTO items VALUES (1)'`)
  return { home, run }
}

/** The dumps that are kept, after the guide's script has run. */
function dumped({ home, run }: Database): { status: number | null; kept: string[] } {
  const { status } = run('sh backup.sh')
  return { status, kept: readdirSync(join(home, 'dumps')).filter((name) => name.endsWith('.dump')) }
}

test('the dump is kept once it has been restored, and one of an empty table is not', (context) => {
  const database = postgres(context)
  mkdirSync(join(database.home, 'dumps'), { mode: 0o777 })
  spawnSync('chmod', ['777', join(database.home, 'dumps')])
  writeFileSync(
    join(database.home, 'backup.sh'),
    replaced(file('backup/backup.sh'), { '/var/backups/shop': join(database.home, 'dumps') }),
  )
  const first = dumped(database)
  expect(first).toMatchObject({ status: 0, kept: [expect.stringMatching(/^shop-\d{4}-.*\.dump$/)] })

  // What was kept is the whole: into an empty database, and the row is there.
  const [dump = ''] = first.kept
  const restored = database.run(
    `createdb again && pg_restore --exit-on-error --dbname=again dumps/${dump} && psql -qtA again -c 'SELECT id FROM items'`,
  )
  expect(restored).toEqual({ status: 0, out: '1\n' })

  database.run(`psql -q shop -c 'DELETE FROM items'`)
  expect(dumped(database)).toEqual({ status: 1, kept: first.kept })
})
