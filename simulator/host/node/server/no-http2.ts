/**
 * Replaces `node:http2` in the bundle: the adapter checks for every request whether it is an HTTP/2 request. Here none is, and Node 20
 * needs 15 ms in every worker to load the real module.
 */
export class Http2ServerRequest {}
export const constants = {}
