// What a bench measures: numbers with their median and 95th percentile, ratios, goals, and tables of them.

/** Summary of measured values. */
export interface Numbers {
  readonly median: number
  readonly p95: number
  readonly max: number
  readonly count: number
}

/** One line of the report: ours, and that of another program that does the same work. */
export interface Figure {
  readonly name: string
  readonly unit: 'ms' | 'MiB' | 'kB'
  readonly ours: Numbers
  readonly other?: Numbers & { readonly program: string }
  readonly goal?: { readonly text: string; readonly met: boolean }
}

/** Median, 95th percentile and maximum (nearest rank). */
export function numbers(values: readonly number[]): Numbers {
  const sorted = values.toSorted((a, b) => a - b)
  const rank = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
  return { median: rank(0.5), p95: rank(0.95), max: sorted.at(-1) ?? Number.NaN, count: sorted.length }
}

/** At least that many times faster (or smaller) than the other program, at the median. */
export function timesBetter(name: string, unit: Figure['unit'], measured: Measured, times: number): Figure {
  const ours = numbers(measured.ours)
  const other = { ...numbers(measured.other), program: measured.program }
  const percent = times < 2 ? `at most ${Math.round(100 / times)} %` : `at least ${times} times better`
  return { name, unit, ours, other, goal: { text: percent, met: other.median / ours.median >= times } }
}

export interface Measured {
  readonly ours: readonly number[]
  readonly other: readonly number[]
  readonly program: string
}

/** The chosen summary of ours is at most the limit. */
export function atMost(
  name: string,
  unit: Figure['unit'],
  values: readonly number[],
  limit: { readonly of: 'median' | 'p95' | 'max'; readonly value: number },
): Figure {
  const ours = numbers(values)
  return { name, unit, ours, goal: { text: `${limit.of} ${limit.value} ${unit}`, met: ours[limit.of] <= limit.value } }
}

const round = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)

/** A table in Markdown; `before` are the figures of another run, by name. */
export function table(figures: readonly Figure[], before?: ReadonlyMap<string, Figure>): string {
  const head = ['work', 'unit', 'median', 'p95', 'max', 'other program', 'ratio', 'goal', ...(before ? ['before'] : [])]
  const rows = figures.map(figure => {
    const { ours, other, goal } = figure
    const was = before?.get(figure.name)?.ours.median
    return [
      figure.name,
      figure.unit,
      round(ours.median),
      round(ours.p95),
      round(ours.max),
      other ? `${round(other.median)} (p95 ${round(other.p95)}) ${other.program}` : '',
      other ? `${round(other.median / ours.median)} ×` : '',
      goal ? `${goal.text}: ${goal.met ? 'met' : 'MISSED'}` : '',
      ...(before ? [was === undefined ? 'new' : `${round(was)} (${percent(ours.median / was)})`] : []),
    ]
  })
  const widths = head.map((h, i) => Math.max(h.length, ...rows.map(row => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]) => `| ${cells.map((c, i) => c.padEnd(widths[i] ?? 0)).join(' | ')} |`
  return [line(head), `| ${widths.map(w => '-'.repeat(w)).join(' | ')} |`, ...rows.map(line)].join('\n')
}

function percent(ratio: number): string {
  const change = Math.round((ratio - 1) * 100)
  return `${change > 0 ? '+' : ''}${change} %`
}
