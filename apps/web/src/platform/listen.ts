/** Listens to several events of one target; the answer ends that. */
export function listenTo(
  target: EventTarget,
  events: readonly string[],
  listener: (event: Event) => void,
): () => void {
  for (const event of events) target.addEventListener(event, listener)
  return () => {
    for (const event of events) target.removeEventListener(event, listener)
  }
}
