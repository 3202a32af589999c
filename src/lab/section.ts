import type { System } from '../../simulator/machine/system.ts'
import type { TerminalName } from '../../simulator/scenario/index.ts'
import type { LabRun } from './run.ts'

/** What a command of the prose needs of the machine: a port or a container that is there, or that is not there yet. */
export type Need =
  | { readonly kind: 'port' | 'free-port'; readonly port: number }
  | { readonly kind: 'container' | 'free-name'; readonly name: string }

/** A command that sets a machine up for a section, and the terminal it belongs in. */
export interface SetUp {
  readonly command: string
  readonly terminal: TerminalName
}

const SERVER = /^(?:nohup )?(?:uvicorn|gunicorn|fastapi) /

/** What a command needs: nothing when it works on any machine. */
export function needsOf(command: string): readonly Need[] {
  const url = /^curl\b.*?\bhttp:\/\/(?:127\.0\.0\.1|localhost)(?::(\d+))?(?:\/|\s|$)/.exec(command)
  if (url !== null) return [{ kind: 'port', port: Number(url[1] ?? 80) }]
  if (SERVER.test(command)) {
    const port = / --(?:port|bind)[ =](?:\S*:)?(\d+)\b/.exec(command)?.[1]
    return [{ kind: 'free-port', port: Number(port ?? 8000) }]
  }
  if (command.startsWith('docker run ')) {
    const name = / --name[ =](\S+)/.exec(command)?.[1]
    const port = / -p (?:\S*:)?(\d+):\d+/.exec(command)?.[1]
    return [
      ...(name === undefined ? [] : [{ kind: 'free-name', name } as const]),
      ...(port === undefined ? [] : [{ kind: 'free-port', port: Number(port) } as const]),
    ]
  }
  const name = /^docker (?:stop|kill|logs|exec|inspect|start|restart) (?:-[ts] \S+ |-\S+ )*([\w-]+)/.exec(
    command,
  )?.[1]
  return name === undefined ? [] : [{ kind: 'container', name }]
}

/** Whether the machine has what a command needs. */
export function isMet(need: Need, system: Pick<System, 'sockets' | 'keepers'>): boolean {
  switch (need.kind) {
    case 'port':
    case 'free-port':
      return ports(system).includes(need.port) === (need.kind === 'port')
    case 'container':
    case 'free-name':
      return (
        system.keepers.list().some(({ keeping }) => keeping.name === need.name) ===
        (need.kind === 'container')
      )
  }
}

function ports(system: Pick<System, 'sockets'>): readonly number[] {
  return system.sockets().flatMap(({ bind }) => (bind.kind === 'tcp' ? [bind.port] : []))
}

/**
 * The need of a command that the machine does not meet because it is set up for something else. What a reader has brought about by
 * hand stays as it is: a server that is gone, or a port that is taken.
 */
export function unmet(command: string, { machine, byHand, isUntouched }: LabRun): Need | undefined {
  const { kernel } = machine
  const need = needsOf(command).find((need) => !isMet(need, kernel))
  switch (need?.kind) {
    case 'port':
      return !byHand || isUntouched || ports(kernel).length > 0 ? need : undefined
    case 'container':
      return !byHand || isUntouched ? need : undefined
    default:
      return byHand ? undefined : need
  }
}

/**
 * The command that gives a fresh machine what is needed: the nearest one in the text before it, else the lab's own Start.
 * `undefined` when a fresh machine needs no command.
 */
export function setUpFor(need: Need, before: readonly SetUp[], start: string): SetUp | undefined {
  switch (need.kind) {
    case 'port':
      return (
        before.findLast(({ command, terminal }) => terminal === 'server' && SERVER.test(command)) ?? {
          command: start,
          terminal: 'server',
        }
      )
    case 'container':
      return before.findLast(({ command }) => command.includes(` --name ${need.name} `))
    default:
      return undefined
  }
}

/** The commands for the lab that stand in the text before an element. */
export function commandsBefore(element: Element | undefined): readonly SetUp[] {
  if (element === undefined) return []
  return [...document.querySelectorAll<HTMLElement>('sw-command[data-insert]')]
    .filter((block) => !block.contains(element))
    .filter((block) => (element.compareDocumentPosition(block) & Node.DOCUMENT_POSITION_PRECEDING) !== 0)
    .map(({ dataset }) => ({
      command: dataset['insert'] ?? '',
      terminal: dataset['terminal'] === 'client' ? 'client' : 'server',
    }))
}
