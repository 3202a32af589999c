/** Node's client and server of HTTP. */
export const http = () => process.getBuiltinModule('node:http')
/** Node's client and server of HTTPS. */
export const https = () => process.getBuiltinModule('node:https')
