// URIs of files: one spelling for each file, paths relative to folders, and children of folders.

/** One spelling for the same file: percent-encodings undone as far as that is possible. */
export function canonical(uri: string): string {
  try {
    const plain = decodeURIComponent(uri)
    return plain.replace(/^file:\/\/\/([A-Za-z]):/, (_, drive: string) => `file:///${drive.toLowerCase()}:`)
  } catch {
    return uri
  }
}

/** The path of a file below a folder, with `/`; undefined when it is not below it. */
export function pathBelow(folder: string, uri: string): string | undefined {
  const base = `${canonical(folder).replace(/\/$/, '')}/`
  const plain = canonical(uri)
  return plain.startsWith(base) ? plain.slice(base.length) : undefined
}

/** The URI of a file below a folder, encoded as editors do. */
export function childUri(folder: string, path: string): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/')
  return `${folder.replace(/\/$/, '')}/${encoded}`
}

/** The last name in a URI, decoded. */
export function fileName(uri: string): string {
  return canonical(uri).split('/').at(-1) ?? ''
}

/** The URI of a path: absolute ones as files, others below the folder. */
export function resolveUri(folder: string, path: string): string {
  const plain = path.replaceAll('\\', '/')
  if (/^[A-Za-z]:\//.test(plain)) return childUri('file:///', plain)
  if (plain.startsWith('/')) return childUri('file:///', plain.slice(1))
  const base = new URL(`${folder.replace(/\/$/, '')}/`)
  return plain.startsWith('..') ? new URL(encodeURI(plain), base).href : childUri(folder, plain.replace(/^\.\//, ''))
}
