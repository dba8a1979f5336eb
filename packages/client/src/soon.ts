/** Calls of the answer within one turn of the event loop make one call of `run`, after it. */
export function soon(run: () => void): () => void {
  let isAsked = false
  return () => {
    if (isAsked) return
    isAsked = true
    void Promise.resolve().then(() => {
      isAsked = false
      run()
    })
  }
}
