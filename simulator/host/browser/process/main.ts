/** The script of a Web Worker of the simulated machine: it becomes a process when the page calls `begin`. */
import { expose } from 'comlink'
import { portFromPage } from '../sandbox/inside.ts'
import type { LastTurn, RemoteProcess } from './process-spec.ts'
import { JavaScriptProcess } from './javascript-process.ts'

void portFromPage().then((port) => {
  let program: JavaScriptProcess | undefined
  const process: RemoteProcess = {
    begin(spec) {
      program = new JavaScriptProcess(spec, (last) => {
        port.postMessage({ last } satisfies LastTurn)
      })
    },
    turn(input) {
      if (program === undefined) throw new Error('a turn came before the process had begun')
      return program.turn(input)
    },
  }
  expose(process, port)
})
