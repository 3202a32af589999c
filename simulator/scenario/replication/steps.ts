import type { Goal } from '../goal/goal.ts'
import { inServer, requests, type Step } from '../step.ts'

/** With one seed the eighth response says 8, with the other 3: readers get both. */
export const SEEDS = { eight: 59, three: 4 } as const

export const UP = 2000

export const ONE_WORKER = inServer('uvicorn main:app --port 8080 --workers 1 --no-access-log')

export const clicks = requests('/count', 8, 750, UP)

export const LISTEN = 'for i in 1 2 3 4 5 6; do curl -s http://127.0.0.1:8080/listen & done'

export const POOL = 'uvicorn pool:app --port 8080 --workers 2 --no-access-log'

/** Eight requests in a row, so close together that each gets an idle worker, if there is one. */
export const eight = (target: string, first = UP): readonly Step[] => requests(target, 8, 60, first)

export const REUSE_PORT =
  'gunicorn main:app --worker-class uvicorn.workers.UvicornWorker --bind 127.0.0.1:8080 --reuse-port'

/** Sixty clients at the same moment. */
export const crowd = (first: number): readonly Step[] => requests('/', 60, 2, first)

export const FAILED: Goal = { happened: { event: 'head', where: { status: 500 } } }

/** Eight responses, one of them with this number. */
export const counted = (visits: number): Goal => ({
  happened: { event: 'request-ended', answers: { visits } },
})

/** The eighth response has this number. */
export const eighth = (visits: number): Goal => ({ order: [{ now: 'answered', is: 7 }, counted(visits)] })

export const answers: Goal = { now: 'answered', is: 8 }
