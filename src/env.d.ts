/// <reference types="@astrojs/starlight" />

/** The search's interface; its package brings no types. */
declare module '@pagefind/default-ui/npm_dist/mjs/ui-core.mjs' {
  export class PagefindUI {
    constructor(options: object)
  }
}

/** Our own words of the interface: every key of content/i18n/en.json, the source of the others. */
type InterfaceWords = typeof import('../content/i18n/en.json')

declare namespace StarlightApp {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- Starlight's interface is widened by merging
  interface I18n extends InterfaceWords {}
}
