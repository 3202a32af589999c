/** The language runtime of the applications on a machine: it decides in which file `main:app` is looked for. */
export type Runtime = 'javascript' | 'python'

export const RUNTIMES: readonly Runtime[] = ['javascript', 'python']

/** The file name extension of its applications. */
export const ENDINGS: Readonly<Record<Runtime, string>> = { javascript: '.js', python: '.py' }
