/** A lab has two terminals. */
export type TerminalName = 'server' | 'client'

export const TERMINALS: readonly TerminalName[] = ['server', 'client']
