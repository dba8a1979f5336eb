/** Sockets that do what the test says, in the order they were made. */
export function testSockets() {
  const made: TestSocket[] = []
  class TestSocket extends EventTarget {
    readyState = 0
    constructor() {
      super()
      made.push(this)
    }
    open(): void {
      this.readyState = 1
      this.dispatchEvent(new Event('open'))
    }
    send(): void {}
    close(): void {
      this.readyState = 3
    }
  }
  return { made, WebSocket: TestSocket }
}
