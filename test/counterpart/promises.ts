// What every counterpart fix promises: exactly the intended flows open, none close; and every closed flow is spoken of.

import { type Gap, gapsOf } from '../../server/src/engine/counterpart/gap.ts'
import { policies } from '../../server/src/model/lower.ts'
import type { RuleItem } from '../../server/src/model/policy.ts'
import { atLeast } from '../../server/src/model/version.ts'
import { check } from '../../server/src/rules/check.ts'
import { applyEdits } from '../../server/src/syntax/apply.ts'
import type { Plain } from '../../server/src/syntax/print.ts'
import type { Edit } from '../../server/src/syntax/problem.ts'
import type { Snapshot } from '../../server/src/workspace/snapshot.ts'
import { type Json, PORTS, snapshotOf, textsOf, type World } from './generate.ts'

export interface Sides {
  readonly egress: 'allowed' | 'denied' | 'unknown'
  readonly ingress: 'allowed' | 'denied' | 'unknown'
}

/** Answers all flows of a world with these files: by "from to port". */
export type Judge = (world: World, texts: ReadonlyMap<string, string>) => Promise<ReadonlyMap<string, Sides>>

/** All flows of the world's pods. */
export function* flowsOf({
  pods,
  outside = [],
}: World): Iterable<{ id: string; from: string; to: string; port: string }> {
  for (const from of pods)
    for (const to of [...pods, ...outside])
      if (from !== to) for (const port of PORTS) yield { id: `${from} ${to} ${port}`, from, to, port }
}

/** What is broken in a world, one sentence each. */
export async function broken(world: World, judge: Judge): Promise<string[]> {
  const texts = textsOf(world)
  const snapshot = snapshotOf(world, texts)
  const before = await judge(world, texts)
  const wrong: string[] = []
  for (const [name, list] of world.policies) {
    const file = snapshot.files.get(`file:///w/${name}`)
    for (const [index, document] of (file?.documents ?? []).entries()) {
      const [policy] = policies(document)
      const data = list[index]
      if (!policy || !data) continue
      for (const rule of policy.rules)
        for (const item of rule.items) {
          if (item.deny) continue
          const meant = await judge({ ...world, mode: 'always' }, alone(name, data, item))
          const gaps = gapsOf(snapshot, policy).filter(
            g => g.entry.item === item && g.pairs.every(p => p.own.pods.length * p.other.pods.length > 0),
          )
          const where = `${name}#${index} ${item.path.join('.')}`
          for (const w of await itemBroken({ world, judge, snapshot, before, meant, item }, gaps))
            wrong.push(`${where}: ${w}`)
        }
    }
  }
  return wrong
}

/** The policy with that item alone. */
function alone(name: string, data: Json, { path, section }: RuleItem): ReadonlyMap<string, string> {
  const rule = at(data, path.slice(0, -2))
  const { apiVersion = '', kind = '', metadata = {} } = data
  const spec = { endpointSelector: at(rule, ['endpointSelector']), [section]: [at(data, path)] }
  return textsOf({ policies: new Map([[name, [{ apiVersion, kind, metadata, spec }]]]) })
}

function at(data: Plain, path: readonly (string | number)[]): Plain {
  let here = data
  for (const step of path) here = (here as { readonly [key: string | number]: Plain })[step] ?? null
  return here
}

interface Setting {
  readonly world: World
  readonly judge: Judge
  readonly snapshot: Snapshot
  readonly before: ReadonlyMap<string, Sides>
  readonly meant: ReadonlyMap<string, Sides>
  readonly item: RuleItem
}

async function itemBroken(s: Setting, gaps: readonly Gap[]): Promise<string[]> {
  const own = s.item.direction
  const other = own === 'ingress' ? 'egress' : 'ingress'
  const shut = new Set<string>()
  for (const { id } of flowsOf(s.world)) {
    const now = s.before.get(id)
    if (s.meant.get(id)?.[own] === 'allowed' && now?.[own] === 'allowed' && now[other] === 'denied') shut.add(id)
  }
  const wrong: string[] = []
  if (shut.size > 0 && gaps.length === 0) wrong.push(`nothing is said of ${[...shut][0]} and ${shut.size - 1} more`)
  if (shut.size === 0 && gaps.some(g => g.missing.ranges.some(covered)))
    wrong.push('a gap without a flow that is closed')
  const opened = new Set<string>()
  for (const gap of gaps.filter(g => !g.denied)) wrong.push(...(await fixBroken(s, gap, { shut, opened, other })))
  return wrong
}

const covered = ({ protocol, from, to }: { protocol: string; from: number; to: number }): boolean =>
  PORTS.some(p => p.endsWith(`/${protocol}`) && Number.parseInt(p, 10) >= from && Number.parseInt(p, 10) <= to)

async function fixBroken(
  s: Setting,
  gap: Gap,
  how: { shut: ReadonlySet<string>; opened: Set<string>; other: 'ingress' | 'egress' },
): Promise<string[]> {
  const problem = check(s.snapshot, gap.policy.document).find(
    p => p.code === 'counterpart-missing' && isOf(gap, p.span) && p.fixes.length > 0,
  )
  const fix = problem?.fixes[0]
  if (!fix && s.world.version && !atLeast(s.world.version, '1.20')) return []
  if (!fix) return [`no fix for ${gap.pairs[0]?.own.name} ${gap.side} ${gap.pairs[0]?.other.name}`]
  const after = applied(s.snapshot, fix.edits())
  const verdicts = await s.judge(s.world, after)
  const wrong: string[] = []
  for (const { id } of flowsOf(s.world)) {
    const [was, now] = [s.before.get(id), verdicts.get(id)]
    for (const side of ['egress', 'ingress'] as const) {
      if (was?.[side] === 'allowed' && now?.[side] === 'denied') wrong.push(`"${fix.title}" closes ${side} of ${id}`)
      if (was?.[side] !== 'denied' || now?.[side] !== 'allowed') continue
      const full = now.egress === 'allowed' && now.ingress === 'allowed'
      if (full && !how.shut.has(id)) wrong.push(`"${fix.title}" opens ${id}`)
      if (full) how.opened.add(id)
    }
  }
  return wrong.slice(0, 3)
}

const isOf = (gap: Gap, span: { start: number; end: number }): boolean => {
  const { peer, entry } = gap
  const node = peer?.node ?? entry.item.node
  return span.start >= node.span.start && span.end <= node.span.end
}

/** The texts after edits. */
export function applied(snapshot: Snapshot, edits: readonly Edit[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  for (const file of snapshot.files.values()) texts.set(file.uri.slice(10), applyEdits(file, edits) ?? file.text)
  for (const edit of edits) if (edit.kind === 'create') texts.set(edit.uri.slice(10), edit.text)
  return texts
}
