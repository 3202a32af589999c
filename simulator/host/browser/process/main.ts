/** What a Web Worker of the simulated machine runs: it becomes a process when the page says which. */
import { expose } from 'comlink'
import { portFromPage } from '../sandbox/inside.ts'
import type { RemoteProcess } from './birth.ts'
import { Program } from './program.ts'

let program: Program | undefined

const process: RemoteProcess = {
  begin(birth, leave) {
    program = new Program(birth, leave)
  },
  turn(input) {
    if (program === undefined) throw new Error('a turn came before the process had begun')
    return program.turn(input)
  },
}

void portFromPage().then((port) => {
  expose(process, port)
})
