/** An event without its time, which the host adds. */
export type WithoutAt<Event> = Event extends { readonly at: number } ? Omit<Event, 'at'> : never

/**
 * Gives events to a pure state machine on the real clock, one at a time: an event that comes while the effects of another are carried out
 * waits for its turn. `at` is read from the clock `now`, in monotonic milliseconds. `done` is called after the effects.
 */
export function pump<Event extends { readonly at: number }, Effect>(
  take: (event: Event) => readonly Effect[],
  perform: (effect: Effect) => void,
  done: () => void,
  now: () => number,
): (event: WithoutAt<Event>) => void {
  const queue: WithoutAt<Event>[] = []
  let busy = false
  return (event) => {
    queue.push(event)
    if (busy) return
    busy = true
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        // Adds the time that `WithoutAt` left out.
        for (const effect of take({ ...next, at: now() } as unknown as Event)) perform(effect)
        done()
      }
    } finally {
      busy = false
    }
  }
}
