// For test reports: a suite a file, a case a finding; what makes the command fail is a failure.

import type { Report, Reported } from '../report.ts'

/** JUnit XML. A file without findings is one case that passed. */
export function formatJunit(report: Report): string {
  const found = byFile(report.problems)
  const suites = report.files.map(file => suite(report, file, found.get(file) ?? []))
  const { tests, failures } = totals(report)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="cilium-policy" tests="${tests}" failures="${failures}" errors="0">`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n')
}

function byFile(problems: readonly Reported[]): ReadonlyMap<string, readonly Reported[]> {
  const found = new Map<string, Reported[]>()
  for (const p of problems) {
    const list = found.get(p.file)
    if (list) list.push(p)
    else found.set(p.file, [p])
  }
  return found
}

function totals(report: Report): { readonly tests: number; readonly failures: number } {
  const unclean = new Set(report.problems.map(p => p.file))
  const clean = report.files.filter(file => !unclean.has(file)).length
  return { tests: report.problems.length + clean, failures: report.problems.filter(p => isFailure(report, p)).length }
}

function suite(report: Report, file: string, problems: readonly Reported[]): string {
  const failures = problems.filter(p => isFailure(report, p)).length
  const cases =
    problems.length === 0
      ? [`    <testcase name="policies" classname="${xml(file)}"/>`]
      : problems.map(p => one(report, p))
  return [
    `  <testsuite name="${xml(file)}" tests="${cases.length}" failures="${failures}" errors="0">`,
    ...cases,
    '  </testsuite>',
  ].join('\n')
}

function one(report: Report, p: Reported): string {
  const where = `${p.file}:${p.line}:${p.column}`
  const name = `${p.code} at ${p.line}:${p.column}`
  const text = `${where}: ${p.severity}: ${p.message}`
  const body = isFailure(report, p)
    ? `<failure type="${p.severity}" message="${xml(p.message)}">${xml(text)}</failure>`
    : `<system-out>${xml(text)}</system-out>`
  return `    <testcase name="${xml(name)}" classname="${xml(p.file)}" file="${xml(p.file)}" line="${p.line}">${body}</testcase>`
}

function isFailure(report: Report, p: Reported): boolean {
  return p.severity === 'error' || (p.severity === 'warning' && report.failOn === 'warning')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
}

/** Text for XML: escaped, and without the characters that XML cannot hold. */
function xml(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, c => ('\t\n\r'.includes(c) ? c : '\uFFFD'))
    .replace(/[&<>"\n]/g, c => ENTITIES[c] ?? c)
}
