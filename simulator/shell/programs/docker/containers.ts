import type { KeptProgram, Keeper } from '../../../machine/keeper/api.ts'
import { SIGNAL_NUMBERS } from '../../../manager/signals.ts'
import type { ProgramContext } from '../../program.ts'
import { readFlags, type Flags, type KnownFlags } from './flags.ts'

export type ContainerKeeper = Keeper & { readonly by: 'container' }

/** A container of Docker's. */
export interface Container extends KeptProgram {
  readonly name: string
  readonly keeper: ContainerKeeper
}

export function containers({ system }: ProgramContext): readonly Container[] {
  return system.keepers.list().flatMap((kept) => {
    const { keeper, name } = kept.keeping
    return keeper.by === 'container' ? [{ ...kept, keeper, name }] : []
  })
}

/** The container that a name or the beginning of an ID means. */
export function find(call: ProgramContext, typed: string): Container | undefined {
  const all = containers(call)
  return (
    all.find(({ name }) => name === typed.replace(/^\//, '')) ??
    (/^[\da-f]{3,64}$/.test(typed) ? all.find((each) => idOf(each).startsWith(typed)) : undefined)
  )
}

/** The 64 digits of a container. */
export function idOf({ name, createdAt }: Container): string {
  return digest(`${name} ${createdAt}`)
}

export function shortId(container: Container): string {
  return idOf(container).slice(0, 12)
}

/** 64 hexadecimal digits made of a text: they look like a digest, and are the same each time. */
export function digest(text: string): string {
  return [text, `${text} `, ` ${text}`].map(numbers).join('').slice(0, 64)
}

function numbers(text: string): string {
  let [a, b, c] = [0x811c9dc5, 0x1234567, 0x89abcdef]
  for (const each of text) {
    a = Math.imul(a ^ each.charCodeAt(0), 16777619) >>> 0
    b = Math.imul(b ^ a, 2246822519) >>> 0
    c = Math.imul(c ^ b, 3266489917) >>> 0
  }
  return [a, b, c].map((part) => part.toString(16).padStart(8, '0')).join('')
}

/** Docker's words for what a container does. */
export function stateOf({ state, stateText }: KeptProgram): 'running' | 'restarting' | 'created' | 'exited' {
  if (state === 'waiting') return 'restarting'
  if (state === 'running' || state === 'stopping' || state === 'starting') return 'running'
  return stateText === 'Created' ? 'created' : 'exited'
}

/** How it ended: 128 and the signal's number, when one did. */
export function exitCode({ status }: KeptProgram): number {
  if (status === undefined) return 0
  return 'code' in status ? status.code : 128 + SIGNAL_NUMBERS[status.signal]
}

export function missing(call: ProgramContext, name: string): number {
  call.err(`Error response from daemon: No such container: ${name}\n`)
  return 1
}

export function tooFew(call: ProgramContext, command: string, count = 1): number {
  const plural = count === 1 ? '' : 's'
  call.err(
    `"docker ${command}" requires at least ${count} argument${plural}.\nSee 'docker ${command} --help'.\n`,
  )
  return 1
}

/** Reads a command's flags, or says what is wrong with them. */
export function flagsOf(
  call: ProgramContext,
  command: string,
  args: readonly string[],
  known: KnownFlags,
): Flags | number {
  const flags = readFlags(args, known)
  if (!('problem' in flags)) return flags
  call.err(`${flags.problem}\nSee 'docker ${command} --help'.\n`)
  return 125
}

/** Does something with each container that is named, one after the other, and says its name as it was typed. */
export function each(
  call: ProgramContext,
  words: readonly string[],
  act: (container: Container, next: (code?: number) => void) => void,
): undefined {
  let code = 0
  const left = [...words]
  const next = (): void => {
    const typed = left.shift()
    if (typed === undefined) return call.exit(code)
    const container = find(call, typed)
    if (container === undefined) {
      code = missing(call, typed)
      return next()
    }
    act(container, (failed = 0) => {
      if (failed === 0) call.out(`${typed}\n`)
      else code = failed
      next()
    })
  }
  next()
}
