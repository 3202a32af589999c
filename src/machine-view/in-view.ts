/** Whether an element is in view after a batch of IntersectionObserver entries. They are oldest first: the last one counts. */
export function isInView(
  entries: readonly Pick<IntersectionObserverEntry, 'isIntersecting'>[],
  before: boolean,
): boolean {
  return entries.at(-1)?.isIntersecting ?? before
}
