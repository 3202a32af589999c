/** Gives the specs what host/browser makes, as functions whose parameters and results are plain data. */
import { openSandbox, type Sandbox } from '../../../simulator/host/browser/sandbox/open.ts'
import { webWorkers, type WebWorkers } from '../../../simulator/host/browser/web-worker.ts'
import { loadWords } from '../../../simulator/host/browser/words.ts'
import type { Guest, GuestInput, GuestSpec, GuestTurn } from '../../../simulator/host/virtual/guest.ts'
import { VirtualDriver } from '../../conformance/replay/virtual-driver.ts'
import type { AppSwitch } from '../../conformance/recording/scenario.ts'
import type { Launch, Over } from '../../conformance/replay/world.ts'
import type { SignalName } from '../../../simulator/manager/signals.ts'
import { machine } from './machines.ts'
import { transcripts, type TranscriptOptions } from './transcripts.ts'
import './whole-chunks.ts'

/** A turn as the spec gets it. */
export type PlainTurn = Omit<GuestTurn, 'spinning'> & { readonly spins: boolean }
/** What happens to a guest; the times have defaults. */
export type PlainInput = GuestInput extends infer Each
  ? Each extends GuestInput
    ? Omit<Each, 'now' | 'epoch'> & { readonly now?: number }
    : never
  : never

const EPOCH = Date.UTC(2024, 4, 1, 12, 0, 0)
let sandbox: Sandbox | undefined
let workers: WebWorkers | undefined
const guests: Guest[] = []
const rests = new Map<number, Promise<GuestTurn>>()

function plain({ spinning, ...turn }: GuestTurn): PlainTurn {
  return { ...turn, spins: spinning !== undefined }
}

const lab = {
  /** Opens a sandbox; all guests are in it. */
  async open(patience = 5000): Promise<void> {
    sandbox = await openSandbox()
    workers = webWorkers(sandbox, { patience, memory: 1000, words: await loadWords('en') })
  },

  /** Makes the code of one process. @returns its number */
  guest(source: string, spec: Partial<GuestSpec> = {}): number {
    if (workers === undefined) throw new Error('open() comes first')
    const guest = workers.factory({
      pid: 4711,
      ppid: 4700,
      env: { HOME: '/home/user' },
      argv: ['uvicorn', 'main:app'],
      cwd: '/home/user/code/awesomeapp',
      target: { typed: 'main:app', module: 'main', attribute: 'app' },
      file: 'main.js',
      source,
      chance: 0.5,
      ...spec,
    })
    return guests.push(guest) - 1
  },

  async turn(id: number, input: PlainInput): Promise<PlainTurn> {
    const turn = await guests[id]?.turn({ now: 0, epoch: EPOCH, ...input })
    if (turn === undefined) throw new Error(`there is no guest ${id}`)
    if (turn.spinning !== undefined) rests.set(id, turn.spinning)
    return plain(turn)
  },

  /** The final result of a guest that was spinning. */
  async rest(id: number): Promise<PlainTurn | undefined> {
    const turn = await rests.get(id)
    return turn && plain(turn)
  },

  end(id: number): void {
    guests[id]?.end()
  },

  alive: () => workers?.count,

  close(): void {
    workers?.end()
    sandbox?.close()
    rests.clear()
  },

  transcripts: (options: TranscriptOptions) => transcripts(options),
}
export type Lab = typeof lab

/** A driver of `test/conformance` in the page; what it shows crosses with every answer. */
let driver: VirtualDriver | undefined
let driverRoom: { sandbox: Sandbox; workers: WebWorkers } | undefined
const requests: ReturnType<VirtualDriver['request']>[] = []

const remote = {
  async open(seed: number, sources: { app: string; broken: string }): Promise<void> {
    driverRoom = await room()
    requests.length = 0
    const { factory } = driverRoom.workers
    driver = new VirtualDriver({
      seed,
      factory,
      source: (app) => switched(sources.app, app),
      broken: sources.broken,
    })
  },
  start: (launch: Launch) => driver?.start(launch),
  /** Lets time pass. @returns what there is to see then */
  async sleep(seconds: number) {
    if (driver === undefined) throw new Error('open() comes first')
    await driver.sleep(seconds)
    return this.look()
  },
  look() {
    if (driver === undefined) throw new Error('open() comes first')
    return {
      now: driver.now(),
      output: driver.output(),
      lastOutput: driver.lastOutput(),
      ended: driver.ended(),
      requests: requests.map(({ ended }) => ended),
    }
  },
  kill: (target: 'parent' | number, signal: SignalName) => driver?.kill(target, signal),
  pressCtrlC: () => driver?.pressCtrlC(),
  request(path: string, over?: Over, patience?: number): number {
    if (driver === undefined) throw new Error('open() comes first')
    return requests.push(driver.request(path, undefined, over, patience)) - 1
  },
  breakCode: () => driver?.breakCode(),
  alive: () => driver?.alive(),
  observe: () => driver?.observe(),
  async stop(): Promise<number | undefined> {
    await driver?.stop()
    const left = driverRoom?.workers.count
    driverRoom?.sandbox.close()
    driver = undefined
    driverRoom = undefined
    return left
  },
}
export type RemoteDriver = typeof remote

async function room() {
  const sandbox = await openSandbox()
  // On a busy test machine an application must not count as spinning.
  const workers = webWorkers(sandbox, { patience: 20_000, memory: 38_000_000, words: await loadWords('en') })
  return { sandbox, workers }
}

/** The application of the recordings, switched to misbehave. */
function switched(source: string, { boot, life }: AppSwitch): string {
  return source.replace('} = {}', `} = ${JSON.stringify({ BOOT: boot, LIFE: life })}`)
}

Object.assign(globalThis, { lab, remote, machine })
