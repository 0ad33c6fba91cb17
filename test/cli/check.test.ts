// `cilium-policy check` as a process: formats, exit codes, paths, flags, fixes.

import assert from 'node:assert/strict'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { policy } from '../lsp/policy.ts'

import { folderOf } from './command.ts'

const BAD = policy('wrld')
const GOOD = policy('world')
const MESSAGE = 'unknown entity "wrld": did you mean world?'

test('findings begin with file:line:column; a mark is under the word; a summary ends it', async () => {
  const { code, out } = await folderOf({ 'p/a.yaml': BAD }).run('check', 'p')
  assert.equal(code, 1)
  assert.equal(
    out,
    `p/a.yaml:10:11: error: ${MESSAGE} [unknown-entity]
  10 |         - wrld
     |           ^^^^
  fix: Change to world

1 file, 1 policy: 1 error (1 can be mended with --fix)
`,
  )
})

test('nothing wrong', async () => {
  const { code, out } = await folderOf({ 'a.yaml': GOOD, 'b.yml': 'a: 1\n' }).run('check')
  assert.deepEqual([code, out], [0, '2 files, 1 policy: no problems\n'])
})

test('JSON has the promised shape', async () => {
  const { code, out } = await folderOf({ 'a.yaml': BAD }).run('check', '--format', 'json', 'a.yaml')
  assert.equal(code, 1)
  assert.deepEqual(JSON.parse(out), {
    problems: [
      {
        file: 'a.yaml',
        line: 10,
        column: 11,
        endLine: 10,
        endColumn: 15,
        code: 'unknown-entity',
        severity: 'error',
        message: MESSAGE,
        related: [],
        fixes: [{ title: 'Change to world' }],
      },
    ],
    summary: { files: 1, policies: 1, errors: 1, warnings: 0 },
  })
})

test('SARIF names its rules', async () => {
  const { out } = await folderOf({ 'a b.yaml': BAD }).run('check', '--format', 'sarif')
  const { version, runs } = JSON.parse(out)
  const [{ tool, results }] = runs
  assert.equal(version, '2.1.0')
  assert.equal(tool.driver.rules[results[0].ruleIndex].id, 'unknown-entity')
  assert.deepEqual(results[0].locations[0].physicalLocation, {
    artifactLocation: { uri: 'a%20b.yaml' },
    region: { startLine: 10, startColumn: 11, endLine: 10, endColumn: 15 },
  })
})

test('GitHub commands and JUnit are escaped', async () => {
  const folder = folderOf({ 'a,b:<c>.yaml': policy('"100%\\n<wrld>&"') })
  const github = await folder.run('check', '--format', 'github')
  assert.match(
    github.out,
    /^::error file=a%2Cb%3A<c>\.yaml,line=10,endLine=10,col=11,endColumn=\d+,title=unknown-entity::/,
  )
  assert.ok(github.out.includes('100%25'))
  assert.equal(github.out.trim().split('\n').length, 1)
  const junit = await folder.run('check', '--format', 'junit')
  assert.match(junit.out, /<testsuite name="a,b:&lt;c&gt;\.yaml" tests="1" failures="1" errors="0">/)
  assert.match(junit.out, /100%[^<]*&lt;wrld&gt;&amp;/)
})

test('standard input is called -', async () => {
  const { code, out } = await folderOf({}).pipe(BAD, 'check', '-')
  assert.equal(code, 1)
  assert.match(out, /^-:10:11: error: /)
})

test('a path that is the inventory file too is checked, and its policies are there once', async () => {
  const folder = folderOf({ 'p/pol.yaml': BAD, 'good.yaml': GOOD })
  for (const path of ['p/pol.yaml', './p/../p/pol.yaml']) {
    const { code, out } = await folder.run('check', '--inventory', 'p/pol.yaml', path)
    assert.equal(code, 1)
    assert.match(out, /unknown-entity.*\n[\s\S]*\n1 file, 1 policy: 1 error /)
  }
  const clean = await folder.run('check', '--inventory', 'good.yaml', 'good.yaml')
  assert.deepEqual([clean.code, clean.out], [0, '1 file, 1 policy: no problems\n'])
  const piped = await folder.pipe(BAD, 'check', '--inventory', '-', '-')
  assert.equal(piped.code, 1)
  assert.match(piped.out, /^-:10:11: error: /)
  const inside = await folder.run('check', '--inventory', 'p/pol.yaml', 'p')
  assert.deepEqual([inside.code, inside.out], [0, '0 files, 0 policies: no problems\n'], 'it lies in a folder')
})

test('folders are read to the bottom, .git and node_modules are not', async () => {
  const files = { 'a/b/c.json': '{}', 'x.yaml': BAD, '.git/y.yaml': BAD, 'node_modules/z.yaml': BAD, 'd.txt': BAD }
  const { out } = await folderOf(files).run('check', '--format', 'json', '.')
  const { problems, summary } = JSON.parse(out)
  assert.deepEqual(
    problems.map((p: { file: string }) => p.file),
    ['x.yaml'],
  )
  assert.equal(summary.files, 2)
})

