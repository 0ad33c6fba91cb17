// Writing the other side without a diagnostic: of one rule, of a whole policy.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refactorsAt } from '../../server/src/features/refactors.ts'
import { applyEdits } from '../../server/src/syntax/apply.ts'
import { offsetAt } from '../../server/src/syntax/lines.ts'
import { marked } from './mark.ts'

/** The refactorings at the cursor, and what the one of that title makes of the workspace's files. */
function at(
  text: string,
  others: Readonly<Record<string, string>>,
  title: string,
  mode: 'default' | 'always' = 'default',
) {
  const { snapshot, at: where } = marked(text, others, { enforcementMode: mode })
  const file = snapshot.files.get(where.uri)
  assert.ok(file)
  const found = refactorsAt(snapshot, file, offsetAt(file, where.position))
  const edits = found.find(f => f.title.startsWith(title))?.edits() ?? []
  const changed = [...snapshot.files.values()].flatMap(f => {
    const now = applyEdits(f, edits)
    return now === f.text || now === undefined ? [] : [now.slice(f.text.length === 0 ? 0 : common(f.text, now))]
  })
  const made = edits.flatMap(e => (e.kind === 'create' ? [`${e.uri}\n${e.text}`] : []))
  return { titles: found.map(f => f.title), text: [...changed, ...made].join('\n') }
}

function common(a: string, b: string): number {
  let i = 0
  while (i < a.length && a[i] === b[i]) i++
  return i
}

const WEB = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: web}}
  egress:
    - toEndpoints:
        - matchLabels:
            app: ca|rt
      toPorts:
        - ports:
            - {port: "8080", protocol: TCP}
`

test('the other side of a rule that is open today is written so that nothing else closes', () => {
  const { titles, text } = at(WEB, {}, 'Write the other side')
  assert.deepEqual(titles, ['Write the other side of this rule, which closes nothing else (enableDefaultDeny: false)'])
  assert.equal(
    text,
    `file:///w/cart-policy.yaml
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: cart
  namespace: shop
spec:
  endpointSelector:
    matchLabels:
      app: cart
  enableDefaultDeny:
    ingress: false
  ingress:
    - fromEndpoints:
        - matchLabels:
            app: web
      toPorts:
        - ports:
            - port: "8080"
              protocol: TCP
`,
  )
})

test('nothing is offered where the other side is written', () => {
  const { titles } = at(
    WEB,
    {
      'cart.yaml': WEB.replace('|', '')
        .replace('name: web', 'name: cart')
        .replace('app: web', 'app: CART')
        .replace('app: cart', 'app: web')
        .replace('CART', 'cart')
        .replace('egress', 'ingress')
        .replace('toEndpoints', 'fromEndpoints'),
    },
    '',
  )
  assert.deepEqual(titles, [])
})

test('all missing sides of a policy at once, each policy written once', () => {
  const two = WEB.replace('|', '')
    .replace('name: web', 'name: w|eb')
    .concat(
      '    - toEndpoints:\n        - matchLabels: {app: cart}\n      toPorts:\n        - ports: [{port: "9090"}]\n',
    )
    .concat('    - toEndpoints:\n        - matchLabels: {app: db}\n')
  const { titles, text } = at(two, {}, 'Write all', 'always')
  assert.deepEqual(titles, ['Write all missing other sides of this policy'])
  assert.equal(text.match(/^file:/gm)?.length, 2, text)
  assert.match(text, /"8080"[\s\S]*"9090"/)
})
