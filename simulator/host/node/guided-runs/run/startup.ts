import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isProgram } from '../../../../manager/traits.ts'
import { Failure } from '../../output/failure.ts'
import { fill } from '../../output/language.ts'
import { shellWord } from '../../cli/shell-word.ts'
import { ask } from '../parts/ask.ts'
import type { Guide } from '../parts/guide.ts'
import { Server } from '../parts/server.ts'

const COMMAND = fileURLToPath(new URL('./server-workers.mjs', import.meta.url))
const DEFAULT = ['uvicorn', 'main:app', '--host', '0.0.0.0', '--port', '8080', '--workers', '4']
const FOLDER = 'deploy'
/** The stop timeout in the files: gunicorn waits 30 s for its workers, and its init system must wait a little longer, in seconds. */
const PATIENCE = 35

/**
 * Writes the systemd unit, the Supervisor program and the container file for a command, and shows why a server should not run in a
 * terminal.
 * @throws Failure when the command is not one of ours, or a file exists already.
 */
export async function startup(guide: Guide, typed: readonly string[]): Promise<void> {
  const words = guide.words.startup
  const line = typed.length === 0 ? DEFAULT : typed
  if (!isProgram(line[0] ?? '')) throw new Failure(fill(words.badCommand, { typed: line.join(' ') }), 2)
  const files = filesFor(line, process.cwd())
  const taken = files.map(({ name }) => join(FOLDER, name)).filter((path) => existsSync(path))
  if (taken.length > 0) throw new Failure(fill(words.taken, { files: taken.join(', ') }))

  guide.title(words.title)
  guide.say(words.intro)
  const predicted = await guide.predict(words.terminal.question, words.terminal.choices)
  const server = await Server.start(guide, { app: 'counter:app', workers: 1, options: ['--no-access-log'] })
  guide.gap()
  guide.say(words.terminal.closes, { pid: server.pid })
  guide.command(`kill -HUP ${server.pid}`)
  server.kill('SIGHUP')
  const end = await server.ended()
  guide.fact(fill(words.terminal.ended, { end }))
  guide.command(`curl http://127.0.0.1:${server.port}/`)
  const answer = await ask(server.port)
  guide.fact(answer.status === undefined ? answer.error : answer.text)
  guide.gap()
  guide.reveal(predicted, answer.status === undefined ? 1 : 0)
  guide.say(words.terminal.explained)

  guide.title(words.files.title)
  guide.say(typed.length === 0 ? words.files.standard : words.files.own, { command: line.join(' ') })
  mkdirSync(FOLDER, { recursive: true })
  for (const { name, text, explained } of files) {
    writeFileSync(join(FOLDER, name), text)
    guide.command(`cat ${relative('.', join(FOLDER, name))}`)
    for (const each of text.trimEnd().split('\n')) guide.output(each)
    guide.gap()
    for (const sentence of words[explained]) guide.say(sentence, { patience: PATIENCE })
  }
  if (/--host[= ](127\.|localhost)/.test(line.join(' '))) guide.say(words.loopback)
}

interface File {
  readonly name: string
  readonly text: string
  readonly explained: 'unit' | 'supervisor' | 'container'
}

/** The three files for a command that will run in a folder. */
function filesFor(line: readonly string[], folder: string): readonly File[] {
  // npx does not pass signals on, so the files start the command itself.
  const run = [process.execPath, COMMAND, ...line]
  const unit = `[Unit]
Description=${line.join(' ').replaceAll('%', '%%')}
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=all
WorkingDirectory=${folder}
ExecStart=${run.map(unitWord).join(' ')}
User=www-data
EnvironmentFile=-/etc/app.env
Restart=always
RestartSec=2
KillMode=mixed
TimeoutStartSec=10min
TimeoutStopSec=${PATIENCE}

[Install]
WantedBy=multi-user.target
`
  const supervisor = `[program:app]
command=${run.map((word) => shellWord(word).replaceAll('%', '%%')).join(' ')}
directory=${folder}
user=www-data
autostart=true
autorestart=true
startsecs=2
startretries=5
stopsignal=TERM
stopwaitsecs=${PATIENCE}
killasgroup=true
stdout_logfile=/var/log/app.log
redirect_stderr=true
`
  const container = `FROM node:24-slim
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev && npm install --no-save server-workers
COPY . .
USER 1000
CMD ${JSON.stringify(['node_modules/.bin/server-workers', ...line])}
`
  return [
    { name: 'app.service', text: unit, explained: 'unit' },
    { name: 'supervisor-app.conf', text: supervisor, explained: 'supervisor' },
    { name: 'Dockerfile', text: container, explained: 'container' },
  ]
}

/** A word of a unit's command line (systemd.service(5), "Command lines"). */
function unitWord(word: string): string {
  const safe = word.replaceAll('%', '%%').replaceAll('$', '$$$$')
  return /^[\w./:=,@%+$-]+$/.test(safe) ? safe : `"${safe.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
