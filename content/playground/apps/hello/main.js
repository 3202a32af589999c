// Answers with the number of the process that handled the request.
export const app = {
  async fetch(request) {
    const { pathname } = new URL(request.url)
    if (pathname === '/') return answer()
    if (pathname === '/work') {
      await pause(50 + 450 * Math.random())
      return answer()
    }
    return Response.json({ detail: 'Not Found' }, { status: 404 })
  },
}

const answer = () => Response.json({ pid: process.pid })

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
