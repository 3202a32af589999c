import { describe, expect, test } from 'vitest'
import { isReached, SCENARIOS, settled } from '../../../simulator/scenario/index.ts'
import { replay } from './replay.ts'
import { WRONG_WAYS } from './wrong-ways.ts'

describe.each(SCENARIOS.map((lab) => ({ id: lab.id, lab })))('$id', ({ lab }) => {
  describe.each(lab.predictions.map((prediction) => ({ id: prediction.id, prediction })))(
    'prediction $id',
    ({ id, prediction }) => {
      test('the machine settles it, with one choice', async () => {
        const { seeds = [lab.seed], steps, settle } = prediction
        const runs = []
        for (const seed of seeds) runs.push(await replay(lab, steps, settle, seed))
        expect(runs.flatMap(({ trouble }) => trouble)).toEqual([])
        expect(settled(prediction, runs).map((choice) => choice.id)).toEqual([ANSWERS[`${lab.id}/${id}`]])
      })
    },
  )

  describe.each(lab.checkpoints.map((checkpoint) => ({ id: checkpoint.id, checkpoint })))(
    'checkpoint $id',
    ({ id, checkpoint }) => {
      const { goal, solution } = checkpoint

      test('its solution reaches it', async () => {
        const { trace, now, trouble } = await replay(lab, solution, 0)
        expect(trouble).toEqual([])
        expect(isReached(goal, trace, now)).toBe(true)
      })

      test('doing nothing does not', async () => {
        const { trace, now } = await replay(lab, [], 30_000)
        expect(isReached(goal, trace, now)).toBe(false)
      })

      test('starting the server and waiting does not', async () => {
        const start = [{ after: 0, do: 'type', in: 'server', text: lab.start } as const]
        const { trace, now } = await replay(lab, start, 30_000)
        expect(isReached(goal, trace, now)).toBe(false)
      })

      const ways = WRONG_WAYS[`${lab.id}/${id}`] ?? []
      test('two wrong ways at least are tried', () => {
        expect(ways.length).toBeGreaterThanOrEqual(2)
      })
      test.each(ways)('$name does not', async ({ steps }) => {
        const { trace, now, trouble } = await replay(lab, steps, 15_000)
        expect(trouble).toEqual([])
        expect(isReached(goal, trace, now)).toBe(false)
      })
    },
  )
})

/** What is true, as the recordings and measurements of the chapters have it. */
const ANSWERS: Readonly<Record<string, string>> = {
  'server-workers/next-ten': 'none',
  'server-workers/who-gets-ctrl-c': 'all',
  'replication/eight-clicks': 'unsure',
  'replication/evenness': 'uneven',
  'replication/reuse-port': 'chance',
  'replication/reuse-port-frozen': 'share',
  'replication/in-turns': 'even',
  'replication/stopped-parent': 'yes',
  'replication/blocking': 'four',
  'replication/waiting': 'same',
  'replication/computing': 'two',
  'replication/reload': 'one',
  'replication/pool': 'refused',
  'replication/broadcast': 'some',
  'replication/mail': 'four',
  'replication/metrics': 'part',
  'replication/key': 'sometimes',
  'memory/copies': 'four',
  'memory/preload': 'once',
  'memory/out-of-memory': 'replaced',
  'memory/perhaps': 'manager',
  'restarts/error-or-crash': 'request',
  'restarts/boss': 'answered',
  'restarts/boss-worker': 'empty',
  'restarts/who-kills-uvicorn': 'frozen',
  'restarts/who-kills-gunicorn': 'both',
  'restarts/crash-loop': 'goes-on',
  'restarts/failed-startup': 'zero',
  'restarts/old-startup': 'loop',
  'restarts/gunicorn-startup': 'error',
  'restarts/systemd-limit': 'gave-up',
  'gunicorn/ctrl-c': 'cut',
  'gunicorn/term': 'finished',
  'gunicorn/ttou-at-one': 'one',
  'startup/connection': 'no',
  'startup/nohup': 'yes',
  'startup/nohup-reboot': 'no',
  'startup/started-only': 'no',
  'startup/killed-parent': 'new',
  'previous-steps/how-often': 'four',
  'previous-steps/collision': 'error',
  'previous-steps/lock': 'once',
  'https/expired': 'refuses',
  'https/other-name': 'refuses',
  'https/redirect': 'http',
  'https/spoof': 'believed',
  'containers/exec-form': 'clean',
  'containers/shell-form': 'killed',
  'containers/exec-request': 'answered',
  'containers/shell-request': 'lost',
  'containers/four-in-one': 'unseen',
  'containers/one-each': 'noticed',
  'containers/back-off': 'few',
}

test('every prediction has its truth written down, and no other', () => {
  const all = SCENARIOS.flatMap((lab) => lab.predictions.map(({ id }) => `${lab.id}/${id}`))
  expect(Object.keys(ANSWERS).toSorted()).toEqual(all.toSorted())
})
