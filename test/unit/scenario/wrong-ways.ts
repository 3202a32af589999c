import { DEPLOY } from './wrong-ways/deploy.ts'
import { MACHINE } from './wrong-ways/machine.ts'
import type { WrongWay } from './wrong-ways/steps.ts'
import { WORKERS } from './wrong-ways/workers.ts'

/** Ways that seem to lead to a checkpoint's goal, by task: none of them may reach it. */
export const WRONG_WAYS: Readonly<Record<string, readonly WrongWay[]>> = { ...WORKERS, ...MACHINE, ...DEPLOY }
