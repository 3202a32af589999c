import { unsafeCSS, type CSSResult } from 'lit'
import bar from './bar.css?inline'
import base from './base.css?inline'
import caption from './caption.css?inline'
import figures from './figures.css?inline'
import line from './line.css?inline'
import note from './note.css?inline'
import picture from './picture.css?inline'
import small from './small.css?inline'
import terminals from './terminals.css?inline'

/** The styles of picture, terminals and controls, for the lab and the playground. */
export const styles: readonly CSSResult[] = [
  base,
  bar,
  picture,
  figures,
  caption,
  terminals,
  line,
  note,
  small,
].map((sheet) => unsafeCSS(sheet))