test('--fix mends until nothing is left, and says how much', async () => {
  const folder = folderOf({ 'a.yaml': `# kept\r\n${BAD.replaceAll('\n', '\r\n')}` })
  const { code, out } = await folder.run('check', '--fix')
  assert.deepEqual([code, out], [0, '1 fix applied. 1 file, 1 policy: no problems\n'])
  assert.equal(folder.read('a.yaml'), `# kept\r\n${GOOD.replaceAll('\n', '\r\n')}`)
})

test('--cilium-version decides', async () => {
  const folder = folderOf({ 'a.yaml': policy('cluster-mesh') })
  assert.equal((await folder.run('check', '--cilium-version', '1.20')).code, 0)
  assert.equal((await folder.run('check', '--cilium-version', '1.19')).code, 1)
})

test('--config decides', async () => {
  const folder = folderOf({ 'a.yaml': GOOD.replace('fromEntities:\n        - world', 'fromNodes:\n        - {}') })
  assert.equal((await folder.run('check')).code, 1)
  assert.equal((await folder.run('check', '--config', 'enable-node-selector-labels=true')).code, 0)
})

test('what cannot be run is one line on standard error and exit code 2', async () => {
  const folder = folderOf({ 'a.yaml': GOOD, 'not.yaml': 'a: 1\n', config: 'kind: Config\napiVersion: v1\n' })
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['check', '--nonsense'], /unknown option --nonsense/],
    [['check', '--formt', 'json'], /unknown option --formt, did you mean --format\?/],
    [['check', '--format'], /--format needs a value/],
    [['check', '--format', 'xml'], /--format is xml: allowed are text, json, sarif, github, junit/],
    [['check', '--fail-on', 'hint'], /--fail-on is hint: allowed are error, warning/],
    [['check', '--cilium-version', '1.9'], /--cilium-version is 1\.9: allowed are/],
    [['check', '--enforcement', 'maybe'], /--enforcement is maybe: allowed are/],
    [['check', '--config', 'x'], /--config is x: write KEY=VALUE/],
    [['check', '--config', 'enable-policy=foo'], /--config: enable-policy is foo: allowed are default, always, never/],
    [['check', '--config', 'enable-l7-proxy=yes'], /--config: enable-l7-proxy is yes: allowed are true, false/],
    [['check', '--namespace', 'BAD NS'], /--namespace is BAD NS: a namespace has small letters/],
    [['check', '--namespace', 'a-'], /--namespace is a-:/],
    [['check', 'nowhere.yaml'], /cannot read nowhere\.yaml: there is no such file or folder/],
    [['check', '--inventory', 'nowhere.yaml'], /cannot read nowhere\.yaml: there is no such file/],
    [['check', '--inventory', 'not.yaml'], /--inventory: not\.yaml holds no Kubernetes objects/],
    [['check', '--cluster'], /cannot read the cluster: There is no kubeconfig at \/nowhere\/config/],
    [['check', '--fix', '-'], /--fix cannot change standard input/],
    [['snapshot'], /cannot read the cluster: There is no kubeconfig/],
    [['snapshot', '--kubeconfig', 'nowhere'], /There is no kubeconfig at .*nowhere: change --kubeconfig\./],
    [['check', '--cluster', '--kubeconfig', 'config'], /choose one with --context \(it has no contexts\)\./],
    [['snapshot', 'x'], /snapshot takes no path/],
    [['server'], /cilium-policy server --stdio/],
    [['chekc'], /there is no command chekc: there are check, reach, snapshot, server/],
  ]
  await Promise.all(
    cases.map(async ([args, message]) => {
      const { code, out, err } = await folder.run(...args)
      assert.deepEqual([code, out], [2, ''], args.join(' '))
      assert.match(err, message)
      assert.match(err, /^cilium-policy: [^\n]*\n$/)
    }),
  )
})

test('a folder that may not be read', async () => {
  const folder = folderOf({ 'closed/a.yaml': GOOD })
  chmodSync(join(folder.path, 'closed'), 0)
  const { code, err } = await folder.runBound('check')
  chmodSync(join(folder.path, 'closed'), 0o755)
  assert.equal(code, 2)
  assert.match(err, /permission denied/)
})

test('--help of everything and --version exit with 0', async () => {
  const folder = folderOf({})
  for (const command of ['check', 'reach', 'snapshot', 'server']) {
    const { code, out } = await folder.run(command, '--help')
    assert.equal(code, 0)
    assert.match(out, new RegExp(`^Usage: cilium-policy ${command}`))
    const said = await folder.run(command, '--version')
    assert.deepEqual([said.code, said.err], [0, ''])
    assert.match(said.out, /^\d+\.\d+\.\d+\n$/)
  }
  assert.match((await folder.run('--help')).out, /Usage: cilium-policy COMMAND/)
  assert.match((await folder.run('--version')).out, /^\d+\.\d+\.\d+\n$/)
})
