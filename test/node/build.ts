import '../../src/build/command.ts'

/** Builds the command once, before the tests that run it: what is tested is what is shipped. */
export default function setup(): void {
  // The import has done it.
}
