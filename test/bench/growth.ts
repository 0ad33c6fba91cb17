// How times grow with the number of policies and pods, drawn as curves.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inventory, namespaces } from './corpus.ts'
import { numbers } from './figures.ts'
import { measure, writtenRepository } from './repository.ts'
import { OURS } from './servers.ts'

const POLICIES = [10, 100, 1000, 10_000] as const
const PODS = [10, 1000, 10_000] as const
/** Policies of the workspace whose inventory grows. */
const AMONG = 100

/** One curve: milliseconds by size. */
export interface Curve {
  readonly name: string
  readonly points: readonly (readonly [size: number, milliseconds: number])[]
}

/** Runs a server for each size. */
export async function curves(): Promise<Curve[]> {
  const complete: [number, number][] = []
  const key: [number, number][] = []
  for (const size of POLICIES) {
    const { folder, files } = writtenRepository(size)
    const run = await measure(OURS, folder, files)
    complete.push([size, run.complete])
    key.push([size, numbers(run.keystrokes).median])
  }
  const pods: [number, number][] = []
  for (const size of PODS) {
    const { folder, files } = writtenRepository(AMONG)
    writeFileSync(join(folder, 'inventory.txt'), inventory(size, namespaces(AMONG)))
    const run = await measure(OURS, folder, files, { inventory: { file: 'inventory.txt' } })
    pods.push([size, numbers(run.keystrokes).median])
  }
  return [
    { name: 'all diagnostics, by policies', points: complete },
    { name: 'keystroke, by policies', points: key },
    { name: `keystroke in ${AMONG} policies, by pods`, points: pods },
  ]
}

const WIDTH = 720
const HEIGHT = 400
const LEFT = 70
const RIGHT = 230
const TOP = 30
const BOTTOM = 50
const COLOURS = ['#2563eb', '#d97706', '#059669'] as const

/** The curves as an SVG, both axes logarithmic. */
export function draw(list: readonly Curve[]): string {
  const all = list.flatMap(c => c.points)
  const [low, high] = decades(all.map(p => p[1]))
  const [from, to] = decades(all.map(p => p[0]))
  const x = (size: number) => LEFT + ((Math.log10(size) - from) / (to - from)) * (WIDTH - LEFT - RIGHT)
  const y = (time: number) => HEIGHT - BOTTOM - ((Math.log10(time) - low) / (high - low)) * (HEIGHT - TOP - BOTTOM)
  const lines = [
    ...steps(from, to).map(v => tick(x(v), HEIGHT - BOTTOM + 20, v.toLocaleString('en'), 'middle')),
    ...steps(low, high).flatMap(v => [
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(v)}" y2="${y(v)}" stroke="#8884"/>`,
      tick(LEFT - 8, y(v) + 4, `${v.toLocaleString('en')} ms`, 'end'),
    ]),
    ...list.flatMap((curve, i) => drawCurve(curve, COLOURS[i % COLOURS.length] ?? '#000', { x, y })),
  ]
  const style = 'font-family="sans-serif" font-size="12" fill="#6b7280"'
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" ${style}>\n<title>Milliseconds, by the number of policies or pods</title>\n${lines.join('\n')}\n</svg>\n`
}

interface Scale {
  x(size: number): number
  y(time: number): number
}

function drawCurve(curve: Curve, colour: string, { x, y }: Scale): string[] {
  const path = curve.points.map(
    ([size, time], i) => `${i === 0 ? 'M' : 'L'}${x(size).toFixed(1)} ${y(time).toFixed(1)}`,
  )
  const [size, time] = curve.points.at(-1) ?? [1, 1]
  return [
    `<path d="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...curve.points.map(([s, t]) => `<circle cx="${x(s).toFixed(1)}" cy="${y(t).toFixed(1)}" r="3" fill="${colour}"/>`),
    `<text x="${(x(size) + 10).toFixed(1)}" y="${(y(time) + 4).toFixed(1)}" fill="${colour}">${curve.name}</text>`,
  ]
}

function tick(x: number, y: number, text: string, anchor: 'middle' | 'end'): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${text}</text>`
}

/** The powers of ten around the values. */
function decades(values: readonly number[]): [number, number] {
  const low = Math.floor(Math.log10(Math.min(...values)))
  return [low, Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))))]
}

function steps(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i))
}
