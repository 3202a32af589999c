// Waits for something else, a database perhaps, and serves others meanwhile.
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

export const app = {
  async fetch() {
    await pause(200 + 600 * Math.random())
    return Response.json({ waited: true, pid: process.pid })
  },
}
