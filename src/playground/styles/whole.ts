import { css } from 'lit'

/** The bar, what is said above the picture, and what stands in several places. */
export const whole = css`
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
`
