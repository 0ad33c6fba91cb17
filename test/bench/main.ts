// `npm run bench`: measures beside yaml-language-server and kubeconform; --against FILE compares, --json FILE keeps, --write renews docs.

import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { liveCluster } from './cluster.ts'
import { command } from './command.ts'
import { core } from './core.ts'
import { editing } from './editing.ts'
import { type Figure, table } from './figures.ts'
import { curves, draw } from './growth.ts'
import { bigRepository } from './repository.ts'
import { cleanUp } from './servers.ts'
import { sides } from './sides.ts'
import { start } from './start.ts'
import { worst } from './worst.ts'

const { values } = parseArgs({
  options: {
    /** Figures of another run, to compare with. */
    against: { type: 'string' },
    /** Where the figures go. */
    json: { type: 'string' },
    /** Only parts with these names. */
    only: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '5' },
    policies: { type: 'string', default: '10000' },
    /** Renews docs/performance.md and its picture. */
    write: { type: 'boolean' },
  },
})
const rounds = Number(values.rounds)
const policies = Number(values.policies)

const PARTS: Readonly<Record<string, { readonly title: string; run(): Promise<Figure[]> | Figure[] }>> = {
  core: { title: 'The core by itself', run: core },
  start: { title: 'What an editor waits for', run: () => start(rounds) },
  editing: { title: 'One file in the editor', run: () => editing(rounds) },
  repository: { title: 'A repository', run: () => bigRepository(policies, rounds) },
  sides: { title: 'Both sides of every rule', run: () => sides(rounds) },
  command: { title: 'The command line', run: () => command(policies, rounds) },
  cluster: { title: 'A live cluster', run: liveCluster },
  worst: { title: 'The worst inputs: the slowest request about each', run: () => worst(rounds) },
}

interface Report {
  readonly machine: string
  readonly figures: readonly Figure[]
}

const before = values.against === undefined ? undefined : (JSON.parse(readFileSync(values.against, 'utf8')) as Report)
const known = before && new Map(before.figures.map(f => [f.name, f]))
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(1)}`
const sections: string[] = []
const figures: Figure[] = []
try {
  console.log(machine)
  for (const [name, part] of Object.entries(PARTS)) {
    if (values.only && !values.only.includes(name)) continue
    const found = await part.run()
    figures.push(...found)
    const section = `## ${part.title}\n\n${table(found, known)}\n`
    sections.push(section)
    console.log(`\n${section}`)
  }
  const missed = figures.filter(f => f.goal && !f.goal.met).length
  console.log(`${figures.length} figures, ${missed} goals missed.`)
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine, figures } satisfies Report, null, 1)}\n`)
  if (values.write) await writeDocument()
} finally {
  cleanUp()
}

async function writeDocument(): Promise<void> {
  const docs = (name: string) => fileURLToPath(new URL(`../../docs/${name}`, import.meta.url))
  writeFileSync(docs('images/growth.svg'), draw(await curves()))
  const head = [
    '# How fast it is\n',
    `Measured by \`npm run bench -- --write\` (${cpus().length} processors, Node ${process.versions.node}). Each line is the median and 95th percentile of several rounds, in which the`,
    'programs take turns. Times of other machines differ; the ratios differ less. Sources: `test/bench/`.\n',
    '![Growth with the number of policies and pods](images/growth.svg)\n',
  ]
  writeFileSync(docs('performance.md'), `${head.join('\n')}\n${sections.join('\n')}`)
}
