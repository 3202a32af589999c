/** Replays all labs: caption, picture, report and checkpoints must show the same numbers and the same states. */
import { describe, expect, test } from 'vitest'
import english from '../../../content/lab/en.json' with { type: 'json' }
import korean from '../../../content/lab/ko.json' with { type: 'json' }
import chinese from '../../../content/lab/zh-cn.json' with { type: 'json' }
import { RequestLedger } from '../../../simulator/machine/requests.ts'
import type { TraceEvent } from '../../../simulator/machine/trace.ts'
import {
  activityOf,
  fold,
  EMPTY,
  livingServers,
  serverOf,
  sharers,
  type SentenceKey,
  type StoryEntry,
  type ProcessLife,
  type Picture,
} from '../../../simulator/machine/view/index.ts'
import { Ledger, SCENARIOS, type Scenario, type Step } from '../../../simulator/scenario/index.ts'
import { Measures } from '../../../src/machine-view/figures/measures.ts'
import { severalServers } from '../../../src/machine-view/picture/servers.ts'
import { tallies } from '../../../src/machine-view/picture/tallies.ts'
import { Speech, type LabWords } from '../../../src/machine-view/words.ts'
import { replay } from '../scenario/replay.ts'

const LANGUAGES: readonly Speech[] = [
  new Speech(english, 'en'),
  new Speech(chinese as unknown as LabWords, 'zh-CN'),
  new Speech(korean as unknown as LabWords, 'ko'),
]

/** What a lab plays: the runs of its questions and the solutions of its checkpoints. */
function runsOf(lab: Scenario): { name: string; steps: readonly Step[]; settle: number; seed: number }[] {
  return [
    ...lab.predictions.flatMap(({ id, steps, settle, seeds = [lab.seed] }) =>
      seeds.map((seed) => ({ name: `${lab.id}, question ${id}, seed ${seed}`, steps, settle, seed })),
    ),
    ...lab.checkpoints.map(({ id, solution }) => ({
      name: `${lab.id}, checkpoint ${id}`,
      steps: solution,
      settle: 3000,
      seed: lab.seed,
    })),
  ]
}

describe.each(SCENARIOS.flatMap(runsOf).map((run) => [run.name, run] as const))('%s', (name, run) => {
  test('tells the same numbers everywhere', async () => {
    const lab = SCENARIOS.find(({ id }) => name.startsWith(`${id},`))
    if (lab === undefined) throw new Error(`no lab for ${name}`)
    const { trace } = await replay(lab, run.steps, run.settle, run.seed)
    const ledger = new Ledger()
    const book = new RequestLedger()
    const measures = new Measures()
    let picture = EMPTY
    for (const event of trace) {
      ledger.take(event)
      book.take(event)
      measures.take(event)
      const { happened } = picture
      picture = fold(picture, event)
      if (CHANGES_COUNTS.has(event.type)) numbersAgree(picture, ledger, book)
      if (CHANGES_STATE.has(event.type)) statesAgree(picture, ledger)
      if (picture.happened !== happened) captionAgrees(picture, event)
    }
    standingCaptionHolds(picture)
    figuresAgree(picture, measures)
    shownAgrees(picture)
  })
})

type Kinds = ReadonlySet<TraceEvent['type']>
const CHANGES_COUNTS: Kinds = new Set(['connected', 'accepted', 'request-ended'])
const CHANGES_STATE: Kinds = new Set(['forked', 'phase', 'ended', 'stopped', 'continued'])

function livesOf({ slots }: Picture): readonly ProcessLife[] {
  return slots.flatMap((slot) => slot.lives).filter((life) => life.until === undefined)
}

const ascending = (pids: readonly number[]): readonly number[] => pids.toSorted((a, b) => a - b)

/** The living, serving and stopped processes are the same in the picture and the checkpoints. */
function statesAgree(picture: Picture, ledger: Ledger): void {
  const lives = livesOf(picture)
  const servers = livingServers(picture)
  expect(ascending(servers.map(({ pid }) => pid))).toEqual(ledger.living('parent'))
  const alone = new Set(servers.filter((server) => server.alone).map(({ pid }) => pid))
  expect(ascending(lives.map(({ pid }) => pid).filter((pid) => !alone.has(pid)))).toEqual(
    ledger.living('worker'),
  )
  const serving = lives.filter((life) => ['serving', 'spinning'].includes(activityOf(life)))
  expect(ascending(serving.map(({ pid }) => pid))).toEqual(ascending(ledger.serving()))
  const frozen = new Set([
    ...lives.filter((life) => activityOf(life) === 'stopped').map(({ pid }) => pid),
    ...servers.filter((server) => server.frozen === true).map(({ pid }) => pid),
  ])
  expect(frozen.size).toBe(ledger.count('frozen'))
  const orphans = lives.filter((life) => serverOf(picture, life.server) === undefined)
  expect(orphans.length).toBe(ledger.count('orphans'))
}

