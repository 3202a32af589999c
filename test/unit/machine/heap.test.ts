import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Heap } from '../../../simulator/machine/heap.ts'

interface Entry {
  readonly key: number
  readonly order: number
  place: number
}

test('whatever is put in and taken out, the first is the one before all others', () => {
  const deed = fc.oneof(
    fc.record({ add: fc.integer({ min: 0, max: 20 }) }),
    fc.record({ remove: fc.nat() }),
    fc.constant('take' as const),
  )
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 200 }), (deeds) => {
      const before = (a: Entry, b: Entry) => a.key < b.key || (a.key === b.key && a.order < b.order)
      const heap = new Heap<Entry>(before)
      let inside: Entry[] = []
      let order = 0
      for (const each of deeds) {
        if (each === 'take') {
          const { first } = heap
          if (first !== undefined) heap.remove(first)
          inside = inside.filter((entry) => entry !== first)
        } else if ('add' in each) {
          const entry: Entry = { key: each.add, order: order++, place: -1 }
          heap.add(entry)
          inside.push(entry)
        } else {
          const entry = inside[each.remove % Math.max(1, inside.length)]
          if (entry !== undefined) heap.remove(entry)
          if (entry !== undefined) heap.remove(entry)
          inside = inside.filter((other) => other !== entry)
          expect(entry?.place ?? -1).toBe(-1)
        }
        expect(heap.size).toBe(inside.length)
        expect(heap.first).toBe(inside.toSorted((a, b) => (before(a, b) ? -1 : 1))[0])
      }
    }),
    { numRuns: 300 },
  )
})
