/** Whether the fragment of a URL is meant to contain a session. */
export function isSessionFragment(fragment: string): boolean {
  return fragment.startsWith('session')
}
