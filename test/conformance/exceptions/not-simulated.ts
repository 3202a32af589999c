import type { Recorded } from '../recording/scenario.ts'

/** Recordings that the simulated machine does not play, and why. */
export const NOT_SIMULATED: readonly {
  readonly id: string
  readonly reason: string
  readonly applies: (recorded: Recorded) => boolean
}[] = [
  {
    id: 'a link to the release',
    reason:
      'The simulated machine has no links between folders. gunicorn goes to its folder again at a reload, by the name that it was ' +
      'started with; uvicorn stays where the link led when it started.',
    applies: ({ name }) => name === 'release-hup',
  },
]
