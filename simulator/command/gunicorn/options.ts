import type { Option } from '../option.ts'
import { HELPERS } from './options/helpers.ts'
import { HTTP } from './options/http.ts'
import { LOGS } from './options/logs.ts'
import { PROCESS } from './options/process.ts'
import { PROTOCOLS } from './options/protocols.ts'
import { WORKERS } from './options/workers.ts'

/**
 * The options of gunicorn 20.1.0 to 26.2.0 in the order in which it applies them, which is that of its help. Options without `fills` and
 * `does` are not implemented yet.
 */
export const OPTIONS: readonly Option[] = [...WORKERS, ...PROCESS, ...LOGS, ...PROTOCOLS, ...HTTP, ...HELPERS]
