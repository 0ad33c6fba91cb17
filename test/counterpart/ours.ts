// Our own engine as the judge of what fixes promise.

import '../../server/src/rules/check.ts'
import assert from 'node:assert/strict'
import { findParties, parsePortQuery } from '../../server/src/engine/party.ts'
import { verdict } from '../../server/src/engine/verdict.ts'
import { snapshotOf } from './generate.ts'
import { flowsOf, type Judge, type Sides } from './promises.ts'

/** Our verdicts on all flows of a world. */
export const ours: Judge = async (world, texts) => {
  const snapshot = snapshotOf(world, texts)
  const party = (end: string) => {
    const found = findParties(snapshot, end)
    assert.ok('parties' in found && found.parties[0], end)
    return found.parties[0]
  }
  const ends = new Map([...world.pods, ...(world.outside ?? [])].map(end => [end, party(end)]))
  const said = new Map<string, Sides>()
  for (const { id, from, to, port } of flowsOf(world)) {
    const [source, destination, query] = [ends.get(from), ends.get(to), parsePortQuery(port)]
    assert.ok(source && destination && query)
    const { egress, ingress } = verdict(snapshot, { from: source, to: destination, port: query })
    said.set(id, { egress: egress.verdict, ingress: ingress.verdict })
  }
  return said
}
