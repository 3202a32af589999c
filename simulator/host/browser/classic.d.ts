/** The text of a script that src/build/classic-script.ts has bundled for a classic worker. */
declare module '*?classic' {
  const text: string
  export default text
}
