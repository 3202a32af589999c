import type { ProgramContext } from '../../program.ts'
import { resultOf } from '../../run/process.ts'
import { find, flagsOf, idOf, missing, tooFew } from './containers.ts'
import { pairsOf } from './environment.ts'
import { runnable } from './command.ts'

/** `docker exec -it -u app -w /srv -e A=1 web sh -c 'ps aux'`. */
export function exec(call: ProgramContext, args: readonly string[]): number | undefined {
  const flags = flagsOf(call, 'exec', args, {
    values: 'user workdir env env-file detach-keys',
    switches: 'interactive tty detach privileged',
    short: { i: 'interactive', t: 'tty', d: 'detach', u: 'user', w: 'workdir', e: 'env' },
    untilWord: true,
  })
  if (typeof flags === 'number') return flags
  const [typed, ...words] = flags.words
  if (typed === undefined || words.length === 0) return tooFew(call, 'exec', 2)
  const container = find(call, typed)
  if (container === undefined) return missing(call, typed)
  if (flags.has('tty') && call.terminal === undefined) {
    call.err('the input device is not a TTY\n')
    return 1
  }
  const env = pairsOf(call, flags)
  if ('problem' in env) {
    call.err(`${env.problem}\n`)
    return 1
  }
  if (isShellAlone(words)) call.note(call.words.docker.interactive.replace('{name}', () => typed))
  const detached = flags.has('detach')
  const user = flags.get('user')
  const cwd = flags.get('workdir')
  const made = runnable(call, words)
  if ('reason' in made) {
    call.err(
      `OCI runtime exec failed: exec failed: unable to start container process: exec: "${words[0]}": ${made.reason}: unknown\n`,
    )
    return made.code
  }
  const pid = call.system.keepers.exec(container.name, {
    argv: made.argv,
    env: env.pairs,
    ...(user === undefined ? {} : { user }),
    ...(cwd === undefined ? {} : { cwd }),
    write: (stream, text) => {
      if (detached) return
      if (stream === 'stdout') call.out(text)
      else call.err(text)
    },
    onEnd: (status) => call.exit(resultOf(status).code),
  })
  if (pid === 'not-running') {
    call.err(`Error response from daemon: Container ${idOf(container)} is not running\n`)
    return 1
  }
  if (pid === 'not-found') {
    call.err(
      `OCI runtime exec failed: exec failed: unable to start container process: exec: "${words[0]}": executable file not found in $PATH: unknown\n`,
    )
    return 127
  }
  if (detached) return 0
  // With a terminal, Ctrl+C goes to the program; without one it ends docker alone.
  if (flags.has('tty'))
    for (const signal of ['INT', 'QUIT'] as const) call.on(signal, () => void call.system.signal(pid, signal))
  return undefined
}

function isShellAlone(words: readonly string[]): boolean {
  return words.length === 1 && /^(?:\/bin\/)?(?:ba|a)?sh$/.test(words[0] ?? '')
}
