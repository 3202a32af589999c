import { expect, type Page } from '@playwright/test'

/**
 * Waits until Expressive Code has had its say about which listings scroll: it does so a quarter of a second after they got their size, and when
 * the browser has nothing else to do. Each has its place in the order of Tab from the beginning (ec.config.mjs).
 */
export async function settled(page: Page): Promise<void> {
  const unsettled = () =>
    page.evaluate(
      () =>
        [...document.querySelectorAll('.expressive-code pre:has(> code)')].filter(
          (listing) =>
            // What lies in a closed fold has no size that anybody observes; it gets one when the fold is opened.
            listing.checkVisibility() &&
            listing.scrollWidth > listing.clientWidth &&
            !listing.hasAttribute('tabindex'),
        ).length,
    )
  await expect.poll(unsettled, 'listings that scroll, and have no place in the order of Tab').toBe(0)
}
