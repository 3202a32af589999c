import { createRequire } from 'node:module'

// Required, not imported: in the bundle the name stands for the little that workers need of it.
const require = createRequire(import.meta.url)

/** Node's client and server of HTTP. */
export const http = () => require('node:http') as typeof import('node:http')
/** Node's client and server of HTTPS. */
export const https = () => require('node:https') as typeof import('node:https')
