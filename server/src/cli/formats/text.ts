// For people: one finding after the other, with the line of the source and a mark under the word.

import type { Severity } from '../../syntax/problem.ts'
import type { Report, Reported } from '../report.ts'

/** Numbers of terminal colours. */
const COLOUR = { red: 31, yellow: 33, blue: 34, cyan: 36 } as const
type Colour = keyof typeof COLOUR

const COLOURS: Readonly<Record<Severity, Colour>> = {
  error: 'red',
  warning: 'yellow',
  information: 'blue',
  hint: 'cyan',
}

/** Columns of a line of the source that are shown. */
const WIDTH = 160

/** Findings and a summary line. Colours only where the output is a terminal that wants them. */
export function formatText(report: Report): string {
  return [...report.problems.map(finding), summary(report), ''].join('\n')
}

function finding(problem: Reported): string {
  const { file, line, column, severity, message, code, related, fixes } = problem
  const head = `${file}:${line}:${column}: ${paint(COLOURS[severity], severity)}: ${message.replaceAll('\n', ' ')} [${code}]`
  const notes = related.map(r => `  see ${r.file}:${r.line}:${r.column}: ${r.message}`)
  const fix = fixes.find(f => f.preferred) ?? fixes[0]
  const way = fix ? [`  ${fix.preferred ? 'fix' : 'possible fix'}: ${fix.title}`] : []
  return [head, ...frame(problem), ...notes, ...way, ''].join('\n')
}

/** The line and a mark under what is meant: `5 |   - fromEntities: …` */
function frame({ source, line, column, endLine, endColumn, severity }: Reported): string[] {
  const from = Math.max(0, column - 1 - WIDTH / 2)
  const shown = source.slice(from, from + WIDTH).replaceAll('\t', ' ')
  if (shown.trim() === '') return []
  const end = endLine === line ? endColumn : source.length + 1
  const at = column - 1 - from
  const length = Math.max(1, Math.min(end - column, shown.length - at))
  const number = String(line)
  const mark = paint(COLOURS[severity], '^'.repeat(length))
  return [`  ${number} | ${shown}`, `  ${' '.repeat(number.length)} | ${' '.repeat(at)}${mark}`]
}

function summary({ summary: { files, policies, errors, warnings }, problems, fixed }: Report): string {
  const mended = fixed > 0 ? `${count(fixed, 'fix', 'fixes')} applied. ` : ''
  const looked = `${count(files, 'file')}, ${count(policies, 'policy', 'policies')}`
  const others = problems.length - errors - warnings
  const parts = [
    ...(errors > 0 ? [paint('red', count(errors, 'error'))] : []),
    ...(warnings > 0 ? [paint('yellow', count(warnings, 'warning'))] : []),
    ...(others > 0 ? [count(others, 'remark')] : []),
  ]
  const fixable = problems.filter(p => p.fixes.some(f => f.preferred)).length
  const way = fixable > 0 && fixed === 0 ? ` (${fixable} can be mended with --fix)` : ''
  return `${mended}${looked}: ${parts.length > 0 ? parts.join(', ') : 'no problems'}${way}`
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`
}

function paint(colour: Colour, text: string): string {
  const wanted = process.stdout.isTTY && !process.env.NO_COLOR
  return wanted ? `\u001B[${COLOUR[colour]}m${text}\u001B[0m` : text
}
