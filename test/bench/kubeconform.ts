// kubeconform, built once from its Go module into the project's cache folder.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const VERSION = 'v0.7.0'

/** The program's path; a sentence when it cannot be had. */
export function kubeconform(): { readonly path: string } | { readonly missing: string } {
  const cache = process.env.CILIUM_POLICY_CACHE ?? join(homedir(), '.cache', 'cilium-policy')
  const folder = join(cache, `kubeconform-${VERSION}`)
  const path = join(folder, process.platform === 'win32' ? 'kubeconform.exe' : 'kubeconform')
  if (existsSync(path)) return { path }
  if (spawnSync('go', ['version']).status !== 0) return { missing: 'kubeconform is not measured: there is no Go here' }
  console.log(`Building kubeconform ${VERSION} (once) …`)
  mkdirSync(folder, { recursive: true })
  const { status, stderr } = spawnSync('go', ['install', `github.com/yannh/kubeconform/cmd/kubeconform@${VERSION}`], {
    env: { ...process.env, GOBIN: folder },
    encoding: 'utf8',
  })
  return status === 0 ? { path } : { missing: `kubeconform is not measured: it could not be built (${stderr.trim()})` }
}
