// What the editor tests need of the machine: a browser and the VS Code server. Says why they cannot run where one is missing.

import { existsSync } from 'node:fs'
import { findBrowser } from '../../.ci/browser.ts'
import { VSCODE } from '../../.ci/vscode.ts'

const vscode = existsSync(VSCODE) ? undefined : 'there is no VS Code server (npm start installs one)'
const browser = findBrowser() ? undefined : 'there is no Chromium on this machine'

/** For the option `skip` of tests that look into VS Code's server. */
export const withoutVscode: string | false = vscode ?? false
/** For the option `skip` of tests that use a browser only. */
export const withoutBrowser: string | false = browser ?? false
/** For the option `skip` of tests that open a workbench. */
export const withoutEditor: string | false = browser ?? vscode ?? false
