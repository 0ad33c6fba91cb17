// For programs: a shape that scripts rely on.

import type { Report } from '../report.ts'

/** One JSON object; lines and columns from 1. */
export function formatJson({ problems, summary }: Report): string {
  const shown = problems.map(p => ({
    file: p.file,
    line: p.line,
    column: p.column,
    endLine: p.endLine,
    endColumn: p.endColumn,
    code: p.code,
    severity: p.severity,
    message: p.message,
    related: p.related.map(({ file, line, column, message }) => ({ file, line, column, message })),
    fixes: p.fixes.map(({ title }) => ({ title })),
  }))
  return `${JSON.stringify({ problems: shown, summary }, null, 2)}\n`
}
