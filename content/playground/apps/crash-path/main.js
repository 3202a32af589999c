// One path ends the whole process, with whatever else it had in hand.
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

export const app = {
  async fetch(request) {
    const { pathname } = new URL(request.url)
    if (pathname === '/crash') process.exit(1)
    await pause(300)
    return Response.json({ pid: process.pid })
  },
}
