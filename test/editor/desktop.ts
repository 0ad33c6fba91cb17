// Runs the extension-host suites in a desktop VS Code (`npm run test:desktop`): the one that VSCODE_PATH names, else one that is downloaded.

import { runTests } from '@vscode/test-electron'
import { bundleSuite, exampleSuite, quietSuite, RED_HAT, ROOT } from './suites.ts'

for (const { name, folder } of [exampleSuite(), quietSuite()]) {
  console.log(`The suite ${name} …`)
  await runTests({
    vscodeExecutablePath: process.env.VSCODE_PATH,
    extensionDevelopmentPath: [ROOT, RED_HAT.path],
    extensionTestsPath: await bundleSuite(name),
    extensionTestsEnv: { KUBECONFIG: '/nowhere/config' },
    launchArgs: [folder, '--disable-workspace-trust', '--disable-extensions', '--skip-welcome'],
  })
}
