import { newMachine, openTerminal } from './terminal.ts'

/** A terminal, and what a line typed into it shows below itself after so many virtual ms. */
export function desk() {
  const kernel = newMachine()
  const terminal = openTerminal(kernel, 'client', 160)
  const ask = async (line: string, ms = 200): Promise<string> => {
    const before = terminal.text.length
    terminal.type(`${line}\r`)
    await kernel.runUntil(kernel.now + ms)
    return terminal.text.slice(before).replace(/^[^\n]*\n/, '')
  }
  return { kernel, terminal, ask }
}
