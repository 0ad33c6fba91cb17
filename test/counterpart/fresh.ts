// The fixes of counterpart-missing and dns-missing in fresh generated clusters, judged by Cilium's own engine: for `npm run conformance`.

import '../../server/src/rules/check.ts'
import type { Version } from '../../server/src/model/version.ts'
import { parseFile } from '../../server/src/syntax/parse.ts'
import { goProgram } from '../conformance/goProgram.ts'
import type { Item } from '../conformance/verdicts/cluster.ts'
import { ASKED, type Config } from '../conformance/verdicts/generate.ts'
import { type Oracle, startOracle } from '../conformance/verdicts/oracle.ts'
import { dnsBroken, worldWithDns } from './dnsPromises.ts'
import { worldOf } from './generate.ts'
import { broken, flowsOf, type Judge, type Sides } from './promises.ts'

/** Tries the fixes of that many clusters, and of as many with a DNS, with each version's engine; says what is broken. True when nothing is. */
export async function fixesHold(seed: number, worlds: number): Promise<boolean> {
  let right = true
  for (const version of ASKED) {
    const oracle = startOracle(await goProgram({ command: 'verdict', minor: version }))
    const judge = judgeBy(oracle, version)
    const wrong: string[] = []
    let ways = 0
    for (let i = 0; i < worlds; i++) {
      const dns = await dnsBroken({ ...worldWithDns(seed + i), version }, judge)
      ways += dns.fixes
      for (const sentence of [...(await broken({ ...worldOf(seed + i), version }, judge)), ...dns.wrong])
        wrong.push(`seed ${seed + i}: ${sentence}`)
    }
    oracle.stop()
    console.log(
      `Cilium ${version}, seed ${seed}: fixes in ${worlds} clusters (${ways} ways to the DNS), ${wrong.length} promises broken`,
    )
    for (const sentence of wrong.slice(0, 5)) console.log(sentence)
    if (wrong.length > 0) right = false
  }
  return right
}

function judgeBy(oracle: Oracle, version: Version): Judge {
  return async (world, texts) => {
    const config: Config = {
      mode: world.mode,
      cluster: 'default',
      localCluster: version !== '1.18',
      ipv6: true,
      nodeLabels: false,
      hostFirewall: false,
      cidrMatch: [],
    }
    const flows = [...flowsOf(world)]
    const inventory = { apiVersion: 'v1', kind: 'List', items: world.inventory.items as unknown as readonly Item[] }
    const policies = [...texts.values()].flatMap(text =>
      parseFile('file:///x', undefined, text).documents.map(d => d.text),
    )
    const rights = await oracle.ask({ id: 'x', config, inventory, files: {}, flows }, policies)
    return new Map(flows.map(({ id }, i) => [id, sidesOf(rights[i])] as const))
  }
}

function sidesOf(right: Awaited<ReturnType<Oracle['ask']>>[number]): Sides {
  return { egress: right?.egress[0] ?? 'unknown', ingress: right?.ingress[0] ?? 'unknown' }
}

if (import.meta.main) {
  const [seed, worlds] = process.argv.slice(2)
  process.exitCode = (await fixesHold(Number(seed ?? Date.now() % 1_000_000_000), Number(worlds ?? 20))) ? 0 : 1
}
