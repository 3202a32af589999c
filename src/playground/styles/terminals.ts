import { css } from 'lit'

/** The terminals: one at a time, as tabs. */
export const terminals = css`
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
`
