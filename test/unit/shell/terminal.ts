import english from '../../../content/lab/en.json' with { type: 'json' }
import { Kernel } from '../../../simulator/host/virtual/kernel.ts'
import { scripted } from '../../../simulator/host/virtual/scripted.ts'
import { defaultSpeaker } from '../../../simulator/manager/versions.ts'
import { decodeKeys } from '../../../simulator/shell/editor/keys.ts'
import { machineShell } from '../../../simulator/shell/machine-shell.ts'
import { Session, type Hint } from '../../../simulator/shell/session.ts'
import { stripAnsi } from '../../../simulator/terminal/index.ts'

/** A simulated machine with scripted processes. */
export function newMachine(seed = 1): Kernel {
  return new Kernel({
    seed,
    factory: scripted,
    interpreter: machineShell(english.shell),
    files: { 'main.js': '', 'main.py': 'app = FastAPI()\n' },
  })
}

/** A terminal on it, and what it has shown. */
export interface TestTerminal {
  readonly session: Session
  /** Types text, control keys included. */
  type(text: string): void
  /** Everything shown, without colours and without the line being typed. */
  readonly text: string
  readonly hints: readonly Hint[]
}

export function openTerminal(kernel: Kernel, name: string, columns = 80): TestTerminal {
  kernel.openTerminal(name, { columns, colors: 'truecolor' })
  let shown = ''
  const hints: Hint[] = []
  const session = new Session({
    system: kernel,
    terminal: name,
    words: english.shell,
    speaks: {
      uvicorn: defaultSpeaker('uvicorn'),
      gunicorn: defaultSpeaker('gunicorn'),
      fastapi: defaultSpeaker('fastapi'),
    },
    columns,
    colors: true,
    drawsLine: false,
    completions: { uvicorn: ['main:app', '--workers 4'] },
    screen: (text) => {
      shown += text
    },
    onHint: (hint) => hints.push(hint),
  })
  kernel.subscribe((event) => {
    if ((event.type === 'output' || event.type === 'echo') && event.terminal === name)
      session.print(event.text)
  })
  session.start()
  return {
    session,
    hints,
    type(text) {
      for (const key of decodeKeys(text)) session.key(key)
    },
    get text() {
      return stripAnsi(shown)
    },
  }
}

/** What a line typed into a fresh terminal prints within this many virtual ms. */
export async function output(line: string, ms = 100): Promise<string> {
  const kernel = newMachine()
  const terminal = openTerminal(kernel, 'client')
  terminal.type(`${line}\r`)
  await kernel.runUntil(ms)
  return terminal.text.slice(terminal.text.indexOf('\n') + 1)
}

/** A machine with a server, and a second terminal beside it. */
export async function serving(command: string, columns = 80) {
  const kernel = newMachine()
  const server = openTerminal(kernel, 'server')
  const client = openTerminal(kernel, 'client', columns)
  server.type(`${command}\r`)
  await kernel.runUntil(2000)
  /** What a line typed into the client's terminal prints. */
  const ask = async (line: string, ms = 200): Promise<string> => {
    const before = client.text.length
    client.type(`${line}\r`)
    await kernel.runUntil(kernel.now + ms)
    return client.text.slice(before).replace(/^[^\n]*\n/, '')
  }
  return { kernel, server, client, ask }
}
