import { select, setProperty } from '@astrojs/starlight/expressive-code/hast'

/**
 * What lays out listings, found here by its name. Its script in the page gives those that scroll sideways their place in the order of Tab, but
 * late, and not always (a listing in a fold, a text whose font comes later): here each has one, and the script takes it from those that do not scroll.
 */
export default {
  plugins: [
    {
      name: 'Listings in the order of Tab',
      hooks: {
        postprocessRenderedBlock({ renderData }) {
          const listing = select('pre', renderData.blockAst)
          if (listing) setProperty(listing, 'tabindex', '0')
        },
      },
    },
  ],
}
