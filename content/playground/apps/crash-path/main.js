// One path ends the whole process, with all other requests that it was handling.
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

export const app = {
  async fetch(request) {
    const { pathname } = new URL(request.url)
    if (pathname === '/crash') process.exit(1)
    await pause(300)
    return Response.json({ pid: process.pid })
  },
}
