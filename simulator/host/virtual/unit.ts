import type { ActiveState, JobResult, SubState, UnitResult, UnitStatus } from '../../machine/init/api.ts'
import { StartLimit, restarts, resultOf } from '../../machine/init/restart.ts'
import {
  readEnvironmentFile,
  type ReadUnit,
  type Service,
  type UnitCommand,
} from '../../machine/init/unit-file.ts'
import { cpuWords, exitWords, unitWords } from '../../machine/init/words.ts'
import type { ExitStatus } from '../../manager/machine.ts'
import { isSignalName, type SignalName } from '../../manager/signals.ts'
import { nameOf, type Kernel } from './kernel.ts'
import type { Process } from './process.ts'
import type { Due } from './queue.ts'

type Done = (result: JobResult) => void

/** What a unit may write to the journal. */
type Say = (text: string, priority?: 3 | 4 | 5 | 6) => void

/** The life of a service under the init system (systemd 252, src/core/service.c). */
export class Unit {
  readonly name: string
  readonly #kernel: Kernel
  readonly #say: Say
  readonly #limit = new StartLimit()
  /** As it was loaded. */
  read: ReadUnit
  #active: ActiveState = 'inactive'
  #sub: SubState = 'dead'
  #result: UnitResult = 'success'
  #since: number
  #main: number | undefined
  #status: ExitStatus | undefined
  #restarts = 0
  #due: Due | undefined
  #restartAt: number | undefined
  /** It was told to stop: it is not started again by itself. */
  #stopping = false
  #cpu = 0
  #starters: Done[] = []
  #stoppers: Done[] = []

  constructor(kernel: Kernel, name: string, read: ReadUnit, say: Say) {
    this.#kernel = kernel
    this.name = name
    this.read = read
    this.#say = say
    this.#since = kernel.now
  }

  get active(): ActiveState {
    return this.#active
  }

