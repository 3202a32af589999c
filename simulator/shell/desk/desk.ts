import { Clients, hostHeader, type Address, type ClientLoad } from '../../machine/clients/clients.ts'
import { PUBLIC_ADDRESS } from '../../machine/network/api.ts'
import type { Keeper } from '../../machine/keeper/api.ts'
import type { System, TerminalSize } from '../../machine/system.ts'
import type { TraceEvent } from '../../machine/trace.ts'
import type { ProgramName, Speaker } from '../../manager/settings.ts'
import { byProgram } from '../../manager/traits.ts'
import type { SessionInput, KeeperKind, SessionData, UnitVerb } from '../../scenario/session/index.ts'
import { decodeKeys } from '../editor/keys.ts'
import { Session, type Hint } from '../session.ts'
import type { ShellWords } from '../words.ts'

/** Options of a desk beside its session. */
export interface DeskOptions {
  readonly words: ShellWords
  /** Words for Tab, by command. */
  readonly completions?: Readonly<Record<string, readonly string[]>>
  /** Whether the line being typed is drawn on the screen. */
  readonly drawsLine?: boolean
  /** Shows text on a terminal's screen, with escape sequences. */
  readonly onScreen?: (terminal: string, text: string) => void
  /** Called when the line being typed or the foreground job of a terminal has changed. */
  readonly onLine?: (terminal: string) => void
  readonly onHint?: (terminal: string, hint: Hint) => void
  /** Is given what the simulator itself throws; the desk has then ended what was in the foreground, with a sentence. Without it `apply` throws. */
  readonly onFault?: (error: unknown) => void
}

/**
 * A person's access to the machine: its terminals and its clients. In the playground everything that is done to the machine goes through
 * `apply`; a lab also gives keys to the sessions and signals to the machine itself.
 */
export class Desk {
  readonly terminals = new Map<string, Session>()
  readonly #system: System
  readonly #settings: Pick<SessionData, 'machine' | 'clients'>
  readonly #options: DeskOptions
  #clients: Clients
  #load: ClientLoad
  #port: number | undefined
  /** The host name that the clients use, while there is a proxy. */
  #site: string | undefined

  /** Its `take` must be given every event of the machine's trace, from the first. */
  constructor(system: System, settings: Pick<SessionData, 'machine' | 'clients'>, options: DeskOptions) {
    this.#system = system
    this.#settings = settings
    this.#options = options
    this.#load = settings.clients
    this.#clients = this.#newClients(settings.clients)
  }

  get clientsOn(): boolean {
    return this.#clients.on
  }

  /** The present behaviour of the clients. */
  get load(): ClientLoad {
    return this.#load
  }

  /** The port on which the server listens, or last listened. */
  get port(): number | undefined {
    return this.#port
  }

  get site(): string | undefined {
    return this.#site
  }

  take(event: TraceEvent): void {
    if (event.type === 'listening' && event.bind.kind === 'tcp' && event.pid !== this.#system.proxy.pid) {
      this.#port = event.bind.port
    }
    if (event.type !== 'output' && event.type !== 'echo') return
    if (event.terminal !== undefined) this.terminals.get(event.terminal)?.print(event.text)
  }

  /** Applies an input to the machine now. An input for a terminal or a process that does not exist has no effect. */
  apply(input: SessionInput): void {
    if (this.#options.onFault === undefined) return this.#apply(input)
    try {
      this.#apply(input)
    } catch (error) {
      this.fault(error)
    }
  }

  /** The simulator has thrown this: every terminal that waits for a command gets its prompt back. */
  fault(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error)
    for (const { shell } of this.terminals.values()) if (shell.foreground !== 'none') shell.fail(reason)
    this.#options.onFault?.(error)
  }

