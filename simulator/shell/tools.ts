/** The programs whose wording the shell's own programs have: those of Debian 12. */
export const TOOLS: readonly string[] = ['bash 5.2', 'curl 7.88.1']
