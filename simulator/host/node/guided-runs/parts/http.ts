/** Node's HTTP module, loaded when it is used. */
export const http = () => process.getBuiltinModule('node:http')
/** Node's HTTPS module, loaded when it is used. */
export const https = () => process.getBuiltinModule('node:https')
