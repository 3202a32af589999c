import type { BadArguments } from '../conformance/recording/bad-arguments.ts'
import type { Edition } from '../conformance/recording/load.ts'
import { setTimeout as pause } from 'node:timers/promises'
import { portOf } from './argv.ts'
import { OriginalDriver } from './driver.ts'
import type { Environment } from './environment.ts'
import { Names, normalised, refuseMachine, withoutLibraryFrames } from './normalise.ts'
import { makePlace } from './place.ts'
import { mediumSaid } from './record-scenario.ts'

/** What is started goes on for so long before it is cut; one that fails to bind ends after some 5 s. */
const CUT_SECONDS = 3
const LONGEST_SECONDS = 8

/** Types each of the command lines with wrong or unusual arguments, and writes down the answers. */
export async function recordArguments(
  known: BadArguments,
  edition: Edition,
  environment: Environment,
): Promise<string> {
  const blocks: string[] = []
  const medium =
    known.medium.kind === 'pty' ? ({ ...known.medium, colors: 'truecolor' } as const) : known.medium
  for (const { command } of known.cases) {
    const place = await makePlace(edition.program, environment)
    const driver = new OriginalDriver(place)
    try {
      await driver.start({ ...edition, command, env: {}, medium, app: {}, portTaken: false })
      const over = () => {
        const quiet = driver.now() - driver.lastOutput()
        return (
          driver.ended() !== undefined ||
          driver.now() > LONGEST_SECONDS ||
          (driver.now() > CUT_SECONDS && quiet > 1.5)
        )
      }
      while (!over()) await pause(20)
      // What the terminal still holds.
      await pause(100)
      const { original } = driver
      const names = new Names(original.pid, driver.workers, [])
      const text = normalised(original.text.stdout, place, portOf(command), names).trimEnd()
      refuseMachine(text, place)
      const end = driver.ended()
      const code = end?.kind === 'code' ? String(end.code) : 'still running (cut)'
      blocks.push(
        [
          `$ ${command}`,
          ...withoutLibraryFrames(text.split('\n'), edition.program),
          `=> exit code: ${code}`,
        ].join('\n'),
      )
    } finally {
      await driver.stop()
      place.remove()
    }
  }
  const head = [
    `# commands: ${known.cases.length} command lines with wrong or unusual arguments, one after the other`,
    '# each block: the command, its output (stdout and stderr on one terminal), its exit code',
    "# exit codes: after each block; 'still running' = it started and was cut after 3 s",
    `# medium: ${mediumSaid(medium)}`,
  ]
  return `${head.join('\n')}\n\n${blocks.join('\n\n')}\n`
}
