// The version of the product, from the package.json that the command was installed with.

import { readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Such as "0.1.0"; "unknown" when the package.json cannot be found. */
export function version(): string {
  let folder = dirname(realpathSync(process.argv[1] ?? '.'))
  for (let up = 0; up < 6; up++) {
    const found = read(join(folder, 'package.json'))
    if (found !== undefined) return found
    folder = dirname(folder)
  }
  return 'unknown'
}

function read(path: string): string | undefined {
  try {
    const read: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof read !== 'object' || read === null || !('name' in read) || !('version' in read)) return undefined
    return read.name === 'cilium-policy' ? String(read.version) : undefined
  } catch {
    return undefined
  }
}
