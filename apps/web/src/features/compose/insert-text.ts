/** A stretch of a text, from one place up to another. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/**
 * Writes as if it had been typed, over a stretch or else the selection: the browser's own undo takes it back, which it
 * cannot for a value that a program sets. `select`: what is selected afterwards, counted from the stretch's beginning.
 */
export function insertText(
  box: HTMLTextAreaElement,
  text: string,
  over: Stretch = { from: box.selectionStart, to: box.selectionEnd },
  select?: Stretch,
): void {
  box.focus()
  box.setSelectionRange(over.from, over.to)
  const isTyped = typeAsPerson(text)
  if (!isTyped) {
    // A browser that knows no such command loses its undo, and nothing else.
    box.setRangeText(text, over.from, over.to, 'end')
    box.dispatchEvent(new InputEvent('input', { bubbles: true }))
  }
  if (select !== undefined) box.setSelectionRange(over.from + select.from, over.from + select.to)
}

/** Deprecated in name, and still the only way in every browser to write into its undo. */
const typeAsPerson = (text: string): boolean =>
  text === '' ? document.execCommand('delete') : document.execCommand('insertText', false, text)
