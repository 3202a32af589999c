/** Why an option of an original is not offered. The messages are in the language files. */
export type Reason =
  /** It selects among Python's implementations, or is about Python itself. */
  | 'python'
  /** The application brings its own WebSocket library. */
  | 'webSocket'
  /** Only other worker classes of gunicorn know it; uvicorn's ignores it without a message. */
  | 'otherClass'
  /** Only HTTP/1.1 is spoken. */
  | 'protocol'
  /** The log goes to files, stdout and stderr. */
  | 'logging'
  | 'daemon'
  | 'preload'
  | 'config'
  /** The user is chosen by whoever starts the command. */
  | 'privileges'
  /** Only uvicorn and fastapi watch files here. */
  | 'reload'
  /** It belongs to a part of the original that is not here. */
  | 'part'