  #apply(input: SessionInput): void {
    switch (input.type) {
      case 'open':
        return this.#open(input.terminal, input)
      case 'resize':
        this.#system.resizeTerminal(input.terminal, sizeOf(input))
        return this.terminals.get(input.terminal)?.resize(input.columns, input.rows)
      case 'line':
        this.terminals.get(input.terminal)?.enter(input.text)
        return
      case 'keys':
        return this.#keys(input.terminal, input.data, input.line)
      case 'write':
        return this.#system.writeFile(input.file, input.text)
      case 'signal':
        this.#system.signal(input.pid, input.signal)
        return
      case 'clients':
        if (input.load !== undefined) this.#behave(input.load)
        this.#clients.on = input.on
        return
      case 'request':
        return this.#request(input.method, input.target)
      case 'spin':
        this.#system.faults.spin(input.pid)
        return
      case 'fill-memory':
        this.#system.faults.fillMemory(input.pid, input.bytes)
        return
      case 'reboot':
        return this.#system.faults.reboot(input.hard)
      case 'hang-up':
        return this.#system.faults.cutConnection(input.terminal)
      case 'unit':
        return this.#unit(input.verb, input.unit)
      case 'keep':
        return this.#keep(input)
      case 'keeper':
        this.#system.keepers[input.verb](input.name)
        return
      case 'proxy':
        return this.#proxy(input)
      case 'certificate':
        if (input.verb === 'obtain') this.#system.certificates.obtain(input.site)
        else this.#system.faults.expireCertificate(input.site)
        return
    }
  }

  #open(terminal: string, size: Size): void {
    if (this.terminals.has(terminal)) return
    const { words, completions, drawsLine, onScreen, onLine, onHint } = this.#options
    this.#system.openTerminal(terminal, sizeOf(size))
    const session = new Session({
      system: this.#system,
      terminal,
      words,
      speaks: speakers(this.#settings.machine.versions),
      columns: size.columns,
      ...(size.rows === undefined ? {} : { rows: size.rows }),
      colors: true,
      screen: (text) => onScreen?.(terminal, text),
      onChange: () => onLine?.(terminal),
      onHint: (hint) => onHint?.(terminal, hint),
      ...(completions === undefined ? {} : { completions }),
      ...(drawsLine === undefined ? {} : { drawsLine }),
    })
    this.terminals.set(terminal, session)
    session.start()
  }

  #keys(terminal: string, data: string, line: string | undefined): void {
    const session = this.terminals.get(terminal)
    if (line !== undefined) session?.insert(line)
    for (const key of decodeKeys(data)) session?.key(key)
  }

  #behave(load: ClientLoad): void {
    this.#clients.on = false
    this.#load = load
    this.#clients = this.#newClients(load)
  }

  #newClients(load: ClientLoad): Clients {
    return new Clients(this.#system, load, this.#settings.machine.seed, () => this.#address())
  }

  /** The address that the clients connect to: the proxy's, by its name, or the server's. */
  #address(): Address | undefined {
    if (this.#site !== undefined) return { host: this.#site, port: 443, secure: true, from: CLIENT }
    return this.#port === undefined ? undefined : { host: '127.0.0.1', port: this.#port }
  }

  #request(method: string, target: string): void {
    const to = this.#address()
    if (to === undefined) return
    const headers = [['host', hostHeader(to)]] as const
    const { patience } = this.#load
    this.#system.request({ ...to, method, target, headers, patience }, { onEnd: () => undefined })
  }

  #unit(verb: UnitVerb, unit: string): void {
    const { init } = this.#system
    // By the kernel's queue, loaded or not: a session plays the same on a page that has the code already.
    this.#system.after(0, async () => {
      await init.load()
      if (verb === 'daemon-reload') init.daemonReload()
      else init[verb](unit)
    })
  }

  #keep({ by, name, command }: SessionInput & { type: 'keep' }): void {
    const { keepers } = this.#system
    if (!keepers.list().some(({ keeping }) => keeping.name === name))
      keepers.add({ name, command, keeper: KEEPERS[by] })
  }

  #proxy({ on, site, automatic }: SessionInput & { type: 'proxy' }): void {
    const { dns, proxy } = this.#system
    if (!on) {
      proxy.stop()
      this.#site = undefined
      return
    }
    dns.set(site, PUBLIC_ADDRESS)
    const upstream = `127.0.0.1:${this.#port ?? USUAL_PORT}`
    if (typeof proxy.start({ sites: [{ name: site, upstream }], automatic }) === 'number') this.#site = site
  }
}

type Size = Pick<SessionInput & { type: 'open' }, 'columns' | 'rows'>

function sizeOf({ columns, rows }: Size): TerminalSize {
  return { columns, ...(rows === undefined ? {} : { rows }), colors: 'truecolor' }
}

const KEEPERS: Readonly<Record<KeeperKind, Keeper>> = {
  container: { by: 'container', policy: 'always' },
  supervisor: { by: 'supervisor', autorestart: true },
  loop: { by: 'loop', pause: 2000 },
}

/** The address of internet clients, as the proxy sees it. */
const CLIENT = '198.51.100.7'
/** The port to which a proxy forwards before the server has been started. */
const USUAL_PORT = 8080

function speakers(versions: Readonly<Record<ProgramName, string>>): Readonly<Record<ProgramName, Speaker>> {
  return byProgram((program) => ({ program, version: versions[program] }))
}
