import type { AppError } from '../../manager/machine.ts'
import type { AppTarget } from '../../manager/settings.ts'
import type { Guest, GuestTurn } from './guest.ts'
import type { Kernel } from './kernel.ts'
import type { TurnInput } from './main-threads.ts'
import type { Process } from './process.ts'
import { WORKER_MEMORY } from './memory-host.ts'

/** The file that a module's name stands for in the working directory of a process, and its text. */
export function findModule(kernel: Kernel, { cwd }: Process, target: AppTarget): Process['preloaded'] {
  const name = `${target.module.replaceAll('.', '/')}.js`
  const file = cwd === undefined || cwd === kernel.cwd ? name : `${cwd.replace(/\/$/, '')}/${name}`
  const source = kernel.readFile(file)
  return source === undefined ? undefined : { file, source }
}

/** The module as the master imported it before it forked this worker (`--preload`). */
export function preloadedBy(kernel: Kernel, { kind, ppid }: Process): Process['preloaded'] {
  return kind === 'worker' ? kernel.table.get(ppid)?.preloaded : undefined
}

/** The code of a process for this application, or nothing when the module does not exist. */
export function makeGuest(kernel: Kernel, process: Process, target: AppTarget): Guest | undefined {
  const module = preloadedBy(kernel, process) ?? findModule(kernel, process, target)
  if (module === undefined) return undefined
  return kernel.factory({
    pid: process.pid,
    ppid: process.ppid,
    env: process.env,
    argv: process.command.split(' '),
    cwd: process.cwd ?? kernel.cwd,
    target,
    ...module,
    chance: kernel.chance.next(),
  })
}

/** Imports the application once in a process that does not serve: `fastapi run` looks at it first, and gunicorn with `--preload`. */
export function importApp(
  kernel: Kernel,
  process: Process,
  target: AppTarget,
  done: (error: AppError | undefined) => void,
): void | Promise<void> {
  const guest = makeGuest(kernel, process, target)
  if (guest === undefined) return done({ kind: 'no-module', module: target.module })
  // Held by the process, so that it ends with it.
  process.guest = guest
  const finish = (error: AppError | undefined): void => {
    guest.end()
    process.guest = undefined
    done(error)
  }
  const take = (input: TurnInput): void | Promise<void> => {
    const turn = guest.turn({ ...input, now: kernel.now, epoch: kernel.epoch })
    return turn instanceof Promise ? turn.then(settle) : settle(turn)
  }
  const settle = (turn: GuestTurn): void => {
    if (!process.alive) return
    if (turn.memory !== undefined) kernel.setMemory(process, turn.memory)
    for (const act of turn.acts) {
      if (act.type === 'print') kernel.output(process, act.stream, act.text)
      if (act.type === 'call') {
        kernel.data.call(process, act.method, act.args, (reply) =>
          take({ type: 'reply', call: act.call, ...reply }),
        )
      }
      if (act.type === 'exit') return kernel.terminate(process, { code: act.code })
      if (act.type === 'imported') {
        kernel.setMemory(process, Math.max(process.memory, WORKER_MEMORY))
        return finish(undefined)
      }
      if (act.type === 'import-failed') return finish(act.error)
      if (act.type === 'crashed') return finish({ kind: 'raised', raised: act.raised })
    }
    if (turn.spinning !== undefined) void turn.spinning.then(settle)
    else if (turn.wakeAt !== undefined) kernel.schedule(turn.wakeAt, () => take({ type: 'wake' }))
  }
  return take({ type: 'import' })
}
