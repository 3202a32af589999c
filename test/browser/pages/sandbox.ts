/** Gives the spec the sandbox: takes an application's text, returns the result of its `app`. */
import { wrap } from 'comlink'
import { openSandbox } from '../../../simulator/host/browser/sandbox/open.ts'
import type { Probe } from './sandbox-probe.ts'
import script from './sandbox-probe.ts?classic'

/** Runs `export const app = async () => …` in a worker of its own. What the worker could not catch is rejected. */
async function runInSandbox(text: string): Promise<unknown> {
  const sandbox = await openSandbox()
  try {
    return await new Promise((done, failed) => {
      const worker = sandbox.spawn({ name: 'probe', script, onError: failed })
      wrap<Probe>(worker.port).run(text).then(done, failed)
    })
  } finally {
    sandbox.close()
  }
}

/** Ends a worker in an endless loop and runs another in the same sandbox: how many workers answered. */
async function surviveLoop(): Promise<unknown> {
  const sandbox = await openSandbox()
  const spinning = sandbox.spawn({ name: 'spinning', script })
  void wrap<Probe>(spinning.port).run('export const app = () => { for (;;); }')
  spinning.terminate()
  const other = sandbox.spawn({ name: 'other', script })
  const answer = await wrap<Probe>(other.port).run("export const app = () => 'still here'")
  sandbox.close()
  return { answer, frames: document.querySelectorAll('iframe').length }
}

/** The sandbox's error for a script that is not valid. */
async function crash(): Promise<string> {
  const sandbox = await openSandbox()
  return new Promise((done) => {
    sandbox.spawn({
      name: 'broken',
      script: 'this is no script',
      onError: (error) => {
        sandbox.close()
        done(error.message)
      },
    })
  })
}

/** The error when the frame is missing. */
async function missing(): Promise<string> {
  return openSandbox(new URL('nothing-here.html', location.href)).then(
    () => 'opened',
    (error: unknown) => String(error),
  )
}

Object.assign(globalThis, { runInSandbox, surviveLoop, crash, missing })
