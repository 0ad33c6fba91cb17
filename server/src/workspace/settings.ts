// The settings of the product (prefix `ciliumPolicy.`): declared here once; package.json and docs/settings.md are generated.

import type { Version } from '../model/version.ts'
import type { Severity } from '../syntax/problem.ts'

/** Settings after checking, defaults filled in. */
export interface Settings {
  readonly ciliumVersion: Version | 'auto'
  readonly enforcementMode: 'auto' | 'default' | 'always' | 'never'
  readonly config: Readonly<Record<string, string>>
  readonly cluster: { readonly enabled: 'auto' | 'off'; readonly kubeconfig: string; readonly context: string }
  readonly inventory: { readonly file: string }
  readonly rules: Readonly<Record<string, Severity | 'off'>>
  readonly files: { readonly exclude: readonly string[] }
  /** The command line's `--namespace`: the namespace of policies for which nothing else says one. */
  readonly namespace: string
}
