// Runs the extension-host suites in a desktop VS Code (`npm run test:desktop`): the one that VSCODE_PATH names, else one that is downloaded.

import { runTests } from '@vscode/test-electron'
import { bundleSuite, exampleSuite, quietSuite, RED_HAT, ROOT } from './suites.ts'

for (const suite of [exampleSuite(), quietSuite()]) {
  console.log(`The suite ${suite.name} …`)
  await runTests({
    vscodeExecutablePath: process.env.VSCODE_PATH,
    extensionDevelopmentPath: [ROOT, RED_HAT.path],
    extensionTestsPath: await bundleSuite(suite),
    extensionTestsEnv: { KUBECONFIG: '/nowhere/config' },
    launchArgs: [suite.folder, '--disable-workspace-trust', '--disable-extensions', '--skip-welcome'],
  })
}
