// A file system `virtual:` in memory, as those of vscode.dev: its first files come from files.json beside this file.

const vscode = require('vscode')

const FOLDER = vscode.FileType.Directory
const FILE = vscode.FileType.File

exports.activate = async context => {
  const answer = await fetch(vscode.Uri.joinPath(context.extensionUri, 'files.json').toString(true))
  const files = new Map(
    Object.entries(await answer.json()).map(([path, text]) => [path, new TextEncoder().encode(text)]),
  )
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider('virtual', fileSystem(files)))
}

/** @param {Map<string, Uint8Array>} files by path */
function fileSystem(files) {
  const changes = new vscode.EventEmitter()
  const below = path => [...files.keys()].filter(p => p.startsWith(path.endsWith('/') ? path : `${path}/`))
  const find = uri => {
    const bytes = files.get(uri.path)
    if (!bytes) throw vscode.FileSystemError.FileNotFound(uri)
    return bytes
  }
  return {
    onDidChangeFile: changes.event,
    watch: () => new vscode.Disposable(() => {}),
    stat: uri => {
      if (below(uri.path).length > 0) return { type: FOLDER, ctime: 0, mtime: 0, size: 0 }
      return { type: FILE, ctime: 0, mtime: 0, size: find(uri).length }
    },
    readDirectory: uri => {
      const start = uri.path.endsWith('/') ? uri.path.length : uri.path.length + 1
      const names = new Map(
        below(uri.path).map(path => {
          const [name, ...rest] = path.slice(start).split('/')
          return [name, rest.length > 0 ? FOLDER : FILE]
        }),
      )
      return [...names]
    },
    readFile: find,
    writeFile: (uri, bytes) => {
      files.set(uri.path, bytes)
      changes.fire([{ type: vscode.FileChangeType.Changed, uri }])
    },
    createDirectory: () => {},
    delete: uri => void files.delete(uri.path),
    rename: (from, to) => {
      files.set(to.path, find(from))
      files.delete(from.path)
    },
  }
}
