// A counter in a global: how many of them are there?
let count = 0

export const app = () => {
  count += 1
  return Response.json({ pid: process.pid, count })
}
