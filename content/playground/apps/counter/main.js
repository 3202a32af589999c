// Counts visits in a global variable. Each worker has its own.
let visits = 0

export const app = {
  fetch() {
    visits += 1
    return Response.json({ visits, pid: process.pid })
  },
}
