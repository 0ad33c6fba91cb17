// Fresh questions compared with Cilium: `try.ts PROGRAM VERSION SEED COUNT [SHOWN]`.

import { stringify } from 'yaml'
import { VERSIONS } from '../../../server/src/model/version.ts'
import { disagreements, shrink } from './compare.ts'
import { question } from './generate.ts'
import { startOracle } from './oracle.ts'

const [program = '', minor = '', seed = '1', count = '100', shown = '3'] = process.argv.slice(2)
const version = VERSIONS.find(v => v === minor)
if (!version) throw new Error(`no version: ${minor}`)
const oracle = startOracle(program)
let flows = 0
let open = 0
let wrong = 0
let acceptance = 0
const kinds = new Map<string, number>()
let refused = 0
let docs = 0
let left = Number(shown)
for (let i = 0; i < Number(count); i++) {
  const asked = question(Number(seed), i, version)
  const reply = await oracle.ask(asked)
  flows += asked.flows.length
  for (const v of reply.verdicts ?? []) {
    const k = `${v.egress} ${v.ingress} ${v.open ?? ''}`
    kinds.set(k, (kinds.get(k) ?? 0) + 1)
  }
  for (const d of reply.docs ?? []) {
    docs++
    if (d.layer) refused++
  }
  open += (reply.verdicts ?? []).filter(v => v.open).length
  for (const d of disagreements(asked, reply, version)) {
    if (d.flow) wrong++
    else {
      acceptance++
      if (acceptance <= 5) console.log(asked.id, 'theirs', d.theirs, 'ours', d.ours)
    }
    if (!d.flow || left-- <= 0) continue
    const small = await shrink(d, oracle, version)
    console.log(
      `${asked.id} ${small.question.mode} flow ${JSON.stringify(small.flow)}\n theirs ${small.theirs}\n ours   ${small.ours}`,
    )
    for (const text of Object.values(small.question.files))
      if (text) console.log(stringify(text.split(/^---\n/m)).slice(0, 3000))
    console.log(JSON.stringify(small.question.inventory.items.map(x => x).slice(0, 6)).slice(0, 1500))
  }
}
oracle.stop()
console.log(kinds, { docs, refused })
console.log({ version, flows, open, wrong, acceptance })
