// Installs what the editor tests need, where they can run at all: without a browser they skip themselves and say why.

import { findBrowser } from './browser.ts'
import { installVscode } from './vscode.ts'

const problem = findBrowser() === undefined ? undefined : installVscode()
if (problem) console.error(problem)
