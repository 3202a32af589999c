import type { ITheme } from '@xterm/xterm'

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const

/** The site's terminal colours for xterm, which takes no CSS variables. `within` is an element that inherits them. */
export function themeOf(within: HTMLElement): ITheme {
  const probe = document.createElement('span')
  within.append(probe)
  const color = (name: string): string => {
    probe.style.color = `var(--sw-${name})`
    return getComputedStyle(probe).color
  }
  const theme: Record<string, string> = {
    background: color('term'),
    foreground: color('term-ink'),
    cursor: color('term-ink'),
    cursorAccent: color('term'),
    selectionBackground: '#3d5a80',
    scrollbarSliderBackground: '#5b667766',
    scrollbarSliderHoverBackground: '#5b6677aa',
    scrollbarSliderActiveBackground: '#5b6677',
  }
  for (const [index, name] of NAMES.entries()) {
    theme[name] = color(`ansi-${30 + index}`)
    theme[`bright${name.charAt(0).toUpperCase()}${name.slice(1)}`] = color(`ansi-${90 + index}`)
  }
  probe.remove()
  return theme
}
