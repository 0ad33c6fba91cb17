// For code scanning: SARIF 2.1.0 with what each rule means.

import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ruleHref } from '../../features/convert.ts'
import { rules } from '../../rules/index.ts'
import type { Severity } from '../../syntax/problem.ts'
import type { Report, Reported, Spot } from '../report.ts'
import { version } from '../version.ts'

const LEVELS: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
}

/** One run with all rules and all findings. */
export function formatSarif({ problems }: Report): string {
  const driver = {
    name: 'cilium-policy',
    version: version(),
    informationUri: 'https://github.com/cilium-policy/cilium-policy',
    rules: rules.map(rule => ({
      id: rule.id,
      shortDescription: { text: rule.summary },
      fullDescription: { text: rule.why },
      helpUri: ruleHref(rule.id),
      help: { text: rule.why },
      defaultConfiguration: { level: LEVELS[rule.severity] },
    })),
  }
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results: problems.map(result) }],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

function result(p: Reported) {
  const ruleIndex = rules.findIndex(rule => rule.id === p.code)
  const region = { startLine: p.line, startColumn: p.column, endLine: p.endLine, endColumn: p.endColumn }
  return {
    ruleId: p.code,
    ...(ruleIndex === -1 ? {} : { ruleIndex }),
    level: LEVELS[p.severity],
    message: { text: p.message },
    locations: [{ physicalLocation: { artifactLocation: artifact(p), region } }],
    ...(p.related.length > 0 ? { relatedLocations: p.related.map(related) } : {}),
  }
}

function related(spot: Spot & { readonly message: string }, id: number) {
  const region = { startLine: spot.line, startColumn: spot.column }
  return { id, physicalLocation: { artifactLocation: artifact(spot), region }, message: { text: spot.message } }
}

/** Relative paths stay relative, so that code scanning finds them in the repository. */
function artifact({ file }: Spot): { readonly uri: string } {
  if (isAbsolute(file)) return { uri: pathToFileURL(file).href }
  return { uri: file.replaceAll('\\', '/').replace(/^\.\//, '').split('/').map(encodeURIComponent).join('/') }
}
