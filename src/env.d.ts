/// <reference types="@astrojs/starlight" />

/** Our own words of the interface: content/i18n. */
declare namespace StarlightApp {
  interface I18n {
    'command.copy': string
    'command.copied': string
    'command.try': string
    'transcript.recorded': string
    'preview.alt': string
    'translation.behind': string
    'progress.done': string
  }
}
