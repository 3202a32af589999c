import { parentPort } from 'node:worker_threads'
import { judge, type JudgeOptions } from '../../oracle/judge.ts'
import type { Observed } from '../../oracle/observed.ts'
import type { Recorded } from '../../oracle/scenario.ts'

/** What is to be judged. */
export type Case = readonly [recorded: Recorded, observed: Observed, options: JudgeOptions]

parentPort?.on('message', (one: Case) => parentPort?.postMessage(judge(...one)))
