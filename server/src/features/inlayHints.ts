// Inlay hints: what a port number is called at the pods it is about, and which number a name stands for.

import type { InlayHint, Range } from 'vscode-languageserver-types'
import { policies } from '../model/lower.ts'
import type { Policy, PolicyRule, RuleItem } from '../model/policy.ts'
import { portPods } from '../workspace/selection.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { type World, worldOf } from '../workspace/world.ts'
import { homeOf } from './around.ts'
import { offsetAt, positionAt, startOf } from './convert.ts'
import { knownPorts } from './sources/ports.ts'

/** The hints inside a range of a file. */
export function inlayHints(snapshot: Snapshot, uri: string, range: Range): InlayHint[] {
  const file = snapshot.files.get(uri)
  const world = worldOf(snapshot)
  if (!file || world.endpoints.length === 0) return []
  const [from, to] = [offsetAt(file, range.start), offsetAt(file, range.end)]
  const found: InlayHint[] = []
  for (const document of file.documents) {
    const base = startOf(file, document)
    if (base > to || base + document.text.length < from) continue
    for (const { end, text } of policies(document).flatMap(policy => hints(world, policy))) {
      if (base + end < from || base + end > to) continue
      found.push({ position: positionAt(file, base + end), label: text, paddingLeft: true })
    }
  }
  return found
}

interface Hint {
  readonly end: number
  readonly text: string
}

function hints(world: World, policy: Policy): Hint[] {
  return policy.rules.flatMap(rule => rule.items.flatMap(item => itemHints(world, policy, rule, item)))
}

function itemHints(world: World, policy: Policy, rule: PolicyRule, item: RuleItem): Hint[] {
  const ports = (item.toPorts ?? []).flatMap(p => p.ports ?? [])
  if (ports.length === 0) return []
  const known = knownPorts(portPods(world, homeOf(world.snapshot, policy, policy.document), rule, item))
  return ports.flatMap(({ port, protocol }) => {
    if (!port) return []
    const fits = (k: { protocol: string }) => !protocol || protocol.value === 'ANY' || protocol.value === k.protocol
    const names = known.filter(k => fits(k) && String(k.number) === port.value).flatMap(k => k.name ?? [])
    const numbers = known.filter(k => fits(k) && k.name === port.value.toLowerCase()).map(k => String(k.number))
    const text = [...new Set([...names, ...numbers])].join(', ')
    return text === '' ? [] : [{ end: port.node.span.end, text }]
  })
}
