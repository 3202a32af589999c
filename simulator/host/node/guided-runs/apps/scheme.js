// Which scheme does the application think that it was asked with?
export const app = (request) =>
  Response.json({ pid: process.pid, url: request.url, proto: request.headers.get('x-forwarded-proto') })
