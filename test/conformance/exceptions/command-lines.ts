/** Command lines that the simulated shell answers otherwise than Debian's bash and tools, and why. */
export const DIFFERENT: ReadonlyMap<string, string> = new Map([
  [
    "sed -n '1p' users.txt; sed s/root/admin/ users.txt",
    'There is no sed: a sentence says how to do without it.',
  ],
])
