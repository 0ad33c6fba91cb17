// The text of a small policy, for tests that need one.

/** A policy with one thing to fill in. */
export function policy(entity: string, name = 'web'): string {
  return `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: ${name}
  namespace: shop
spec:
  endpointSelector: {}
  ingress:
    - fromEntities:
        - ${entity}
`
}
