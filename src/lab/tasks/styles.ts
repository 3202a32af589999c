import { css } from 'lit'

/** The panel of questions and checkpoints, and the row of a lab's own controls. */
export const taskStyles = css`
  .tasks {
    padding: 0.7rem 1rem 0.6rem;
    border-bottom: 1px solid var(--sw-line);
    background: var(--sw-paper);
    font-size: 0.875rem;
  }
  .task-list,
  .controls-row {
    display: flex;
    flex-wrap: wrap;
    gap: 0.35rem;
  }
  .task-list button {
    padding: 0.1rem 0.55rem;
    min-height: 28px;
    font-size: 0.8125rem;
  }
  .entry > span:first-child {
    display: inline-block;
    min-width: 1.1em;
    margin-inline-end: 0.2em;
    color: var(--sw-soft);
  }
  .task {
    margin-top: 0.6rem;
  }
  .task fieldset {
    margin: 0;
    padding: 0;
    border: 0;
    min-width: 0;
  }
  .task legend,
  .task .goal {
    margin: 0 0 0.3rem;
    padding: 0;
    font-weight: 600;
    max-width: 46rem;
  }
  .task label {
    display: flex;
    gap: 0.5rem;
    align-items: baseline;
    padding: 0.15rem 0;
    max-width: 46rem;
  }
  .task label.true {
    font-weight: 600;
  }
  .task-do {
    display: flex;
    flex-wrap: wrap;
    gap: 0.3rem 0.7rem;
    align-items: baseline;
    margin: 0.4rem 0 0;
  }
  .task-do > span {
    flex: 1 1 20rem;
    max-width: 46rem;
  }
  .settle:not([aria-disabled='true']) {
    color: var(--sw-accent);
    background: var(--sw-accent-tint);
    border-color: var(--sw-accent);
    font-weight: 600;
  }
  .good {
    color: var(--sw-accent);
  }
  .hints {
    margin: 0.5rem 0 0;
    padding-inline-start: 1.3rem;
    max-width: 46rem;
  }
  .task-foot {
    display: flex;
    align-items: baseline;
    flex-wrap: wrap;
    gap: 0.2rem 0.9rem;
    margin-top: 0.5rem;
    color: var(--sw-soft);
    font-size: 0.75rem;
  }
  .plain {
    border: 0;
    padding: 0;
    min-height: 24px;
    color: var(--sw-soft);
    text-decoration: underline;
  }
  .controls-row {
    font-size: 0.875rem;
    padding: 0.5rem 1rem 0;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  /* Many tasks, little room: two rows that are pushed sideways. */
  .phone .task-list {
    display: grid;
    grid-template-rows: repeat(2, auto);
    grid-auto-flow: column;
    justify-content: start;
    overflow-x: auto;
    margin-inline: -1rem;
    padding: 3px 1rem;
  }
  .phone .task-list button {
    white-space: nowrap;
  }
  .phone .tasks button,
  .phone .controls-row button {
    min-height: 44px;
  }
  .phone .task label {
    padding: 0.55rem 0;
  }
  .bar-text {
    font-size: 9px;
    font-family: var(--sw-text);
    fill: var(--sw-ink);
  }
`