  /** What `systemctl status` knows beside the file. */
  state(): Pick<
    UnitStatus,
    | 'active'
    | 'sub'
    | 'result'
    | 'since'
    | 'mainPid'
    | 'status'
    | 'restarts'
    | 'restartAt'
    | 'pids'
    | 'memory'
    | 'cpu'
  > {
    const processes = this.#processes()
    return {
      active: this.#active,
      sub: this.#sub,
      result: this.#result,
      since: this.#since,
      mainPid: this.#main,
      status: this.#status,
      restarts: this.#restarts,
      restartAt: this.#restartAt,
      pids: processes.map(({ pid }) => pid),
      memory: processes.reduce((sum, process) => sum + this.#kernel.pages.of(process).pss, 0),
      cpu: processes.reduce((sum, process) => sum + this.#kernel.cores.usedBy(process), this.#cpu),
    }
  }

  #processes(): readonly Process[] {
    return [...this.#kernel.table.values()].filter(({ alive, unit }) => alive && unit === this.name)
  }

  // Starting

  /** A start by hand, or at boot. */
  start(done: Done): void {
    if (this.#active === 'active') return done('done')
    if (this.#active === 'deactivating') {
      this.#stoppers.push(() => this.start(done))
      return
    }
    this.#starters.push(done)
    if (this.#active === 'activating' && this.#sub !== 'auto-restart') return
    this.#restarts = 0
    this.#begin()
  }

  #begin(): void {
    const { service } = this.read
    this.#cancel()
    this.#stopping = false
    if (service === undefined) return this.#answer('bad-setting')
    if (!this.#limit.take(this.#kernel.now, service.startLimitInterval, service.startLimitBurst)) {
      this.#say(`${this.name}: Start request repeated too quickly.`, 4)
      if (this.#result === 'success') this.#result = 'start-limit-hit'
      this.#fail()
      return this.#answer('start-limit-hit')
    }
    this.#result = 'success'
    this.#status = undefined
    this.#cpu = 0
    this.#startPre(service, 0)
  }

  #startPre(service: Service, index: number): void {
    const command = service.startPre[index]
    if (command === undefined) return this.#startMain(service)
    if (index === 0) this.#say(`Starting ${unitWords(service)}...`, 6)
    this.#enter('activating', 'start-pre')
    this.#run(service, command, (status) => {
      if (this.#stopping) return this.#gone()
      const result = resultOf(status, { ...service, type: 'oneshot' })
      if (result === 'success' || command.ignoreFailure) return this.#startPre(service, index + 1)
      this.#say(`${this.name}: Control process exited, ${exitWords(status)}`, 5)
      this.#end(service, result)
    })
  }

  #startMain(service: Service): void {
    const [command] = service.start
    if (command === undefined) return
    if (service.type === 'oneshot') {
      if (service.startPre.length === 0) this.#say(`Starting ${unitWords(service)}...`, 6)
      this.#enter('activating', 'start')
      return this.#startNext(service, 0)
    }
    this.#main = this.#run(service, command, (status) => this.#mainEnded(service, status))
    if (this.#main === undefined) return
    this.#enter('active', 'running')
    this.#say(`Started ${unitWords(service)}.`, 6)
    this.#answer('done')
  }

  /** `Type=oneshot`: it is started when its commands are over. */
  #startNext(service: Service, index: number): void {
    const command = service.start[index]
    if (command === undefined) {
      this.#main = undefined
      this.#say(`Finished ${unitWords(service)}.`, 6)
      if (service.remainAfterExit) this.#enter('active', 'exited')
      else {
        this.#say(`${this.name}: Deactivated successfully.`, 6)
        this.#enter('inactive', 'dead')
      }
      return this.#answer('done')
    }
    this.#main = this.#run(service, command, (status) => {
      const result = resultOf(status, service)
      if (result === 'success' || command.ignoreFailure) return this.#startNext(service, index + 1)
      this.#mainEnded(service, status)
    })
  }

  /** Runs a command of the unit; the answer is its PID, or nothing when there is no such program: then `ended` hears of code 203. */
  #run(service: Service, { argv }: UnitCommand, ended: (status: ExitStatus) => void): number | undefined {
    const words = argv.map((word) => word.replaceAll('%n', this.name))
    const environment = this.#environment(service)
    if (environment === undefined) {
      this.#say(`${this.name}: Failed to load environment files: No such file or directory`, 3)
      this.#say(
        `${this.name}: Failed to run '${this.#sub === 'start-pre' ? 'start-pre' : 'start'}' task: No such file or directory`,
        4,
      )
      this.#enter('activating', 'start')
      this.#kernel.after(0, () => this.#end(service, 'resources'))
      return undefined
    }
    const cwd = this.#folder(service)
    if (cwd === undefined) {
      this.#say(
        `${this.name}: Changing to the requested working directory failed: No such file or directory`,
        3,
      )
      this.#say(`${this.name}: Failed at step CHDIR spawning ${words[0] ?? ''}: No such file or directory`, 3)
      this.#kernel.after(1, () => ended({ code: 200 }))
      return undefined
    }
    const pid = this.#kernel.exec({
      argv: words,
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', ...environment },
      unit: this.name,
      cwd,
      user: service.user ?? 'root',
      onEnd: ended,
    })
    if (pid !== 'not-found') return pid
    this.#say(`${this.name}: Failed to locate executable ${words[0] ?? ''}: No such file or directory`, 3)
    this.#say(`${this.name}: Failed at step EXEC spawning ${words[0] ?? ''}: No such file or directory`, 3)
    this.#kernel.after(1, () => ended({ code: 203 }))
    return undefined
  }

  /** What the unit sets, and its files; nothing when one of them is missing. */
  #environment({ environment, environmentFiles }: Service): Readonly<Record<string, string>> | undefined {
    let all = environment
    for (const { path, optional } of environmentFiles) {
      const text = this.#kernel.readFile(path)
      if (text === undefined && !optional) return undefined
      if (text !== undefined) all = { ...all, ...readEnvironmentFile(text) }
    }
    return all
  }

  /** The working directory, which is `/` unless the unit says otherwise; nothing when it is missing. */
  #folder({ workingDirectory }: Service): string | undefined {
    const { path = '/', optional = false } = workingDirectory ?? {}
    const folder = path === '~' ? '/root' : path.replace(/(?<=.)\/+$/, '')
    const files = [`${this.#kernel.cwd}/`, ...FOLDERS, ...this.#kernel.listFiles()]
    if (files.some((file) => file.startsWith(folder === '/' ? '/' : `${folder}/`))) return folder
    return optional ? '/' : undefined
  }

  // Ending

  #mainEnded(service: Service, status: ExitStatus): void {
    this.#main = undefined
    this.#status = status
    const result = resultOf(status, service)
    if (result !== 'success') this.#say(`${this.name}: Main process exited, ${exitWords(status)}`, 5)
    // SIGTERM was what it was told to end by; the first failure is the one that counts.
    if (this.#result === 'success' && !(this.#stopping && result === 'signal')) this.#result = result
    this.#killRest(service)
  }

  /** What the service has left behind ends as well. */
  #killRest(service: Service): void {
    const rest = this.#processes()
    if (rest.length === 0) return this.#gone()
    this.#enter('deactivating', 'stop-sigterm')
    for (const { pid } of rest) this.#kernel.signal(pid, killSignal(service), 1)
    this.#patience(service)
  }

  #patience(service: Service): void {
    this.#kernel.cancel(this.#due)
    if (service.stopTimeout === Infinity) return
    this.#due = this.#kernel.schedule(this.#kernel.now + service.stopTimeout, () => {
      this.#say(`${this.name}: State 'stop-sigterm' timed out. Killing.`, 4)
      if (this.#result === 'success') this.#result = 'timeout'
      this.#enter('deactivating', 'stop-sigkill')
      for (const process of this.#processes()) {
        this.#say(`${this.name}: Killing process ${process.pid} (${nameOf(process)}) with signal SIGKILL.`, 5)
        this.#kernel.signal(process.pid, 'KILL', 1)
      }
    })
  }

  /** A process of the unit ended. */
  processEnded(process: Process): void {
    this.#cpu += process.cpu
    const { service } = this.read
    if (process.oomKilled && service !== undefined) this.#outOfMemory(service)
    if (this.#active === 'deactivating' && this.#main === undefined && this.#processes().length === 0)
      this.#gone()
  }

  #outOfMemory(service: Service): void {
    this.#say(`${this.name}: A process of this unit has been killed by the OOM killer.`, 5)
    if (service.oomPolicy === 'continue' || this.#active === 'deactivating') return
    this.#result = 'oom-kill'
    const signal: SignalName = service.oomPolicy === 'kill' ? 'KILL' : killSignal(service)
    if (this.#main === undefined) return
    this.#enter('deactivating', 'stop-sigterm')
    // The kernel is not done with the one that it kills.
    this.#kernel.after(0, () => {
      for (const { pid } of this.#processes()) this.#kernel.signal(pid, signal, 1)
    })
    this.#patience(service)
  }

  /** Nothing of it runs any more. */
  #gone(): void {
    const { service } = this.read
    if (service === undefined) return
    this.#kernel.cancel(this.#due)
    this.#end(service, this.#result)
  }

  #end(service: Service, result: UnitResult): void {
    this.#result = result
    const starting = this.#active === 'activating'
    if (result === 'success') {
      this.#say(`${this.name}: Deactivated successfully.`, 6)
      this.#enter('inactive', 'dead')
    } else this.#fail()
    if (starting && result !== 'success') this.#say(`Failed to start ${unitWords(service)}.`, 3)
    if (this.#stopping) this.#say(`Stopped ${unitWords(service)}.`, 6)
    if (this.#cpu >= 1) this.#say(`${this.name}: Consumed ${cpuWords(this.#cpu)} CPU time.`, 6)
    const again = !this.#stopping && restarts(service.restart, result) && !this.#prevents(service)
    if (starting) this.#answer('failed')
    if (again) this.#later(service)
    this.#answerStop()
  }

  #prevents({ preventStatus }: Service): boolean {
    const status = this.#status
    return status !== undefined && preventStatus.includes('code' in status ? status.code : status.signal)
  }

  #fail(): void {
    this.#say(`${this.name}: Failed with result '${this.#result}'.`, 4)
    this.#enter('failed', 'failed')
  }

  #later(service: Service): void {
    if (service.restartDelay === Infinity) return
    this.#restartAt = this.#kernel.now + service.restartDelay
    this.#enter('activating', 'auto-restart')
    this.#due = this.#kernel.schedule(this.#restartAt, () => {
      this.#restarts += 1
      this.#say(`${this.name}: Scheduled restart job, restart counter is at ${this.#restarts}.`, 6)
      this.#say(`Stopped ${unitWords(service)}.`, 6)
      this.#begin()
    })
  }

  // Stopping

  /** A stop by hand, or when the machine goes down. */
  stop(done: Done): void {
    const { service } = this.read
    if (service === undefined || this.#active === 'inactive' || this.#active === 'failed') return done('done')
    this.#answer('canceled')
    this.#stoppers.push(done)
    if (this.#stopping) return
    this.#stopping = true
    if (this.#sub === 'auto-restart' || this.#sub === 'exited') {
      this.#cancel()
      this.#enter(
        this.#result === 'success' ? 'inactive' : 'failed',
        this.#result === 'success' ? 'dead' : 'failed',
      )
      this.#say(`Stopped ${unitWords(service)}.`, 6)
      return this.#answerStop()
    }
    this.#say(`Stopping ${unitWords(service)}...`, 6)
    this.#enter('deactivating', 'stop-sigterm')
    for (const { pid } of this.#processes()) {
      if (service.killMode === 'none') break
      const all = service.killMode === 'control-group'
      if (all || pid === this.#main) this.#kernel.signal(pid, killSignal(service), 1)
    }
    this.#patience(service)
    if (this.#processes().length === 0) this.#kernel.after(0, () => this.#gone())
  }

  /** What `ExecReload=` says; `$MAINPID` is the main process. */
  reload(done: Done): void {
    const [command] = this.read.service?.reload ?? []
    if (this.#main === undefined || command === undefined) return done('failed')
    const [program = '', ...args] = command.argv
    const [, name = 'TERM'] = /^-(?:s\s*)?(?:SIG)?(\w+)$/.exec(args[0] ?? '') ?? []
    if (program.endsWith('kill') && isSignalName(name)) this.#kernel.signal(this.#main, name, 1)
    this.#say(
      `Reloaded ${unitWords({ name: this.name, description: this.read.service?.description ?? this.name })}.`,
      6,
    )
    done('done')
  }

  resetFailed(): void {
    this.#limit.reset()
    if (this.#active !== 'failed') return
    this.#result = 'success'
    this.#enter('inactive', 'dead')
  }

  /** The machine went down: whatever it was about is over, without a word. */
  forget(): void {
    this.#cancel()
    this.#limit.reset()
    this.#main = undefined
    this.#result = 'success'
    this.#restarts = 0
    this.#starters = []
    this.#stoppers = []
    this.#stopping = false
    this.#enter('inactive', 'dead')
  }

  #cancel(): void {
    this.#kernel.cancel(this.#due)
    this.#restartAt = undefined
  }

  #answer(result: JobResult): void {
    for (const done of this.#starters.splice(0)) done(result)
  }

  #answerStop(): void {
    for (const done of this.#stoppers.splice(0)) done('done')
  }

  #enter(active: ActiveState, sub: SubState): void {
    if (active !== this.#active) this.#since = this.#kernel.now
    this.#active = active
    this.#sub = sub
    if (sub !== 'auto-restart') this.#restartAt = undefined
    this.#kernel.record({
      type: 'unit',
      unit: this.name,
      active,
      sub,
      result: this.#result,
      restarts: this.#restarts,
      ...(this.#restartAt === undefined ? {} : { restartAt: this.#restartAt }),
    })
  }
}

function killSignal({ killSignal }: Service): SignalName {
  return isSignalName(killSignal) ? killSignal : 'TERM'
}

/** Folders that every machine has. */
const FOLDERS = ['/etc/systemd/system/', '/home/user/', '/root/', '/tmp/', '/usr/local/bin/', '/var/log/']
