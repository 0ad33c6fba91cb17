// `npm run conformance`: builds programs around Cilium's own code and compares us with them. Exit 1 when we differ.
//
//   --ci         fewer documents, nothing recorded
//   --record     only records what Cilium says of the documents that `npm test` compares with
//   --seed N     the documents to compare; a new one each time when absent
//   --count N    how many

import { parseArgs } from 'node:util'
import { VERSIONS } from '../../server/src/model/version.ts'
import { realServerMissing } from '../cluster/realServer.ts'
import { fixesHold } from '../counterpart/fresh.ts'
import { crdDifferences } from './crd.ts'
import { agreesOnExamples } from './examples.ts'
import { agreesOnFresh } from './fresh.ts'
import { goMissing, goProgram } from './goProgram.ts'
import { record } from './recorded.ts'
import { agreesWithServer } from './server.ts'
import { agreesOnFlows } from './verdicts/fresh.ts'
import { record as recordVerdicts } from './verdicts/recorded.ts'

const { values } = parseArgs({
  options: {
    ci: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    seed: { type: 'string' },
    count: { type: 'string' },
  },
})
const seed = Number(values.seed ?? Date.now() % 1_000_000_000)
const count = Number(values.count ?? (values.ci ? 10_000 : 100_000))
const OF_SERVER = 1000
/** For each version whose engine can be asked. */
const FLOWS = values.ci ? 20_000 : 300_000

/** Runs one comparison; says how long it took. */
async function part(name: string, run: () => Promise<boolean>): Promise<boolean> {
  const started = performance.now()
  console.log(`── ${name}`)
  const right = await run()
  console.log(`${right ? 'agree' : 'DIFFER'} (${Math.round((performance.now() - started) / 1000)} s)\n`)
  return right
}

async function schemas(): Promise<boolean> {
  const lines: string[] = []
  for (const version of VERSIONS) lines.push(...(await crdDifferences(version)))
  for (const line of lines) console.log(line)
  return lines.length === 0
}

async function recording(): Promise<boolean> {
  console.log((await record()) ? 'as before' : 'test/conformance/recorded.json has changed')
  console.log((await recordVerdicts()) ? 'verdicts/recorded/verdicts.json has changed' : 'verdicts as before')
  return true
}

async function server(): Promise<boolean> {
  const missing = realServerMissing()
  if (missing === false) return agreesWithServer(seed, OF_SERVER)
  console.log(missing)
  return !values.ci
}

const missing = goMissing()
if (missing !== undefined) {
  console.error(`conformance: ${missing}`)
  process.exit(2)
}
for (const minor of VERSIONS) await goProgram({ command: 'accept', minor })
const results: boolean[] = []
if (values.record) results.push(await part('verdicts for npm test', recording))
else {
  results.push(await part('our schemas and the CustomResourceDefinitions', schemas))
  results.push(await part("Cilium's own examples", agreesOnExamples))
  results.push(await part('1.20 and a real API server', server))
  results.push(await part('fresh documents', () => agreesOnFresh(seed, count)))
  results.push(await part('fixes of the other side', () => fixesHold(seed, values.ci ? 20 : 200)))
  results.push(await part('verdicts of fresh flows', () => agreesOnFlows(seed, FLOWS)))
  if (!values.ci) results.push(await part('verdicts for npm test', recording))
}
process.exitCode = results.every(Boolean) ? 0 : 1
