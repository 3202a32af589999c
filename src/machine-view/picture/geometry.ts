/** The layout of the picture, in px. A wide picture has clients and socket at its left; a narrow one does not. */
export interface Geometry {
  readonly wide: boolean
  /** Whether a worker's label has room for its memory too. */
  readonly roomy: boolean
  readonly width: number
  readonly height: number
  /** The time shown and the distance between axis lines, in ms. */
  readonly span: number
  readonly every: number
  readonly bracket: number
  readonly labels: number
  readonly button: { readonly x: number; readonly width: number; readonly height: number }
  readonly left: number
  readonly right: number
  /** Baseline of the parent's row and of the axis. */
  readonly head: number
  readonly rows: readonly Row[]
  readonly row: number
  /** Baseline of the memory bar and the figures; `undefined` when they are text below the picture. */
  readonly foot: number | undefined
  /** The proxy in front of the socket, if there is one and it fits. */
  readonly proxy: Box | undefined
  readonly socket: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
}

/** A rectangle, in px. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Row {
  /** Upper edge and middle. */
  readonly y: number
  readonly middle: number
}

/** From this width on there is room for clients and socket. */
export const WIDE = 760
/** From this width on labels are written in full; below it (a phone) they are shortened and touch targets are larger. */
export const ROOMY = 480
const ROW = 28
/** The left edge of what clients connect to, in px. */
export const SOCKET = 74
/** The time that a wide picture shows, in ms. */
export const WIDE_SPAN = 10_000

/** The width that a proxy takes, with its line to the socket. */
const PROXY = 112

/** The layout for a stage of this width, number of rows, and width of labels and buttons; `proxied`: with a proxy. */
export function geometryOf(
  width: number,
  count: number,
  labelWidth: number,
  buttonWidth: number,
  proxied = false,
): Geometry {
  const wide = width >= WIDE
  const many = count > 6
  const phone = width < ROOMY
  const pitch = phone ? 56 : many ? 32 : 46
  const row = phone ? 34 : many ? 22 : ROW
  const first = phone ? 62 : 70
  const rows = Array.from({ length: count }, (_, index) => {
    const y = first + index * pitch
    return { y, middle: y + row / 2 }
  })
  const end = first + Math.max(count, 1) * pitch
  const middle = first + (Math.max(count, 1) * pitch - (pitch - row)) / 2
  const roomy = width >= ROOMY
  const common = { wide, roomy, width, row, rows, head: 34 }
  if (!wide) {
    const button = roomy
      ? { x: 24 + labelWidth, width: buttonWidth, height: many ? 22 : 26 }
      : { x: 90, width: Math.max(44, buttonWidth), height: 44 }
    const left = button.x + button.width + 10
    const right = width - (roomy ? 44 : 26)
    const span = roomy ? 6000 : 3000
    return {
      ...common,
      height: end - 6,
      span,
      every: 1000,
      bracket: 5,
      labels: 14,
      button,
      left,
      right,
      foot: undefined,
      proxy: undefined,
      socket: { x: 0, y: 0, width: 0, height: 0 },
    }
  }
  const shift = proxied ? PROXY : 0
  const labels = 190 + shift
  const button = { x: labels + labelWidth + 10, width: buttonWidth, height: many ? 22 : 26 }
  return {
    ...common,
    height: end + 34,
    span: WIDE_SPAN,
    every: 2000,
    bracket: labels - 9,
    labels,
    button,
    left: button.x + button.width + 18,
    right: width - 44,
    foot: end + 14,
    proxy: proxied ? { x: SOCKET, y: middle - 32, width: PROXY - 22, height: 64 } : undefined,
    socket: { x: SOCKET + shift, y: middle - 32, width: 76, height: 64 },
  }
}
