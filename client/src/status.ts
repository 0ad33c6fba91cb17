// The status bar item: which cluster or inventory file is in use, or why none.

import { MarkdownString, StatusBarAlignment, ThemeColor, window } from 'vscode'
import type { Status } from '../../server/src/protocol.ts'

const ICONS = {
  off: 'circle-slash',
  connecting: 'sync~spin',
  live: 'pass',
  partly: 'warning',
  stale: 'history',
  failed: 'error',
} as const

/** The item; shown with the first status. */
export function statusItem(): { show(status: Status): void; dispose(): void } {
  const item = window.createStatusBarItem('ciliumPolicy.cluster', StatusBarAlignment.Right, 90)
  item.name = 'Cilium Policy: cluster'
  item.command = 'ciliumPolicy.chooseContext'
  return {
    show(status) {
      const icon = status.state === 'off' && status.inventoryFile !== undefined ? 'file' : ICONS[status.state]
      item.text = `$(${icon}) Cilium: ${status.text}`
      item.tooltip = new MarkdownString(literally(status.tooltip))
      item.backgroundColor = status.state === 'failed' ? new ThemeColor('statusBarItem.warningBackground') : undefined
      item.show()
    },
    dispose: () => item.dispose(),
  }
}

/** Markdown that reads as this text and wraps between words: `appendText` of VS Code makes its spaces unbreakable. */
function literally(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, '\\$&')
}
