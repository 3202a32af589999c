/** The text of a script, bundled for a classic worker: src/build/classic-script.ts. */
declare module '*?classic' {
  const text: string
  export default text
}
