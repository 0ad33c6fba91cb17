// Verdicts alone: `main.ts [SEED] [FLOWS]` compares fresh ones with each version's engine, `main.ts record` records anew.

import { agreesOnFlows } from './fresh.ts'
import { record } from './recorded.ts'

const [first, flows] = process.argv.slice(2)
if (first === 'record') console.log((await record()) ? 'recorded/verdicts.json has changed' : 'as before')
else
  process.exitCode = (await agreesOnFlows(Number(first ?? Date.now() % 1_000_000_000), Number(flows ?? 10_000))) ? 0 : 1
