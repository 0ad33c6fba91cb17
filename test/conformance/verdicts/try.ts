// Fresh questions compared with Cilium: `try.ts PROGRAM VERSION SEED COUNT [SHOWN]`.

import { VERSIONS } from '../../../server/src/model/version.ts'
import { compare, shrink } from './compare.ts'
import { question } from './generate.ts'
import { startOracle } from './oracle.ts'

const [program = '', minor = '', seed = '1', count = '100', shown = '3'] = process.argv.slice(2)
const version = VERSIONS.find(v => v === minor)
if (!version) throw new Error(`no version: ${minor}`)
const oracle = startOracle(program)
let flows = 0
let wrong = 0
let failed = 0
let left = Number(shown)
for (let i = 0; i < Number(count); i++) {
  const asked = question(Number(seed), i, version)
  const { found, compared } = await compare(oracle, asked, version)
  flows += compared
  for (const d of found) {
    if (d.flow) wrong++
    else {
      failed++
      if (failed <= 5) console.log(asked.id, d.theirs.slice(0, 1500))
    }
    if (!d.flow || left-- <= 0) continue
    const small = await shrink(d, oracle, version)
    const { config, inventory, files } = small.question
    console.log(
      `${asked.id} ${JSON.stringify(config)}\n ${JSON.stringify(small.flow)}\n theirs ${small.theirs}\n ours   ${small.ours}`,
    )
    for (const text of Object.values(files)) if (text) console.log(text.slice(0, 3000))
    console.log(JSON.stringify(inventory.items).slice(0, 2500))
  }
}
oracle.stop()
console.log({ version, flows, wrong, failed })
