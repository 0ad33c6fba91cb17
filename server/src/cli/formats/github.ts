// For GitHub Actions: workflow commands, which become annotations of the lines.

import type { Severity } from '../../syntax/problem.ts'
import type { Report, Reported } from '../report.ts'

const COMMANDS: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
  hint: 'notice',
}

/** One command a finding. */
export function formatGithub({ problems }: Report): string {
  return problems.map(p => `${command(p)}\n`).join('')
}

function command(p: Reported): string {
  const columns = p.line === p.endLine ? [`col=${p.column}`, `endColumn=${p.endColumn}`] : []
  const where = [
    `file=${property(p.file)}`,
    `line=${p.line}`,
    `endLine=${p.endLine}`,
    ...columns,
    `title=${property(p.code)}`,
  ]
  return `::${COMMANDS[p.severity]} ${where.join(',')}::${data(p.message)}`
}

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
