// The start of what is built: `server.js` runs `server.main.js`, with what V8 has compiled of it in an earlier process.

import { readFileSync } from 'node:fs'
import { enableCompileCache, flushCompileCache, getCompileCacheDir } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { Script } from 'node:vm'
import { keepAt, keptPath, readKept, writeKept } from './host/kept.ts'

/** Of the program's text; V8 itself compares nothing but its length. */
declare const HASH: string

/** Milliseconds after which a server has come to rest; an editor may end it by a signal, so it does not wait for its end. */
const REST = 5000

/** Bytes of a heap in which nothing is counted any more. */
const LARGE = 64_000_000

/** What is kept is renewed when a process has compiled so much more. */
const MORE = 1.05

/** Keeps what is loaded later, and says where: a folder for each version of Node and each user. */
enableCompileCache?.()
const folder = getCompileCacheDir?.()
const program = __filename.replace(/\.js$/, '.main.js')
const isCommand = basename(program) === 'cli.main.js'

/** A command ends before TurboFan's code has paid for what it costs to make, where there is Maglev beside it. */
const quick = isCommand && process.argv[2] !== 'server' && Number.parseInt(process.versions.node, 10) >= 24
if (quick) (require('node:v8') as typeof import('node:v8')).setFlagsFromString('--no-turbofan')

// Code is made for one set of V8's flags.
const place = isHelper() ? threads().workerData : folder && join(folder, `${basename(program)}-${HASH}`)
if (typeof place === 'string') keepAt(place)
const code = keptPath(quick ? 'code-quick' : 'code')
if (code === undefined) require(program)
else run(code)

/**
 * Node's own cache has what was compiled before anything ran, which is hardly any function. This one is made after the work, so
 * that nothing that a start needs is compiled again. It begins with how much there was compiled.
 */
function run(cache: string): void {
  const kept = readKept(cache)
  const head = '(function(exports,require,module,__filename,__dirname){'
  // It has ASCII only (the build makes sure), which is read faster so.
  const script = new Script(`${head}${readFileSync(program, 'latin1')}\n})`, {
    filename: program,
    columnOffset: -head.length,
    cachedData: kept?.subarray(8),
  })
  const known = kept && !script.cachedDataRejected ? kept.readDoubleLE() : 0
  const keep = () => {
    const v8 = require('node:v8') as typeof import('node:v8')
    // V8 looks at every object to say how much code there is.
    if (known > 0 && v8.getHeapStatistics().used_heap_size > LARGE) return
    const { bytecode_and_metadata_size: size } = v8.getHeapCodeStatistics()
    if (size <= known * MORE) return
    const amount = Buffer.alloc(8)
    amount.writeDoubleLE(size)
    writeKept(cache, [amount, script.createCachedData()])
  }
  if (!isHelper()) {
    process.once('exit', keep)
    setTimeout(() => {
      process.off('exit', keep)
      keep()
      flushCompileCache?.()
    }, REST).unref()
  }
  script.runInThisContext().call(exports, exports, require, module, program, dirname(program))
}

/** Whether this is a thread of a command, which does a part of the work only; it is told where files are kept. */
function isHelper(): boolean {
  return isCommand && !threads().isMainThread
}

function threads() {
  return require('node:worker_threads') as typeof import('node:worker_threads')
}
