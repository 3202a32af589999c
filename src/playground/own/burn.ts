/** A Web Worker that computes for this many ms of real time and reports how many rounds it did. */
self.onmessage = ({ data }: MessageEvent<{ ms: number }>) => {
  const end = performance.now() + data.ms
  let rounds = 0
  let x = 88675123
  while (performance.now() < end) {
    for (let i = 0; i < 20_000; i++) {
      x ^= x << 13
      x ^= x >>> 17
      x ^= x << 5
    }
    rounds += 1
  }
  self.postMessage({ rounds, x })
}
