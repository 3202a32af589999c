import type { SentenceKey } from '../../simulator/machine/view/index.ts'

/** The chapter that explains a sentence. Sentences about an ordinary start or end have none. */
const CHAPTERS: Partial<Record<SentenceKey, string>> = {
  booting: 'replication',
  serving: 'replication',
  alone: 'server-workers',
  diedBySignal: 'restarts',
  diedByCode: 'restarts',
  killedByParent: 'restarts',
  left: 'restarts',
  orphanDied: 'restarts',
  parentDied: 'restarts',
  frozen: 'restarts',
  spinning: 'replication',
  more: 'gunicorn',
  fewer: 'gunicorn',
  fewerDone: 'gunicorn',
  moreDone: 'gunicorn',
  reloading: 'gunicorn',
  handedOver: 'gunicorn',
  ctrlC: 'server-workers',
  stopping: 'server-workers',
  endedByCode: 'startup',
  endedBySignal: 'startup',
  outOfMemory: 'memory',
  goingDown: 'startup',
  powerCut: 'startup',
  booted: 'startup',
  hungUp: 'startup',
  unitRestarts: 'restarts',
  unitFailed: 'restarts',
  unitGaveUp: 'restarts',
  containerWaits: 'containers',
  containerExited: 'containers',
  containerStopped: 'containers',
  keptWaits: 'restarts',
  keptGaveUp: 'restarts',
  keptExited: 'restarts',
  keptStopped: 'restarts',
  proxyStarted: 'https',
  certificateGot: 'https',
  certificateExpired: 'https',
  noCertificate: 'https',
  rejected: 'https',
  badGateway: 'https',
}

/** The chapter about a sentence. */
export function chapterOf(key: SentenceKey | undefined): string | undefined {
  return key === undefined ? undefined : CHAPTERS[key]
}

/** All chapters that sentences link to. */
export const chapters: readonly string[] = [...new Set(Object.values(CHAPTERS))]
