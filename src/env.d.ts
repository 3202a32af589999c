/// <reference types="@astrojs/starlight" />

/** Our own words of the interface: every key of content/i18n/en.json, the source of the others. */
type InterfaceWords = typeof import('../content/i18n/en.json')

declare namespace StarlightApp {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- Starlight's interface is widened by merging
  interface I18n extends InterfaceWords {}
}