/** The plots' numbers add up to the picture's. */
function figuresAgree({ now, counts }: Picture, measures: Measures): void {
  const seconds = Array.from({ length: Math.floor(now / 1000) + 1 }, (_, second) => measures.second(second))
  const sum = (of: 'answered' | 'errors' | 'unanswered'): number =>
    seconds.reduce((sum, second) => sum + (second?.[of] ?? 0), 0)
  expect(sum('answered')).toBe(counts.answered)
  expect(sum('errors')).toBe(counts.errors)
  const { lost, unaccepted, refused, unreached, gaveUp } = counts
  expect(sum('unanswered')).toBe(lost + unaccepted + refused + unreached + gaveUp)
}

/** The ledger adds up, and the picture and the checkpoints have its numbers. */
function numbersAgree(picture: Picture, ledger: Ledger, book: RequestLedger): void {
  const { counts } = picture
  expect(counts).toEqual(book.fates)
  const over = Object.values(counts).reduce((sum, count) => sum + count, 0)
  expect(book.sent).toBe(over + book.open)
  for (const fate of ['answered', 'errors', 'lost', 'unaccepted', 'refused'] as const)
    expect(ledger.count(fate)).toBe(counts[fate])
  expect(ledger.count('open')).toBe(book.open)
  const outer = [...picture.open.values()].filter(({ via }) => via === undefined)
  expect(outer.length).toBe(book.open)
  expect(outer.filter(({ pid }) => pid === undefined).length).toBe(book.waiting)
}

/** The numbers in a caption are those of its moment, and its words fit the state. */
function captionAgrees(picture: Picture, event: TraceEvent): void {
  const { counts, happened } = picture
  const servers = livingServers(picture)
  const lives = livesOf(picture)
  /** The server that a process belongs to, or is. */
  const ofPid = (pid: unknown) => {
    const life = picture.slots.flatMap((slot) => slot.lives).findLast((each) => each.pid === pid)
    return serverOf(picture, life?.server ?? Number(pid))
  }
  for (const { key, params } of happened.clauses) {
    switch (key) {
      case 'total':
        expect(params).toEqual({ answered: counts.answered, lost: counts.lost })
        break
      case 'totalErrors':
        expect(params).toEqual({ count: counts.errors })
        break
      case 'totalUnaccepted':
        expect(params).toEqual({ count: counts.unaccepted })
        break
      case 'serving': {
        if (event.type !== 'phase') throw new Error(`said at ${event.type}`)
        const own = lives.filter((life) => life.server === ofPid(event.pid)?.pid)
        expect(params).toEqual({ count: own.filter((life) => activityOf(life) === 'serving').length })
        expect(happened.tone).toBe('good')
        break
      }
      case 'servingWhy':
      case 'parentThawed':
        expect(serverOf(picture, Number(params['parent']))).toMatchObject({ alone: false })
        expect(serverOf(picture, Number(params['parent']))?.frozen).toBeUndefined()
        break
      case 'parentFrozen':
        expect(serverOf(picture, Number(params['parent']))?.frozen).toBe(true)
        break
      case 'alone':
        expect(servers.map(({ pid }) => pid)).toEqual([params['pid']])
        expect(lives.filter((life) => activityOf(life) === 'serving').map(({ pid }) => pid)).toEqual([
          params['pid'],
        ])
        break
      case 'aloneWhy':
        expect(servers[0]?.kept).toBeUndefined()
        break
      case 'aloneKeptWhy':
        expect(servers[0]?.kept).toBe(params['name'])
        break
      case 'servers':
        expect(params).toEqual({ count: servers.length })
        break
      case 'serversLeft':
        expect(params).toEqual({ count: servers.length })
        expect(servers.length).toBeGreaterThan(0)
        break
      case 'orphanDied':
        // Its own parent is gone, and nothing will start that again.
        expect(ofPid(params['pid'])).toBeUndefined()
        break
      case 'unnoticed':
      case 'unnoticedPolling':
      case 'unnoticedBooting':
      case 'frozenPolling':
      case 'frozenTimeout':
      case 'spinningPolling':
      case 'spinningTimeout': {
        const parent = ofPid(happened.clauses[0]?.params['pid'])
        expect(parent).toMatchObject({ alone: false })
        expect(parent?.frozen).toBeUndefined()
        break
      }
      case 'unnoticedFrozen':
        expect(ofPid(happened.clauses[0]?.params['pid'])?.frozen).toBe(true)
        break
      case 'serverError':
        expect(happened.tone).toBe('bad')
        expect(event.type).toBe('request-ended')
        break
      case 'ended':
      case 'endedByCode':
      case 'endedBySignal':
        expect(servers).toEqual([])
    }
  }
}

