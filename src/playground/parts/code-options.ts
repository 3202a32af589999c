import type { SessionInput } from '../../../simulator/scenario/session/index.ts'
import { APP, TWIN } from '../presets.ts'
import type { WithSession } from './with-session.ts'
import type { PythonOptions } from './python.ts'

export interface CodeOptions extends WithSession {
  readonly onDo: (...inputs: readonly SessionInput[]) => void
  readonly onRun: PythonOptions['onRun']
}

/** The file that runs. */
export function fileOf({ sessions }: WithSession): typeof APP | typeof TWIN {
  return sessions.live?.runtime === 'python' ? TWIN : APP
}
