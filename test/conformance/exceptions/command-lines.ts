/** Command lines to which the simulated shell answers differently from Debian's bash and tools, with reasons. */
export const DIFFERENT: ReadonlyMap<string, string> = new Map([
  [
    "sed -n '1p' users.txt; sed s/root/admin/ users.txt",
    'There is no sed: a sentence says how to do without it.',
  ],
])
