/** Listens to several events of one target; the answer ends that. `isFirst`: before the target's own parts hear of them. */
export function listenTo(
  target: EventTarget,
  events: readonly string[],
  listener: (event: Event) => void,
  isFirst = false,
): () => void {
  for (const event of events) target.addEventListener(event, listener, isFirst)
  return () => {
    for (const event of events) target.removeEventListener(event, listener, isFirst)
  }
}
