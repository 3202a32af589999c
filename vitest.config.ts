import { defineConfig } from 'vitest/config'

/** A part of `npm test` that vitest runs: the tests under test/<name>. */
const part = (name: string, options: object = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    environment: 'node',
    benchmark: { include: [] },
    ...options,
  },
})

export default defineConfig({
  test: {
    projects: [
      // Properties play hundreds of machines: on a busy computer that takes its time.
      part('unit', { testTimeout: 120_000 }),
      part('lint', { testTimeout: 120_000 }),
      part('conformance', { testTimeout: 120_000 }),
      // The real programs of Python, one at a time, where they can be had.
      part('recorder', { testTimeout: 240_000, maxWorkers: 1 }),
      // Real processes and sockets: few at a time, or their timing is the machine's load.
      part('node', {
        globalSetup: 'test/node/build.ts',
        testTimeout: 120_000,
        hookTimeout: 60_000,
        maxWorkers: 2,
        maxConcurrency: 6,
      }),
      part('bench', { include: [], benchmark: { include: ['test/bench/**/*.bench.ts'] } }),
    ],
  },
})
