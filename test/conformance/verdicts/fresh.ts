// Fresh questions: our verdicts compared with those of Cilium's policy engine, and what we differ in shown as small as it gets.

import { goProgram } from '../goProgram.ts'
import { compare, type Disagreement, shrink } from './compare.ts'
import { ASKED, question } from './generate.ts'
import { startOracle } from './oracle.ts'

/** Disagreements that are shown in full. */
const SHOWN = 3

/** Compares about `flows` flows with each version's engine; says how many there were. True when none differs. */
export async function agreesOnFlows(seed: number, flows: number): Promise<boolean> {
  let right = true
  for (const version of ASKED) {
    const oracle = startOracle(await goProgram({ command: 'verdict', minor: version }))
    let compared = 0
    let wrong = 0
    let panics = 0
    for (let i = 0; compared < flows; i++) {
      const one = await compare(oracle, question(version, seed, i), version)
      compared += Math.max(one.compared, 1)
      if (one.panicked) panics++
      for (const found of one.found) if (wrong++ < SHOWN) show(await shrink(found, oracle, version))
    }
    oracle.stop()
    console.log(
      `Cilium ${version}, seed ${seed}: ${compared} flows, ${wrong} verdicts differ${panics > 0 ? ` (Cilium panicked on ${panics} sets of policies)` : ''}`,
    )
    if (wrong > 0) right = false
  }
  return right
}

function show({ question: asked, flow, theirs, ours }: Disagreement): void {
  console.log(
    `question ${asked.id} ${JSON.stringify(asked.config)}\n${JSON.stringify(flow)}\n  Cilium: ${theirs}\n  we:     ${ours}`,
  )
  for (const text of Object.values(asked.files)) if (text !== '') console.log(text)
  console.log(JSON.stringify(asked.inventory.items))
}
