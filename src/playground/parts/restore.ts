import type { SessionData } from '../../../simulator/scenario/session/index.ts'
import { isUnfinished, replayBegins, replayEnds } from '../unfinished-replay.ts'
import type { PlayWords } from '../words.ts'
import type { SessionController } from './session-controller.ts'

/** What `restore` works with. */
export interface RestoreOptions {
  readonly sessions: SessionController
  readonly words: PlayWords
  /** Offers the stored session for review. */
  readonly offer: () => Promise<void>
}

/** Replays the stored session of the last visit, and pauses; one whose replay has failed is only offered, on a fresh machine. */
export async function restore(
  before: SessionData,
  { sessions, words, offer }: RestoreOptions,
): Promise<void> {
  let fails = isUnfinished()
  sessions.paused = true
  if (!fails) {
    replayBegins()
    await sessions.open(before).catch((error: unknown) => {
      fails = true
      reportError(error)
    })
  }
  if (fails) {
    await sessions.open(undefined)
    await offer()
  } else {
    replayEnds()
  }
  sessions.notice = fails ? words.notRestored : words.restored
}
