// `npm start`: installs and builds what is missing, checks examples/, and opens them in a real VS Code with the extension.

import { run } from './node24.mjs'
import { prepare } from './prepare.mjs'

prepare()
console.log('\nChecking the example: cilium-policy check --inventory examples/inventory.yaml examples/policies\n')
const status = run(['dist/cli.js', 'check', '--inventory', 'examples/inventory.yaml', 'examples/policies'])
if (status > 1) process.exit(status)
console.log('')
if (!process.argv.includes('--no-open')) process.exit(run(['--disable-warning=ExperimentalWarning', '.ci/open.ts']))
