import { parentPort } from 'node:worker_threads'
import { judge, type JudgeOptions } from '../../conformance/judge/judge.ts'
import type { Observed } from '../../conformance/recording/observed.ts'
import type { Recorded } from '../../conformance/recording/scenario.ts'

/** What is to be judged. */
export type Case = readonly [recorded: Recorded, observed: Observed, options: JudgeOptions]

parentPort?.on('message', (one: Case) => parentPort?.postMessage(judge(...one)))
