import fc from 'fast-check'

/** How many cases a fuzzing test tries: `CASES=100000` tries as many as you like. */
const CASES = Number(process.env['CASES'] ?? 1000)
/** Where chance begins: `SEED=…` plays the cases of a run again. */
const SEED = process.env['SEED'] === undefined ? Date.now() % 2 ** 31 : Number(process.env['SEED'])

/** Asks something of a thousand arbitrary cases. The seed is printed, and the failing case is shown at its shortest. */
export function seeded<Case>(cases: fc.Arbitrary<Case>, ask: (it: Case) => void): void {
  console.log(`SEED=${SEED}`)
  fc.assert(
    fc.property(cases, (it) => {
      ask(it)
    }),
    { numRuns: CASES, seed: SEED },
  )
}
