import { css } from 'lit'

/** What unfolds below: the application, settings, figures, the reader's browser. */
export const panels = css`
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
