/** What the machine has room for. A real one has more; what a page can bear decides these numbers. */

/** The longest text of a variable, and of all arguments of a command together: `getconf ARG_MAX` says so too. */
export const LONGEST_TEXT = 2_097_152
/** The longest single argument of a program (MAX_ARG_STRLEN). */
export const LONGEST_ARGUMENT = 131_072
/** The longest line that `!!` and `!$` may come to. */
export const LONGEST_LINE = 65_536
/** The most words that an expansion comes to. */
export const MOST_WORDS = 100_000
/** How deep functions, scripts, groups and substitutions may be nested. */
export const DEEPEST = 100
/** The most processes at a time. */
export const MOST_PROCESSES = 1000
/** The most workers of one server. */
export const MOST_WORKERS = 256
/** What fits into all files together, in characters. */
export const DISK_ROOM = 8_388_608
