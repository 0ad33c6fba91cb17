// `cilium-policy check`: the findings of the editor, for terminals and pipelines.

import { fixWorld, writeWorld } from './fix.ts'
import { formatGithub } from './formats/github.ts'
import { formatJson } from './formats/json.ts'
import { formatJunit } from './formats/junit.ts'
import { formatSarif } from './formats/sarif.ts'
import { formatText } from './formats/text.ts'
import { loadWorld } from './load.ts'
import { answers, CannotRun, oneOf, readFlags, WORLD_FLAGS } from './options.ts'
import { fails, makeReport, type Report } from './report.ts'
import { startHelpers } from './threads.ts'

const FLAGS = {
  ...WORLD_FLAGS,
  format: { type: 'string' },
  fix: { type: 'boolean' },
  'fail-on': { type: 'string' },
} as const

const FORMATS = ['text', 'json', 'sarif', 'github', 'junit'] as const

const FORMATTERS: Readonly<Record<(typeof FORMATS)[number], (report: Report) => string>> = {
  text: formatText,
  json: formatJson,
  sarif: formatSarif,
  github: formatGithub,
  junit: formatJunit,
}

/** Runs the command; resolves to the exit code. */
export async function runCheck(args: readonly string[], print: (text: string) => void): Promise<number> {
  const { values, positionals } = readFlags('check', args, FLAGS)
  if (answers('check', values, print)) return 0
  const format = oneOf('format', values.format ?? 'text', FORMATS)
  const failOn = oneOf('fail-on', values['fail-on'] ?? 'error', ['error', 'warning'])
  if (values.fix && positionals.includes('-')) throw new CannotRun('--fix cannot change standard input: give a file')
  const helpers = startHelpers()
  try {
    const loaded = await loadWorld(positionals, values, helpers)
    const { world, fixed } = values.fix ? fixWorld(loaded) : { world: loaded, fixed: 0 }
    if (values.fix) writeWorld(loaded, world)
    const report = makeReport(world, { fixed, failOn })
    print(FORMATTERS[format](report))
    helpers.keep(loaded.snapshot)
    return fails(report) ? 1 : 0
  } finally {
    helpers.end()
  }
}
