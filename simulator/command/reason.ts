/** Why an option of an original is not offered. The sentences are in the language files. */
export type Reason =
  /** It chooses among Python's implementations, or speaks of Python itself. */
  | 'python'
  /** The application brings its own WebSocket library. */
  | 'webSocket'
  /** Only gunicorn's other worker classes know it; uvicorn's ignores it in silence. */
  | 'otherClass'
  /** Only HTTP/1.1 is spoken. */
  | 'protocol'
  /** The log goes to files, stdout and stderr. */
  | 'logging'
  | 'daemon'
  | 'preload'
  | 'config'
  /** The user that runs the command is chosen by whoever starts it. */
  | 'privileges'
  /** Files are watched by uvicorn and fastapi. */
  | 'reload'
  /** Of a part of the original that is not here. */
  | 'part'
