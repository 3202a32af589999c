import { css } from 'lit'

/** Looking back: the hand of the clock and its bar, and what can be asked about. */
export const past = css`
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
`
