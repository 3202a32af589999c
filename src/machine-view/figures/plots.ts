import uPlot from 'uplot'
import style from 'uplot/dist/uPlot.min.css?inline'

/** One line of a plot. */
export interface PlotLine {
  readonly label: string
  /** A CSS colour variable and a dash pattern: lines differ by more than their colour. */
  readonly color: string
  readonly dash: readonly number[]
}

export interface PlotOptions {
  readonly host: HTMLElement
  readonly title: string
  readonly time: string
  readonly lines: readonly PlotLine[]
}

/** A small plot over time. */
export interface Plot {
  /** The seconds, and for each line its values. */
  set(seconds: readonly number[], values: readonly (readonly (number | null)[])[]): void
  /** Adapts to the container's width and the page's colours. */
  refresh(): void
  dispose(): void
}

const HEIGHT = 140

/** Creates a plot in its container, inside a shadow root. */
export function openPlot(options: PlotOptions): Plot {
  adopt(options.host.getRootNode() as ShadowRoot)
  let data: uPlot.AlignedData = [[]]
  let plot = create(options, data)
  return {
    set(seconds, values) {
      data = [seconds as number[], ...(values as (number | null)[][])]
      plot.setData(data)
    },
    refresh() {
      plot.destroy()
      plot = create(options, data)
    },
    dispose: () => plot.destroy(),
  }
}

function create({ host, title, time, lines }: PlotOptions, data: uPlot.AlignedData): uPlot {
  const css = getComputedStyle(host)
  const color = (name: string): string => resolved(host, name)
  const axis: uPlot.Axis = {
    stroke: color('--sw-soft'),
    grid: { stroke: color('--sw-line'), width: 1, dash: [2, 4] },
    ticks: { show: false },
    font: `11px ${css.getPropertyValue('--sw-mono') || 'monospace'}`,
    size: 44,
  }
  return new uPlot(
    {
      width: Math.max(160, host.clientWidth),
      height: HEIGHT,
      title,
      cursor: { show: false },
      legend: { show: false },
      scales: { x: { time: false }, y: { range: (_plot, _least, most) => [0, Math.max(1, most * 1.1)] } },
      axes: [{ ...axis, size: 24 }, axis],
      series: [
        { label: time },
        ...lines.map((line) => ({
          label: line.label,
          stroke: color(line.color),
          dash: [...line.dash],
          width: 1.6,
          points: { show: false },
        })),
      ],
    },
    data,
    host,
  )
}

/** A canvas does not resolve CSS variables. */
function resolved(host: HTMLElement, name: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${name})`
  host.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

const adopted = new WeakSet<ShadowRoot>()

function adopt(root: ShadowRoot): void {
  if (adopted.has(root)) return
  adopted.add(root)
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(style)
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
}
