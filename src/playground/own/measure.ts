/** How long a measurement runs, in ms, and how often it is repeated; the best result counts. */
const MS = 400
const TIMES = 2

/** A number of Web Workers, and their throughput relative to one. */
export interface ScalingPoint {
  readonly workers: number
  readonly speedup: number
}

/** The numbers of Web Workers to measure on this many cores. */
export function counts(cores: number): readonly number[] {
  const most = Math.min(16, Math.max(4, cores * 2))
  return [1, 2, 3, 4, 6, 8, 12, 16].filter((count) => count <= most)
}

/** Measures with real Web Workers in real time. `onPoint` is called after each. */
export async function measure(
  numbers: readonly number[],
  onStart: (workers: number) => void,
  onPoint: (point: ScalingPoint) => void,
): Promise<void> {
  let one: number | undefined
  for (const workers of numbers) {
    onStart(workers)
    const crew = Array.from(
      { length: workers },
      () => new Worker(new URL('./burn.ts', import.meta.url), { type: 'module' }),
    )
    try {
      // The first round only warms up.
      await together(crew, 50)
      let best = 0
      for (let time = 0; time < TIMES; time++) best = Math.max(best, await together(crew, MS))
      one ??= best
      onPoint({ workers, speedup: best / one })
    } finally {
      for (const worker of crew) worker.terminate()
    }
  }
}

/** Runs them at the same time; returns how many rounds they did together. */
async function together(crew: readonly Worker[], ms: number): Promise<number> {
  const rounds = await Promise.all(
    crew.map(
      (worker) =>
        new Promise<number>((resolve, reject) => {
          worker.onmessage = ({ data }: MessageEvent<{ rounds: number }>) => resolve(data.rounds)
          worker.onerror = (event) => reject(new Error(event.message))
          worker.postMessage({ ms })
        }),
    ),
  )
  return rounds.reduce((sum, each) => sum + each, 0)
}
