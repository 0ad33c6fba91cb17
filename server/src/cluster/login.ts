// How a user of a kubeconfig logs in, where the library does not know it: token files, login programs, impersonation of groups.

import { dirname, isAbsolute, join } from 'node:path'
import { at, entry, get, items, type Node, str } from '../syntax/node.ts'
import { parseWhole } from '../syntax/parse.ts'

/** A program that prints credentials (client.authentication.k8s.io). */
export interface Exec {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly apiVersion: string
  /** Whether it is told which cluster it logs in to. */
  readonly clusterInfo: boolean
  /** It must have a terminal, which an editor does not have. */
  readonly interactive: boolean
  /** How to install it. */
  readonly hint: string | undefined
}

export interface Login {
  readonly user: string
  /** The kubeconfig in which the user stands. */
  readonly file: string
  readonly exec: Exec | undefined
  /** A file with the token, read again whenever it is needed. */
  readonly tokenFile: string | undefined
  /** Headers that ask for impersonation. */
  readonly headers: Readonly<Record<string, string | string[]>>
}

/** A user of whom nothing special is known. */
export const NO_LOGIN: Login = { user: '', file: '', exec: undefined, tokenFile: undefined, headers: {} }

/** The logins of a kubeconfig's users. Paths in them are relative to the file, as in kubectl. */
export function loginsOf(text: string, file: string): readonly Login[] {
  const root = parseWhole(file, text).documents[0]?.root
  return items(get(root, 'users')).flatMap(node => {
    const name = str(get(node, 'name'))
    const user = get(node, 'user')
    if (name === undefined) return []
    const tokenFile = str(get(user, 'tokenFile')) || undefined
    return {
      user: name,
      file,
      exec: execOf(get(user, 'exec'), file),
      tokenFile: tokenFile === undefined ? undefined : absolute(tokenFile, file),
      headers: impersonation(user),
    }
  })
}

const absolute = (path: string, file: string): string => (isAbsolute(path) ? path : join(dirname(file), path))

const DEFAULT_API = 'client.authentication.k8s.io/v1beta1'

function execOf(node: Node | undefined, file: string): Exec | undefined {
  if (node?.kind !== 'map') return undefined
  const command = str(get(node, 'command')) ?? ''
  const env = items(get(node, 'env')).flatMap(e => {
    const name = str(get(e, 'name'))
    return name ? [[name, str(get(e, 'value')) ?? ''] as const] : []
  })
  const info = get(node, 'provideClusterInfo')
  return {
    command: /[\\/]/.test(command) ? absolute(command, file) : command,
    args: items(get(node, 'args')).map(a => str(a) ?? ''),
    env: Object.fromEntries(env),
    apiVersion: str(get(node, 'apiVersion')) || DEFAULT_API,
    clusterInfo: info?.kind === 'scalar' && info.value === true,
    interactive: str(get(node, 'interactiveMode')) === 'Always',
    hint: str(get(node, 'installHint')) || undefined,
  }
}

/** The headers of client-go's transport.ImpersonationConfig. The user's name is set by the library. */
function impersonation(user: Node | undefined): Login['headers'] {
  const headers: Record<string, string | string[]> = {}
  const groups = items(get(user, 'as-groups')).flatMap(g => str(g) ?? [])
  if (groups.length > 0) headers['Impersonate-Group'] = groups
  const uid = str(get(user, 'as-uid'))
  if (uid) headers['Impersonate-Uid'] = uid
  const extra = entry(user, 'as-user-extra')?.value
  for (const e of extra?.kind === 'map' ? extra.entries : []) {
    const values = items(at(extra, [e.name])).flatMap(v => str(v) ?? [])
    headers[`Impersonate-Extra-${encodeURIComponent(e.name)}`] = values
  }
  return headers
}
