// Cilium's version and configuration in force, and where each came from.

import { memo, stamped, trimmed } from '../memo.ts'
import { lowerConfigs } from '../model/delivery.ts'
import { VERSIONS, type Version } from '../model/version.ts'
import type { File } from '../syntax/file.ts'
import { type CiliumConfig, configFrom } from './config.ts'
import type { Snapshot } from './snapshot.ts'

/** The version and configuration in force. `from` says where a key, or "version", came from, in words. */
export interface EffectiveConfig {
  readonly version: Version
  readonly config: CiliumConfig
  readonly from: Readonly<Record<string, string>>
}

/** What the documents of a file say of the configuration. */
const configsIn = stamped((file: File) =>
  trimmed(file.documents.map(lowerConfigs).filter(found => Object.keys(found).length > 0)),
)

/**
 * The configuration of Cilium in force: the setting `config` over what the cluster or inventory say over what
 * HelmReleases, Argo CD applications and Helm values files of the workspace say over the version's defaults.
 */
export const effectiveConfig: (snapshot: Snapshot) => EffectiveConfig = memo(snapshot => {
  const { settings } = snapshot
  const from: Record<string, string> = {}
  const version = versionOf(snapshot, from)
  const keys: Record<string, string> = {}
  const take = (found: Readonly<Record<string, string>>, origin: string) => {
    for (const [key, value] of Object.entries(found)) {
      keys[key] = value
      from[key] = origin
    }
  }
  for (const file of snapshot.files.values())
    for (const found of configsIn(file)) take(found, file.uri.slice(file.uri.lastIndexOf('/') + 1))
  const sources = [...snapshot.inventories].sort(
    (a, b) => Number(a.origin.kind === 'cluster') - Number(b.origin.kind === 'cluster'),
  )
  for (const inventory of sources) take(inventory.config, inventory.origin.name)
  take(settings.config, 'the setting ciliumPolicy.config')
  if (settings.enforcementMode !== 'auto')
    take({ 'enable-policy': settings.enforcementMode }, 'the setting ciliumPolicy.enforcementMode')
  return { version, config: configFrom(version, keys), from }
})

function versionOf(snapshot: Snapshot, from: Record<string, string>): Version {
  const { ciliumVersion } = snapshot.settings
  if (ciliumVersion !== 'auto') {
    from.version = 'the setting ciliumPolicy.ciliumVersion'
    return ciliumVersion
  }
  const sources = [...snapshot.inventories].sort(
    (a, b) => Number(b.origin.kind === 'cluster') - Number(a.origin.kind === 'cluster'),
  )
  for (const inventory of sources) {
    const minor = inventory.ciliumVersion?.split('.').slice(0, 2).join('.')
    const known = VERSIONS.find(v => v === minor)
    if (known) {
      from.version = `${inventory.ciliumVersion}, from ${inventory.origin.name}`
      return known
    }
  }
  from.version = 'the newest'
  return VERSIONS[VERSIONS.length - 1] ?? '1.20'
}
