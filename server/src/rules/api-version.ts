// Policies under another apiVersion than the one that serves them.

import { misnamed } from '../model/kinds.ts'
import { addEntry, isShared, replaceValue } from '../syntax/edit.ts'
import type { Document } from '../syntax/file.ts'
import { entry, type MapNode } from '../syntax/node.ts'
import type { Finding, TextRule } from './rule.ts'

const SERVED = 'cilium.io/v2'

export const apiVersion: TextRule = {
  id: 'api-version',
  scope: 'text',
  severity: 'error',
  summary: 'A policy under an apiVersion that does not serve it',
  why: 'Policies are served as cilium.io/v2. The API server knows the kind under no other version and refuses the object.',
  source: "the names in Cilium's CustomResourceDefinitions (pkg/k8s/apis/cilium.io/client)",
  *check(document) {
    for (const root of misnamed(document)) yield finding(document, root)
  },
}

function finding(document: Document, root: MapNode): Finding {
  const { value } = entry(root, 'apiVersion') ?? {}
  const kind = entry(root, 'kind')
  if (!value) {
    const edits = () => addEntry(document, root, 'apiVersion', SERVED, 'start')
    return {
      span: kind?.key.span ?? root.span,
      message: `\`apiVersion\` is missing: add ${SERVED}`,
      fixes:
        isShared(root) || entry(root, 'apiVersion')
          ? []
          : [{ title: `Add apiVersion: ${SERVED}`, preferred: true, edits }],
    }
  }
  const edits = () => replaceValue(document, value, SERVED)
  return {
    span: value.span,
    message: `policies are not served under this version: write ${SERVED}`,
    fixes: isShared(value) ? [] : [{ title: `Change to ${SERVED}`, preferred: true, edits }],
  }
}
