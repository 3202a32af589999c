/** The bundler sets it from package.json. */
declare const SERVER_WORKERS_VERSION: string

/** The version of this package. */
export const VERSION: string = SERVER_WORKERS_VERSION
