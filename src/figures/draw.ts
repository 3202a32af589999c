import type { Shape } from './scene.ts'

const SVG = 'http://www.w3.org/2000/svg'

/** Draws shapes into a picture; existing elements are reused. */
export function draw(picture: SVGSVGElement, shapes: readonly Shape[]): void {
  shapes.forEach(({ tag, attributes, text = '' }, index) => {
    const there = picture.children[index]
    const element = there?.tagName === tag ? there : document.createElementNS(SVG, tag)
    if (there === undefined) picture.append(element)
    else if (element !== there) there.replaceWith(element)
    for (const name of element.getAttributeNames())
      if (!Object.hasOwn(attributes, name)) element.removeAttribute(name)
    for (const [name, value] of Object.entries(attributes)) {
      if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value))
    }
    if (element.textContent !== text) element.textContent = text
  })
  while (picture.children.length > shapes.length) picture.lastElementChild?.remove()
}
