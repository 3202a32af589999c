/** Counts whether the entries of a table are still needed, so that a test can fail when one is not. */
export class Tally {
  readonly #needed = new Map<string, boolean>()

  /** An entry took part in a comparison that found both the same; `needed`: without it they would not have been. */
  saw(id: string, needed: boolean): void {
    this.#needed.set(id, needed || (this.#needed.get(id) ?? false))
  }

  /** The entries that took part nowhere, or changed nothing anywhere. */
  unnecessary(entries: readonly { readonly id: string }[]): string[] {
    return entries.flatMap(({ id }) => (this.#needed.get(id) ? [] : [id]))
  }
}
