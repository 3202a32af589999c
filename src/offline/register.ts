/** Registers the service worker when the page has loaded and is idle; not for readers who save data. */
const base = import.meta.env.BASE_URL

interface SavingData {
  readonly connection?: { readonly saveData?: boolean }
}

function register(): void {
  const root = base.endsWith('/') ? base : `${base}/`
  // A page whose service worker cannot be registered (private browsing, a full disk) still works.
  navigator.serviceWorker.register(`${root}sw.js`, { scope: root }).catch(() => undefined)
}

if (
  import.meta.env.PROD &&
  'serviceWorker' in navigator &&
  (navigator as SavingData).connection?.saveData !== true
) {
  const registerWhenIdle = (): void => {
    if ('requestIdleCallback' in window) requestIdleCallback(register, { timeout: 10_000 })
    else setTimeout(register, 2000)
  }
  if (document.readyState === 'complete') registerWhenIdle()
  else window.addEventListener('load', registerWhenIdle, { once: true })
}
