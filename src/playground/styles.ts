import { css } from 'lit'

/** What the playground adds to the labs' look. */
export const styles = css`
  .play .bar {
    row-gap: 0.4rem;
  }
  input:not([type='range'], [type='checkbox'], .line *),
  label.button {
    font: inherit;
    color: var(--sw-ink);
    background: var(--sw-card);
    border: 1px solid var(--sw-line);
    border-radius: var(--sw-radius);
    padding: 0.2rem 0.6rem;
    min-height: 30px;
  }
  label.button {
    position: relative;
    cursor: pointer;
    padding-inline: 0.7rem;
  }
  label.button:focus-within {
    outline: 2px solid var(--sw-accent);
    outline-offset: 2px;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.4rem 0.7rem;
    margin: 0.4rem 0;
  }
  .notice {
    margin: 0;
    padding: 0.5rem 0.9rem;
    font-size: 0.9rem;
    background: var(--sw-accent-tint);
    border-bottom: 1px solid var(--sw-line);
  }
  h2 {
    margin: 0;
    font: 600 1.05rem/1.4 var(--sw-heading, var(--sw-text));
  }
  h2:focus {
    outline: none;
  }

  /* Looking back */
  .field .thing {
    border: 1px solid transparent;
    background: none;
    cursor: pointer;
  }
  .field .thing:hover:not([aria-disabled='true']),
  .field .thing[aria-pressed='true'] {
    border-color: var(--sw-line-strong);
  }
  .scrub {
    position: absolute;
    cursor: ew-resize;
    touch-action: pan-y;
    border-radius: var(--sw-radius);
  }
  .moment {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    padding: 0.25rem 0.9rem 0.45rem;
    font-size: 0.875rem;
  }
  .moment input {
    flex: 1;
    min-width: 6rem;
    height: 24px;
    margin: 0;
    accent-color: var(--sw-accent);
  }
  .moment button {
    padding-inline: 0.6rem;
  }
  .bar .title {
    border-color: transparent;
    padding-inline: 0.35rem;
    margin-inline-start: -0.35rem;
  }
  .bar .title[aria-pressed='true'] {
    border-color: var(--sw-line-strong);
  }
  :is(.around, .moment, .say, .inspector, .terminals, .panels) {
    contain: layout style;
  }
  .around {
    display: flex;
    flex-wrap: wrap;
    gap: 0.15rem 1.2rem;
    padding: 0 0.9rem 0.35rem;
  }
  .around button {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.1rem 0.6rem;
    border-color: transparent;
    padding: 0 0.3rem;
    margin-inline-start: -0.3rem;
    font-size: 0.75rem;
    font-variant-numeric: tabular-nums;
    text-align: start;
  }
  .around button[aria-pressed='true'] {
    border-color: var(--sw-line-strong);
  }
  .around b {
    font-weight: 600;
  }
  .around .bad {
    color: var(--sw-bad);
    font-weight: 600;
  }
  .around .edge {
    stroke: var(--sw-line-strong);
  }
  .unit-file {
    margin-top: 0.6rem;
  }
  .unit-file label {
    flex: 1 1 100%;
  }
  textarea[name='text'] {
    width: 100%;
    font: 12.5px/1.5 var(--sw-mono);
    color: var(--sw-ink);
    background: var(--sw-card);
    border: 1px solid var(--sw-line);
    border-radius: var(--sw-radius);
    padding: 0.4rem 0.6rem;
  }
  .looks-back .stage svg .hand .line {
    stroke-dasharray: 3 2;
  }
  .looks-back .terminals .screen {
    opacity: 0.8;
  }
  .say a {
    color: var(--sw-accent);
    white-space: nowrap;
  }

  /* What a thing is */
  .inspector,
  .offer {
    position: relative;
    padding: 0.7rem 0.9rem 0.8rem;
    border-top: 1px solid var(--sw-line);
    font-size: 0.9rem;
  }
  .inspector > p,
  .offer > p {
    margin: 0.2rem 0 0.5rem;
    max-width: 46rem;
  }
  .inspector .close {
    position: absolute;
    top: 0.5rem;
    inset-inline-end: 0.7rem;
    border-color: transparent;
    min-width: 30px;
    padding: 0;
  }
  dl {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(13rem, 100%), 1fr));
    gap: 0.2rem 1.4rem;
    margin: 0 0 0.6rem;
  }
  dl div {
    display: flex;
    gap: 0.5rem;
    justify-content: space-between;
    border-bottom: 1px dotted var(--sw-line);
  }
  dl div:has(code) {
    grid-column: 1 / -1;
    justify-content: start;
  }
  dt {
    color: var(--sw-soft);
  }
  dd {
    margin: 0;
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }
  code {
    font: 0.92em var(--sw-mono);
  }
  .inspector pre {
    margin: 0.2rem 0 0;
    overflow-x: auto;
    font: 12.5px/1.5 var(--sw-mono);
  }
  .signals {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr));
    gap: 0.35rem 1rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .signals li {
    display: flex;
    align-items: center;
    gap: 0.6rem;
  }
  .signals button {
    flex: none;
    min-width: 6.5rem;
    text-align: start;
    white-space: nowrap;
  }
  form {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 0.5rem 0.9rem;
  }
  form label {
    display: inline-grid;
    gap: 0.1rem;
    font-size: 0.8125rem;
    color: var(--sw-soft);
  }
  form input[type='number'] {
    width: 7.5rem;
  }
  .link input[readonly] {
    flex: 1 1 16rem;
    min-width: 0;
    font-family: var(--sw-mono);
    font-size: 0.8rem;
  }
  .offer {
    border-top: 0;
    border-bottom: 1px solid var(--sw-line);
    background: var(--sw-wash);
  }
  .offer pre {
    margin: 0 0 0.4rem;
    max-height: 16rem;
    overflow: auto;
    padding: 0.6rem 0.8rem;
    color: var(--sw-term-ink);
    background: var(--sw-term);
    border-radius: var(--sw-radius);
    font: 12.5px/1.5 var(--sw-mono);
  }

  /* Terminals: one at a time, as tabs */
  .play .terminals,
  .play.narrow .terminals {
    display: block;
  }
  .play .tabs {
    justify-content: start;
  }
  .play .tabs [role='tablist'] {
    flex: 0 1 auto;
    flex-wrap: wrap;
  }
  .play .screens {
    display: grid;
    height: 24rem;
  }
  .play.narrow .screens {
    height: 17rem;
  }
  .play .screens .pane {
    grid-area: 1 / 1;
    border: 0;
  }
  .play .terminals > .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 0.35rem;
    margin: 0;
    padding: 0.45rem 0.9rem 0.6rem;
    list-style: none;
    border-top: 1px solid var(--sw-term-line);
  }
  .play .terminals > .chips button {
    font: 0.75rem/1.35 var(--sw-mono);
    color: var(--sw-term-ink);
    border-color: var(--sw-term-line);
    min-height: 26px;
    text-align: start;
  }

  /* What unfolds */
  .panel {
    border-top: 1px solid var(--sw-line);
    font-size: 0.9rem;
  }
  .panel > summary {
    padding: 0.55rem 0.9rem;
    font-weight: 600;
    cursor: pointer;
  }
  .panel > summary .soft {
    font: 0.85em var(--sw-mono);
    margin-inline-start: 0.5em;
  }
  .panel > :not(summary) {
    margin-inline: 0.9rem;
  }
  .panel > :last-child:not(summary) {
    margin-bottom: 0.9rem;
  }
  .panel p {
    margin-block: 0.3rem;
  }
  .files {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 0.9rem;
  }
  .play.narrow .files {
    grid-template-columns: minmax(0, 1fr);
  }
  .editor {
    height: 20rem;
    background: var(--sw-term);
    border-radius: var(--sw-radius);
    overflow: hidden;
  }
  .differs .editor {
    opacity: 0.65;
  }
  .differs strong {
    color: var(--sw-warn);
  }
  .settings form p {
    flex-basis: 100%;
    margin: 0;
  }
  .plots {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(22rem, 100%), 1fr));
    gap: 0.9rem 1.4rem;
  }
  figure {
    margin: 0;
    min-width: 0;
  }
  figcaption {
    display: flex;
    flex-wrap: wrap;
    gap: 0.1rem 0.9rem;
    font-size: 0.8125rem;
  }
  .key {
    color: var(--sw-soft);
  }
  .key::before {
    content: '';
    display: inline-block;
    width: 1.3em;
    margin-inline-end: 0.4em;
    vertical-align: middle;
    border-top: 2px var(--style) var(--key);
  }
  .key b {
    color: var(--sw-ink);
    font-variant-numeric: tabular-nums;
  }
  .plot {
    min-height: 140px;
  }
  .shares {
    margin: 0.4rem 0 0;
    padding: 0;
    list-style: none;
    font-size: 0.8125rem;
  }
  .shares li {
    display: grid;
    grid-template-columns: 4rem 1fr 7rem;
    gap: 0.6rem;
    align-items: center;
  }
  .shares .pid {
    font-family: var(--sw-mono);
  }
  .shares .track {
    height: 10px;
    border: 1px solid var(--sw-line);
  }
  .shares .track span {
    display: block;
    height: 100%;
    background: var(--sw-soft);
  }
  .numbers summary {
    cursor: pointer;
    padding-block: 0.3rem;
  }
  .scroll {
    overflow: auto;
    max-height: 20rem;
  }
  table {
    border-collapse: collapse;
    font-size: 0.8125rem;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 0.15rem 0.7rem 0.15rem 0;
    text-align: end;
    border-bottom: 1px solid var(--sw-line);
    font-weight: 400;
  }
  thead th {
    color: var(--sw-soft);
    vertical-align: bottom;
  }
  .chart {
    display: block;
    width: min(100%, 30rem);
    margin-block: 0.5rem;
  }
  .chart .frame {
    fill: none;
    stroke: var(--sw-line-strong);
  }
  .chart .even {
    stroke: var(--sw-line-strong);
    stroke-dasharray: 2 4;
  }
  .chart .limit {
    stroke: var(--sw-bad);
    stroke-dasharray: 6 3;
  }
  .chart .line {
    fill: none;
    stroke: var(--sw-accent);
    stroke-width: 2;
  }
  .chart circle {
    fill: var(--sw-accent);
  }

  .play.phone
    :is(.moment, .around, .inspector, .offer, .panel)
    :is(button, select, input:not([type='range'], [type='checkbox']), label.button),
  .play.phone .panel > summary {
    min-height: 44px;
  }
  .play.phone .around {
    gap: 0.4rem;
  }
  .play.phone .around button {
    border-color: var(--sw-line);
    padding: 0 0.6rem;
    margin: 0;
  }
  .play.phone .around button[aria-pressed='true'] {
    border-color: var(--sw-line-strong);
  }
  .play.phone :is(.moment button, .close) {
    min-width: 44px;
  }
  .play.phone .moment {
    flex-wrap: wrap;
  }
  .play.phone .moment input {
    height: 44px;
  }
  .play.phone .add {
    min-width: 44px;
  }
  @media print {
    .panels,
    .moment {
      display: none;
    }
  }
`
