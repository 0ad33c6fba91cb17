// The Cilium minor versions that are supported, and how they compare.

/** Oldest first. */
export const VERSIONS = ['1.16', '1.17', '1.18', '1.19', '1.20'] as const
export type Version = (typeof VERSIONS)[number]

/** Whether `version` is `other` or newer. */
export function atLeast(version: Version, other: Version): boolean {
  return VERSIONS.indexOf(version) >= VERSIONS.indexOf(other)
}
