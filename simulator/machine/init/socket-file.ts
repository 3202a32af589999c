import type { Bind } from '../../manager/settings.ts'
import { UNIT_FOLDER } from './api.ts'
import { specified } from './commands.ts'
import { readLines } from './unit-lines.ts'
import { readBoolean, words } from './values.ts'

/** A socket as its unit file describes it (systemd.socket(5)). */
export interface Socket {
  readonly name: string
  readonly description: string
  readonly listens: readonly Bind[]
  readonly backlog: number
  /** A process for each connection. */
  readonly accept: boolean
  /** The service that a connection starts. */
  readonly service: string
  /** The file of a unix socket goes with it. */
  readonly removeOnStop: boolean
  readonly wantedBy: readonly string[]
}

/** The result of reading a `.socket` file: what systemd logs about it, and the socket; `undefined` when systemd would refuse to start it. */
export interface ReadSocket {
  readonly socket: Socket | undefined
  readonly problems: readonly string[]
}

/** Reads a `.socket` file. Never throws. */
export function readSocket(name: string, text: string, path = `${UNIT_FOLDER}/${name}`): ReadSocket {
  const problems: string[] = []
  const settings = readLines(path, text, 'socket', problems)
  if (settings === undefined) return { socket: undefined, problems }
  let socket: Socket = {
    name,
    description: name,
    listens: [],
    backlog: 4096,
    accept: false,
    service: name.replace(/\.socket$/, '.service'),
    removeOnStop: false,
    wantedBy: [],
  }
  for (const { section, key, value: written, complain } of settings) {
    const value = specified(written, name)
    switch (`${section}.${key}`) {
      case 'Unit.Description':
        socket = { ...socket, description: value || name }
        break
      case 'Socket.ListenStream': {
        const bind = readAddress(value)
        if (value === '') socket = { ...socket, listens: [] }
        else if (bind === undefined)
          complain(`Failed to parse address value in '${value}', ignoring: Invalid argument`)
        else socket = { ...socket, listens: [...socket.listens, bind] }
        break
      }
      case 'Socket.Backlog':
        if (/^\d+$/.test(value)) socket = { ...socket, backlog: Number(value) }
        else complain(`Failed to parse unsigned int value, ignoring: ${value}`)
        break
      case 'Socket.Accept':
      case 'Socket.RemoveOnStop': {
        const read = readBoolean(value)
        if (read === undefined) complain(`Failed to parse boolean value, ignoring: ${value}`)
        else socket = { ...socket, [key === 'Accept' ? 'accept' : 'removeOnStop']: read }
        break
      }
      case 'Socket.Service':
        socket = { ...socket, service: value }
        break
      case 'Install.WantedBy':
        socket = { ...socket, wantedBy: [...socket.wantedBy, ...words(value)] }
        break
      default:
    }
  }
  if (socket.accept) socket = { ...socket, service: name.replace(/\.socket$/, '@.service') }
  if (socket.listens.length > 0) return { socket, problems }
  const refused = `${name}: Unit has no Listen setting (ListenStream=, ListenDatagram=, ListenFIFO=, ...). Refusing.`
  return { socket: undefined, problems: [...problems, refused] }
}

/** An address of `ListenStream=`: a path, a port of all interfaces, or an IP address with a port. */
function readAddress(text: string): Bind | undefined {
  if (/^[/@]./.test(text)) return { kind: 'unix', path: text }
  const [, v6, v4, port = ''] = /^(?:(?:\[([\da-f:]+)\]|(\d+\.\d+\.\d+\.\d+)):)?(\d+)$/i.exec(text) ?? []
  const number = Number(port)
  if (port === '' || number < 1 || number > 65_535) return undefined
  return { kind: 'tcp', host: v6 ?? v4 ?? '::', port: number }
}
