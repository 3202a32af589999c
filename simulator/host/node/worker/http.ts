import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/**
 * What is used of `node:http`, here and in the bundled adapter. It is required, not imported: an import looks at every
 * export, and that of WebSocket loads a whole client library. On Node 26 it costs each worker 36 ms and 3 MB.
 */
export const { createServer, ServerResponse, STATUS_CODES } =
  require('node:http') as typeof import('node:http')

/** `node:https`, for those who ask for TLS. */
export const https = () => require('node:https') as typeof import('node:https')
