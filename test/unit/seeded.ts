import fc from 'fast-check'

/** How many cases a fuzzing test tries: `CASES=100000` tries as many as you like. */
const CASES = Number(process.env['CASES'] ?? 1000)
/** The seed of the cases: `SEED=…` repeats the cases of a run. */
const SEED = process.env['SEED'] === undefined ? Date.now() % 2 ** 31 : Number(process.env['SEED'])

/** Checks a thousand arbitrary cases. The seed is printed, and a failing case is shown at its shortest. */
export function seeded<Case>(cases: fc.Arbitrary<Case>, ask: (it: Case) => void): void {
  console.log(`SEED=${SEED}`)
  fc.assert(
    fc.property(cases, (it) => {
      ask(it)
    }),
    { numRuns: CASES, seed: SEED },
  )
}
