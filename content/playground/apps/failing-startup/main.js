// The import succeeds; what is done before the first request does not.
export const app = {
  async startup() {
    await new Promise((resolve) => setTimeout(resolve, 400))
    throw new Error('cannot reach the database')
  },
  fetch: () => Response.json({ pid: process.pid }),
}
