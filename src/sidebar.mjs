/** The chapters in reading order, as Starlight's `sidebar`. Labels come from the pages' titles, in each language. */
export const sidebar = [{ slug: 'server-workers' }]
