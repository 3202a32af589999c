import { css } from 'lit'

/** What a thing is: the panel that opens for it, or for a link. */
export const inspector = css`
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
`
