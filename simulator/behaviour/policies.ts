import { Kernel } from '../host/virtual/kernel.ts'
import { scripted } from '../host/virtual/scripted.ts'
import type { Keeper } from '../machine/keeper/api.ts'
import type { ProgramName } from '../manager/settings.ts'

/** What restarts an application whose startup always fails: the server's own manager, systemd, or a keeper. */
interface Policy {
  readonly id: string
  readonly program: ProgramName
  readonly version: string
  /** The command line of the server. */
  readonly command: string
  readonly kept: 'by hand' | 'systemd' | Keeper
}

const FOUR = 'uvicorn main:app --workers 4'
const ONE = 'uvicorn main:app'

/** The policies that the restarts chapter compares, in the order of its drawing. */
export const POLICIES = [
  { id: 'uvicorn-0.30.6', program: 'uvicorn', version: '0.30.6', command: FOUR, kept: 'by hand' },
  { id: 'uvicorn-0.54.0', program: 'uvicorn', version: '0.54.0', command: FOUR, kept: 'by hand' },
  {
    id: 'gunicorn',
    program: 'gunicorn',
    version: '20.1.0',
    command: 'gunicorn main:app --workers 4 --worker-class uvicorn.workers.UvicornWorker',
    kept: 'by hand',
  },
  { id: 'systemd', program: 'uvicorn', version: '0.54.0', command: ONE, kept: 'systemd' },
  { id: 'kubernetes', program: 'uvicorn', version: '0.54.0', command: ONE, kept: { by: 'pod' } },
] as const satisfies readonly Policy[]

export type PolicyId = (typeof POLICIES)[number]['id']

/** How often a policy restarted the application. Times are virtual ms since the first start. */
export interface PolicyRun {
  readonly id: PolicyId
  readonly command: string
  /** When each process began the application's startup. */
  readonly starts: readonly number[]
  /** When the last process ended; `undefined` when restarts go on. */
  readonly over: number | undefined
}

/** How long each policy is observed, in ms. */
export const TEN_MINUTES = 600_000

const UNIT = '/etc/systemd/system/web.service'

/**
 * Observes ten minutes of an application whose startup always fails, under each policy, on the simulated machine. Every call gives the same
 * result.
 */
export async function courses(): Promise<readonly PolicyRun[]> {
  const all: PolicyRun[] = []
  for (const policy of POLICIES) all.push(await course(policy))
  return all
}

async function course({
  id,
  program,
  version,
  command,
  kept,
}: Policy & { id: PolicyId }): Promise<PolicyRun> {
  const files = { 'main.js': 'life=fail', [UNIT]: unit(command) }
  const kernel = new Kernel({ seed: 1, factory: scripted, files, versions: { [program]: version } })
  const starts: number[] = []
  let last: number | undefined
  kernel.subscribe((event) => {
    if (event.type === 'phase' && event.phase === 'starting') starts.push(event.at)
    if (event.type === 'ended') last = event.at
  })
  if (kept === 'by hand') kernel.exec({ argv: command.split(' '), env: {} })
  else if (kept === 'systemd') await kernel.init.load().then(() => kernel.init.start('web'))
  else kernel.keepers.add({ name: 'web', command, keeper: kept })
  await kernel.runUntil(TEN_MINUTES)
  const goesOn =
    kernel.processes().some(({ kind }) => kind === 'manager') ||
    kernel.keepers.list().some(({ restartAt }) => restartAt !== undefined)
  return { id, command, starts, over: goesOn ? undefined : last }
}

/** A unit file with systemd's default start limit. */
function unit(command: string): string {
  return `[Service]
WorkingDirectory=/home/user/code/awesomeapp
ExecStart=/usr/local/bin/${command}
Restart=always
`
}
