/** The detail of the event `sw-insert-command`: a button in the prose puts a command into a terminal of the page. */
export interface InsertCommand {
  readonly command: string
  readonly terminal: 'server' | 'client'
  /** Whether the command is complete, so that it is run at once. */
  readonly runs?: boolean
  /** The button, to come back to. */
  readonly from?: HTMLElement
}
