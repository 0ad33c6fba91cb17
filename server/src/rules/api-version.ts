// Objects that are meant to be policies and that no apiVersion and kind of Cilium's serves.

import { type Misnamed, misnamed, POLICY_KINDS, SERVED } from '../model/kinds.ts'
import { addEntry, isShared, replaceValue } from '../syntax/edit.ts'
import type { Document } from '../syntax/file.ts'
import { entry, get, str } from '../syntax/node.ts'
import type { Finding, TextRule } from './rule.ts'

export const apiVersion: TextRule = {
  id: 'api-version',
  scope: 'text',
  severity: 'error',
  summary: 'A policy under an apiVersion or kind that does not exist',
  why: 'Policies are served as CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy of cilium.io/v2. The API server knows them under no other version or kind, letter by letter, and refuses the object.',
  source: "the names in Cilium's CustomResourceDefinitions (pkg/k8s/apis/cilium.io/client)",
  *check(document) {
    for (const one of misnamed(document))
      yield str(get(one.root, 'apiVersion')) === SERVED ? kindFinding(document, one) : versionFinding(document, one)
  },
}

function kindFinding(document: Document, { root, kind }: Misnamed): Finding {
  const { value } = entry(root, 'kind') ?? {}
  const version = entry(root, 'apiVersion')
  if (!value) {
    const edits = () => addEntry(document, root, 'kind', kind ?? POLICY_KINDS[0], 'end')
    return {
      span: version?.key.span ?? root.span,
      message: `\`kind\` is missing: add ${kind ?? POLICY_KINDS.join(' or ')}`,
      fixes:
        isShared(root) || entry(root, 'kind') || !kind ? [] : [{ title: `Add kind: ${kind}`, preferred: true, edits }],
    }
  }
  const edits = () => replaceValue(document, value, kind ?? '')
  return {
    span: value.span,
    message: `${SERVED} has no kind ${JSON.stringify(str(value))}: did you mean ${kind}?`,
    fixes: isShared(value) ? [] : [{ title: `Change to ${kind}`, preferred: true, edits }],
  }
}

function versionFinding(document: Document, { root }: Misnamed): Finding {
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
