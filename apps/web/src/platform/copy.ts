/**
 * Whether it is there to be pasted: the browser refuses when the window has lost the focus meanwhile, and has no
 * clipboard at all where the app did not come over HTTPS.
 */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    // Who asked for it says what else can be done.
    return false
  }
}
