import { css } from 'lit'

/** The lab's own look; colours and measures come from the site (src/styles/tokens.css). */
export const styles = css`
  :host {
    display: block;
    container-type: inline-size;
    color: var(--sw-ink);
    font-family: var(--sw-text);
    line-height: 1.5;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  .lab {
    position: relative;
    background: var(--sw-card);
    border: 1px solid var(--sw-line);
    border-radius: var(--sw-radius-lab);
    overflow: hidden;
  }
  button,
  select {
    font: inherit;
    color: var(--sw-ink);
    background: none;
    border: 1px solid var(--sw-line);
    border-radius: var(--sw-radius);
    padding: 0.2rem 0.7rem;
    min-height: 30px;
    cursor: pointer;
    touch-action: manipulation;
  }
  button:hover:not([aria-disabled='true']) {
    border-color: var(--sw-line-strong);
  }
  :focus-visible {
    outline: 2px solid var(--sw-accent);
    outline-offset: 2px;
  }
  button[aria-disabled='true'] {
    color: var(--sw-soft);
    cursor: default;
  }
  .primary:not([aria-disabled='true']) {
    color: var(--sw-card);
    background: var(--sw-accent);
    border-color: var(--sw-accent);
    font-weight: 600;
  }
  .on {
    color: var(--sw-accent);
    background: var(--sw-accent-tint);
    border-color: var(--sw-accent);
  }
  .hidden,
  .skip:not(:focus) {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    padding: 0;
    border: 0;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .skip:focus {
    position: absolute;
    z-index: 2;
    top: 0.4rem;
    left: 0.4rem;
    background: var(--sw-card);
  }
  .soft {
    color: var(--sw-soft);
  }

  /* The bar */
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.45rem;
    padding: 0.55rem 0.9rem;
    border-bottom: 1px solid var(--sw-line);
    font-size: 0.875rem;
  }
  .bar b {
    font-weight: 600;
  }
  .bar .facts {
    flex: 1 1 14rem;
    color: var(--sw-soft);
  }
  .bar .controls {
    display: flex;
    flex-wrap: wrap;
    gap: 0.45rem;
  }
  .bar .sign {
    font-size: 0.75em;
    margin-inline-end: 0.35em;
  }

  /* The picture */
  .stage {
    position: relative;
    padding: 0.4rem 0.9rem 0.3rem;
  }
  .stage svg {
    display: block;
    overflow: visible;
  }
  .stage svg svg {
    overflow: hidden;
  }
  .field {
    position: relative;
    /* What moves in it moves nothing else: the rest of the page is neither laid out nor painted anew. */
    contain: layout style;
  }
  .field button {
    position: absolute;
    min-height: 0;
    padding: 0;
    font-family: var(--sw-mono);
    font-size: 12px;
    line-height: 1;
    color: var(--sw-soft);
    background: var(--sw-card);
    white-space: nowrap;
  }
  .field button[aria-disabled='true'] {
    border-style: dashed;
  }
  .field button:not([aria-disabled='true']):hover {
    color: var(--sw-bad);
    border-color: var(--sw-bad);
  }
  .field button.switch:hover {
    color: var(--sw-accent);
    border-color: var(--sw-accent);
  }
  text {
    font-family: var(--sw-mono);
    font-size: 12px;
    fill: var(--sw-ink);
  }
  text.soft {
    font-size: 11px;
    fill: var(--sw-soft);
  }
  text.head {
    font: 600 12px var(--sw-text);
  }
  text.strong {
    font-weight: 600;
  }
  text.middle,
  .socket text,
  .axis text,
  .hand text {
    text-anchor: middle;
  }
  text.end,
  text.fate {
    text-anchor: end;
  }
  text.fate,
  text.bad {
    fill: var(--sw-bad);
    font-weight: 600;
  }
  .fate,
  .fate-seen {
    paint-order: stroke;
    stroke: var(--sw-card);
    stroke-width: 4px;
    stroke-linejoin: round;
  }
  .w1 {
    --who: var(--sw-w1);
    --tint: var(--sw-t1);
  }
  .w2 {
    --who: var(--sw-w2);
    --tint: var(--sw-t2);
  }
  .w3 {
    --who: var(--sw-w3);
    --tint: var(--sw-t3);
  }
  .w4 {
    --who: var(--sw-w4);
    --tint: var(--sw-t4);
  }
  .o1 {
    --dash: var(--sw-d1);
  }
  .o2 {
    --dash: var(--sw-d2);
  }
  .o3 {
    --dash: var(--sw-d3);
  }
  .o4 {
    --dash: var(--sw-d4);
  }
  .clients path,
  .accepts,
  .onward,
  .bracket,
  .axis path {
    fill: none;
  }
  .clients path {
    stroke: var(--sw-line);
  }
  .onward {
    stroke: var(--sw-ink);
    stroke-width: 1.3;
  }
  .clients circle {
    fill: var(--sw-card);
    stroke: var(--sw-soft);
    stroke-width: 1.3;
  }
  .clients circle.asks {
    fill: var(--sw-soft);
  }
  .clients.off {
    opacity: 0.55;
  }
  .socket rect {
    fill: var(--sw-card);
    stroke: var(--sw-ink);
    stroke-width: 1.3;
  }
  .socket.closed rect {
    stroke: var(--sw-line-strong);
    stroke-dasharray: 3 3;
  }
  .socket text {
    font-size: 11px;
    fill: var(--sw-soft);
  }
  .socket text.strong {
    font-size: 12px;
    fill: var(--sw-ink);
  }
  .socket text.waiting {
    fill: var(--sw-bad);
    font-weight: 600;
  }
  .accepts {
    stroke: var(--who);
    stroke-width: 1;
  }
  .accepts.busy {
    stroke-width: 1.8;
  }
  .bracket {
    stroke: var(--sw-soft);
    stroke-dasharray: 2 3;
  }
  .bracket.gone {
    opacity: 0.35;
  }
  .who text.strong {
    fill: var(--who);
  }
  .who.ended text.strong {
    fill: var(--sw-soft);
    font-weight: 400;
    text-decoration: line-through;
  }
  .who:is(.stopped, .spinning) text.soft {
    fill: var(--sw-bad);
  }
  .axis path {
    stroke: var(--sw-line);
    stroke-dasharray: 2 4;
  }
  .axis text {
    font-size: 11px;
    fill: var(--sw-soft);
  }
  .life {
    fill: var(--tint);
    stroke: var(--who);
    stroke-opacity: 0.6;
    stroke-dasharray: var(--dash);
  }
  .life.booting {
    fill: var(--sw-card);
    stroke-opacity: 1;
    stroke-dasharray: 3 2;
  }
  .life.draining {
    fill-opacity: 0.4;
  }
  .life.stopped,
  .life.spinning {
    fill: var(--sw-bad-tint);
    stroke: var(--sw-bad);
    stroke-dasharray: none;
  }
  .bar-open,
  .bar.open {
    fill: var(--who);
  }
  .bar.done {
    fill: var(--who);
    fill-opacity: 0.6;
  }
  path.bar.lost {
    fill: var(--sw-card);
    stroke: var(--sw-bad);
    stroke-width: 1.4;
  }
  .cross {
    fill: none;
    stroke: var(--sw-bad);
    stroke-width: 2.2;
  }
  .hand .line {
    stroke: var(--sw-ink);
    stroke-width: 1.4;
  }
  .hand .point {
    fill: var(--sw-ink);
  }
  .hand text {
    font-weight: 600;
  }
  .ghost rect {
    fill: none;
    stroke: var(--sw-line);
    stroke-dasharray: 3 3;
  }
  .foot .machine {
    fill: none;
    stroke: var(--sw-line-strong);
  }
  .foot rect:not(.machine) {
    fill: var(--who, var(--sw-soft));
    stroke: var(--sw-card);
  }
  .figures {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.2rem 1rem;
    padding: 0 0.9rem 0.5rem;
    font-size: 0.875rem;
    color: var(--sw-soft);
  }
  .figures b {
    color: var(--sw-ink);
    font-weight: 600;
  }
  .figures .bad {
    color: var(--sw-bad);
    font-weight: 600;
  }

  /* What just happened */
  .say {
    margin: 0;
    border-top: 1px solid var(--sw-line);
    padding: 0.55rem 0.9rem;
    font-size: 0.9375rem;
    min-height: 4rem;
    text-wrap: pretty;
  }
  .say b {
    font-weight: 600;
  }
  .say.bad b {
    color: var(--sw-bad);
  }
  .hint {
    margin: 0;
    padding: 0.4rem 0.9rem;
    font-size: 0.875rem;
    color: var(--sw-term-ink);
    background: #2a3340;
  }
  .hint:empty {
    display: none;
  }

  /* Terminals */
  .terminals {
    display: grid;
    grid-template-columns: minmax(0, 1.62fr) minmax(0, 1fr);
    grid-template-rows: auto minmax(0, 24.5rem);
    color: var(--sw-term-soft);
    background: var(--sw-term);
    border-top: 1px solid light-dark(var(--sw-term), var(--sw-line));
  }
  .terminals :focus-visible {
    outline-color: var(--sw-term-accent);
  }
  .tabs {
    display: flex;
    align-items: flex-end;
    justify-content: space-between;
    gap: 0.15rem 0.2rem;
    min-width: 0;
    padding: 0.4rem 0.6rem 0;
    font-size: 0.8125rem;
  }
  .tabs.rest,
  .pane:not(.server) {
    border-inline-start: 1px solid var(--sw-term-line);
  }
  .tabs [role='tablist'] {
    display: flex;
    flex: none;
  }
  .lab.phone .tabs [role='tablist'] {
    flex: 0 1 auto;
    flex-wrap: wrap;
  }
  .tab {
    color: var(--sw-term-soft);
    border: 0;
    border-radius: var(--sw-radius) var(--sw-radius) 0 0;
    min-height: 28px;
    padding: 0.15rem 0.75rem;
  }
  .tab[aria-selected='true'],
  span.tab {
    color: #ffffff;
    background: #232a35;
  }
  span.tab {
    display: inline-flex;
    align-items: center;
  }
  .speaks {
    min-width: 0;
    padding: 0 0.4rem 0.3rem;
    font-size: 0.75rem;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .pane {
    position: relative;
    grid-row: 2;
    grid-column: 2;
    min-width: 0;
    min-height: 0;
    padding: 0.55rem 0.2rem 0.5rem 0.9rem;
  }
  .pane.server {
    grid-column: 1;
  }
  .pane.away {
    visibility: hidden;
  }
  .screen {
    height: 100%;
    font-family: var(--sw-mono);
  }
  .pane:focus-within:has(.xterm-helper-textarea:focus) {
    box-shadow: inset 0 0 0 2px var(--sw-term-accent);
  }
  .xterm .xterm-viewport,
  .xterm {
    background: var(--sw-term);
  }
  .file {
    display: flex;
    flex-direction: column;
    gap: 0.4rem;
    padding: 0.6rem 0.9rem;
    font-size: 0.8125rem;
  }
  .file :is(textarea, pre) {
    flex: 1;
    min-height: 0;
    margin: 0;
    overflow: auto;
    resize: none;
    color: var(--sw-term-ink);
    background: #0c0f14;
    border: 1px solid var(--sw-term-line);
    border-radius: var(--sw-radius);
    padding: 0.6rem 0.7rem;
    font: 12.5px/1.5 var(--sw-mono);
    tab-size: 2;
    white-space: pre;
  }
  .file p {
    display: flex;
    align-items: center;
    gap: 0.6rem;
    margin: 0;
  }
  .file button {
    color: var(--sw-term-ink);
    border-color: var(--sw-term-line);
    min-height: 28px;
  }

  /* The phone's line: an input of its own, keys, commands to tap */
  .line {
    grid-row: 3;
    grid-column: 1 / -1;
    display: grid;
    gap: 0.5rem;
    padding: 0.6rem 0.9rem 0.8rem;
    border-top: 1px solid var(--sw-term-line);
  }
  .line form {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    font-family: var(--sw-mono);
  }
  .line input {
    flex: 1;
    min-width: 0;
    min-height: 44px;
    font: 16px/1.4 var(--sw-mono);
    color: var(--sw-term-ink);
    background: #0c0f14;
    border: 1px solid #5b6677;
    border-radius: var(--sw-radius);
    padding: 0.2rem 0.6rem;
  }
  .line button {
    color: var(--sw-term-ink);
    background: #232a35;
    border-color: var(--sw-term-line);
    min-height: 44px;
    min-width: 44px;
  }
  .line :is(.keys, .chips) {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .line .keys button {
    flex: 1 1 auto;
    padding-inline: 0.25rem;
    font-family: var(--sw-mono);
    font-size: 0.8125rem;
    white-space: nowrap;
  }
  .line .chips button {
    font: 0.75rem/1.35 var(--sw-mono);
    text-align: start;
    overflow-wrap: anywhere;
  }
  .foot-note {
    padding: 0.55rem 0.9rem;
    border-top: 1px solid var(--sw-line);
    font-size: 0.8125rem;
    color: var(--sw-soft);
    display: flex;
    flex-wrap: wrap;
    gap: 0.3rem 1.2rem;
    align-items: center;
    justify-content: space-between;
  }
  .foot-note p {
    flex: 1 1 28rem;
    margin: 0;
    max-width: 62rem;
  }
  .foot-note a {
    color: var(--sw-accent);
  }
  .foot-note label {
    display: inline-flex;
    align-items: center;
    gap: 0.4rem;
    min-height: 24px;
  }
  .foot-note input {
    width: 1rem;
    height: 1rem;
    accent-color: var(--sw-accent);
  }

  .lab.narrow .terminals {
    grid-template-columns: minmax(0, 1fr);
    grid-template-rows: auto minmax(0, 17rem) auto;
  }
  .lab.narrow :is(.pane, .pane.server) {
    grid-column: 1;
    border: 0;
  }
  .lab.narrow .tabs.rest {
    border: 0;
    padding-inline: 0.3rem;
  }
  .lab.narrow .tabs.first {
    display: none;
  }
  .lab.phone .tab {
    min-height: 44px;
    padding-inline: 0.6rem;
  }
  .lab.phone.narrow .tabs {
    flex-wrap: wrap;
  }
  .lab.phone.narrow .speaks {
    padding-block: 0.3rem 0;
  }
  .lab.phone .bar :is(button, select),
  .lab.phone .figures button,
  .lab.phone .file button {
    min-height: 44px;
    min-width: 44px;
    padding-inline: 0.55rem;
  }
  .lab.phone .bar .controls {
    gap: 0.3rem;
  }
  .lab.phone .foot-note label {
    min-height: 44px;
  }
  .lab.phone.narrow .say {
    min-height: 7.2rem;
  }
  @media print {
    .terminals,
    .bar .controls,
    .field button {
      display: none;
    }
  }
`
