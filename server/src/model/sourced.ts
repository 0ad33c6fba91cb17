// A string of a policy with the node that it is written at.

import { type Node, str } from '../syntax/node.ts'
import type { Sourced } from './policy.ts'

/** A string and its node; undefined when absent, of another type, or unknown. */
export function sourced(node: Node | undefined): Sourced<string> | undefined {
  const value = str(node)
  if (!node || value === undefined) return undefined
  return isSourced(node) ? node : { value, node }
}

/** A scalar may be its own source, which saves an object for each of ten thousands. */
const isSourced = (node: Node): node is Node & Sourced<string> => 'node' in node