/** A caption at the end of a run is still true then. */
function standingCaptionHolds(picture: Picture): void {
  const { counts, happened }: { counts: Picture['counts']; happened: StoryEntry } = picture
  const serving = livesOf(picture).filter((life) => activityOf(life) === 'serving')
  for (const { key, params } of happened.clauses) {
    if (key === 'total') expect(params).toEqual({ answered: counts.answered, lost: counts.lost })
    if (key === 'totalErrors') expect(params).toEqual({ count: counts.errors })
    if (key === 'alone') expect(serving.map(({ pid }) => pid)).toEqual([params['pid']])
    if (key === 'servers') expect(params).toEqual({ count: livingServers(picture).length })
    if (key === 'serving') expect(serving.length).toBeGreaterThanOrEqual(Number(params['count']))
  }
  // There is no good news while responses say that the server fails, or a process is stopped.
  if (happened.tone === 'good') {
    expect(livesOf(picture).map(activityOf)).not.toContain('stopped')
    expect(livingServers(picture).map(({ frozen }) => frozen)).not.toContain(true)
  }
}

/** What the reader sees at the end, in each language: the picture's numbers, and no placeholder left open in a sentence. */
function shownAgrees(picture: Picture): void {
  for (const speech of LANGUAGES) {
    const { head, rest } = speech.tell(picture.happened)
    expect(`${head} ${rest}`).not.toMatch(/\{\w+\}/)
    const shown = new Map(tallies(picture, speech).map(({ label, count }) => [label, count]))
    const words = speech.words.picture
    for (const fate of [
      'answered',
      'errors',
      'lost',
      'unaccepted',
      'refused',
      'gaveUp',
      'unreached',
    ] as const)
      expect(shown.get(words[fate]) ?? 0).toBe(picture.counts[fate])
    // What should not be has a look of its own each.
    const looks = tallies(picture, speech).flatMap(({ look }) => (look === 'usual' ? [] : [look]))
    expect(looks).toEqual([
      ...(picture.counts.errors > 0 ? ['failed'] : []),
      ...(picture.counts.lost > 0 ? ['bad'] : []),
    ])
  }
}

/** What is said when a run is over, where the machine's story once contradicted the lesson. */
const LAST_SAID: readonly [string, readonly SentenceKey[], StoryEntry['tone']][] = [
  ['containers, question one-each', ['alone', 'aloneKeptWhy'], 'good'],
  ['replication, question stopped-parent', ['parentFrozen', 'parentFrozenWhy'], 'bad'],
  ['replication, question reuse-port', ['oneServes', 'servers', 'samePortWhy'], 'good'],
  ['replication, question reuse-port-frozen', ['frozen', 'frozenTimeout'], 'bad'],
  ['replication, question pool', ['serverError', 'totalErrors'], 'bad'],
  ['previous-steps, checkpoint one-mail', ['oneServes', 'servers', 'ownPortsWhy'], 'good'],
  ['https, question redirect', ['redirected', 'redirectedWhy'], 'quiet'],
  ['gunicorn, question ttou-at-one', ['fewer', 'fewerNone'], 'quiet'],
]

test.each(LAST_SAID)('%s ends with the sentence about what happened', async (name, keys, tone) => {
  const picture = await lastPicture(name)
  expect(picture.happened.clauses.map(({ key }) => key)).toEqual(keys)
  expect(picture.happened.tone).toBe(tone)
})

test('four servers on one port are four: each with its socket and its parent', async () => {
  const picture = await lastPicture('replication, question reuse-port')
  const servers = livingServers(picture).map(({ pid }) => pid)
  expect(servers).toHaveLength(4)
  expect(picture.sockets.map(({ pid }) => pid)).toEqual(servers)
  expect(sharers(picture)).toBe(4)
  expect(livesOf(picture).map(({ server }) => server)).toEqual(servers)
  const [english] = LANGUAGES
  expect(english && severalServers(picture, english)).toEqual({ count: '4 servers', kind: 'a parent each' })
})

/** The picture at the end of the run with this name. */
async function lastPicture(name: string): Promise<Picture> {
  const [lab, run] = SCENARIOS.flatMap((lab) => runsOf(lab).map((run) => [lab, run] as const)).find(
    ([, run]) => run.name.split(', seed')[0] === name,
  ) ?? [undefined, undefined]
  if (lab === undefined) throw new Error(`no run with the name ${name}`)
  const { trace } = await replay(lab, run.steps, run.settle, run.seed)
  return trace.reduce(fold, EMPTY)
}

test('whoever presses Ctrl+C while clients wait: what nobody had accepted is named so, once', async () => {
  const [lab] = SCENARIOS.filter(({ id }) => id === 'server-workers')
  if (lab === undefined) throw new Error('no lab server-workers')
  const steps: readonly Step[] = [
    { after: 0, do: 'type', in: 'server', text: lab.start },
    { after: 1500, do: 'clients', on: true },
    { after: 4000, do: 'interrupt', in: 'server' },
  ]
  const { trace } = await replay(lab, steps, 4000)
  let picture = EMPTY
  for (const event of trace) picture = fold(picture, event)
  const ended = trace.filter((event) => event.type === 'request-ended')
  const closed = ended.filter(({ end, pid }) => end === 'closed' && pid === undefined).length
  expect(picture.counts).toMatchObject({ lost: 0, unaccepted: closed })
  expect(picture.counts.refused).toBe(ended.filter(({ end }) => end === 'refused').length)
  expect(picture.counts.refused).toBeGreaterThan(0)
})
