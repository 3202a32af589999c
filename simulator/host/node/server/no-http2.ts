/**
 * Stands in for `node:http2` in the bundle: the adapter asks of every request whether it is one of HTTP/2.
 * Ours never are, and Node 20 needs 15 ms in every worker to load the real module.
 */
export class Http2ServerRequest {}
export const constants = {}
