import { type Device, newDevice } from './device.ts'
import { markedText, nowMicros } from './marker.ts'
import type { Counts, DevicePlan, LoadPlan, Measured, Pace } from './plan.ts'
import { Samples } from './samples.ts'

const CONNECT_AT_ONCE = 25
const KEEP_ALIVE_MILLIS = 20_000
const MOST_FAULTS = 20

interface Member {
  readonly plan: DevicePlan
  readonly device: Device
  /** By sender, the number expected next: how a message that is missing, doubled or early is noticed. */
  readonly next: Map<number, number>
}

interface Speaker {
  readonly sender: number
  readonly conversation: string
  readonly device: Device
  said: number
  acknowledged: number
  /** When the messages not yet acknowledged were sent, oldest first. */
  readonly waiting: number[]
}

interface Arrivals {
  count: number
  micros: number
}

/** The members that one process plays in one run: who says what, who has heard it, how long it took. */
export class Load {
  readonly #members: Member[] = []
  readonly #speakers: Speaker[] = []
  readonly #faults: string[] = []
  readonly #delivery = new Samples()
  readonly #acknowledged = new Samples()
  readonly #last = new Map<number, Arrivals>()
  #pace: Pace | undefined
  /** Kept only for few messages: at full throughput the book-keeping would cost more than the receiving. */
  #keepsLast = false
  #beats: NodeJS.Timeout[] = []
  #keepAlive: NodeJS.Timeout | undefined
  /** Only messages sent inside the window count for delays; only what arrives inside it for rates. */
  #from = Infinity
  #until = Infinity
  #deliveries = 0
  #acknowledgements = 0
  #cpuAtStart = process.cpuUsage()
  readonly #patienceMillis: number
  #cpuSeconds = 0

  /** `patienceMillis`: how long after the last message was sent everything must have arrived. */
  constructor(patienceMillis = 20_000) {
    this.#patienceMillis = patienceMillis
  }

  async connect({ dialect, url, devices }: LoadPlan): Promise<void> {
    const waiting = devices.map((plan) => () => this.#join(dialect, url, plan))
    await Promise.all(
      Array.from({ length: CONNECT_AT_ONCE }, async () => {
        for (let join = waiting.pop(); join !== undefined; join = waiting.pop()) await join()
      }),
    )
    this.#keepAlive = setInterval(() => {
      for (const { device } of this.#members) device.keepAlive()
    }, KEEP_ALIVE_MILLIS)
  }

  speak(pace: Pace): void {
    this.#pace = pace
    this.#keepsLast = pace.pace === 'every'
    for (const [index, speaker] of this.#speakers.entries()) {
      if (pace.pace === 'one at a time') this.#say(speaker)
      else this.#startBeat(speaker, pace.millis, (pace.millis * index) / this.#speakers.length)
    }
  }

  measure(): void {
    this.#from = nowMicros()
    this.#cpuAtStart = process.cpuUsage()
  }

  hush(): Counts {
    this.#until = nowMicros()
    this.#pace = undefined
    for (const beat of this.#beats) clearTimeout(beat)
    this.#beats = []
    const { user, system } = process.cpuUsage(this.#cpuAtStart)
    this.#cpuSeconds = (user + system) / 1e6
    return Object.fromEntries(this.#speakers.map(({ sender, said }) => [sender, said]))
  }

  async settle(sent: Counts): Promise<Measured> {
    const deadline = performance.now() + this.#patienceMillis
    while (this.#missing(sent).length > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    return {
      faults: [...this.#faults, ...this.#missing(sent)].slice(0, MOST_FAULTS),
      seconds: (this.#until - this.#from) / 1e6,
      acknowledged: this.#acknowledgements,
      deliveries: this.#deliveries,
      deliveryMicros: this.#delivery.values(),
      acknowledgedMicros: this.#acknowledged.values(),
      last: [...this.#last].map(([key, { count, micros }]) => ({
        sender: Math.floor(key / 2 ** 28),
        number: key % 2 ** 28,
        arrivals: count,
        micros,
      })),
      cpuSeconds: this.#cpuSeconds,
    }
  }

  disconnect(): void {
    clearInterval(this.#keepAlive)
    for (const { device } of this.#members) device.close()
  }

  async #join(dialect: LoadPlan['dialect'], url: string, plan: DevicePlan): Promise<void> {
    const next = new Map(plan.hears.map((sender) => [sender, 0]))
    let speaker: Speaker | undefined
    const device = newDevice(dialect, url, plan, {
      heard: (sender, number, sentAt) => {
        if (sender !== plan.sender) this.#heard(plan, next, sender, number, sentAt)
        else if (dialect === 'parley') this.#acknowledge(speaker, 1)
      },
      acknowledged: (count) => this.#acknowledge(speaker, count),
      held: () => undefined,
      failed: (reason) => this.#fault(`${plan.user}: ${reason}`),
    })
    await device.attach()
    this.#members.push({ plan, device, next })
    const conversation = plan.conversations[0]
    if (plan.sender === undefined || conversation === undefined) return
    speaker = { sender: plan.sender, conversation, device, said: 0, acknowledged: 0, waiting: [] }
    this.#speakers.push(speaker)
  }

  #say(speaker: Speaker): void {
    const now = nowMicros()
    speaker.waiting.push(now)
    speaker.device.say({
      conversation: speaker.conversation,
      text: markedText(speaker.sender, speaker.said, now),
    })
    speaker.said += 1
  }

  /** Beats are kept against the clock, so that a late one does not make all later ones late. */
  #startBeat(speaker: Speaker, millis: number, delay: number): void {
    const start = performance.now() + delay
    const slot = this.#beats.length
    const beat = (count: number): void => {
      this.#beats[slot] = setTimeout(
        () => {
          this.#say(speaker)
          beat(count + 1)
        },
        Math.max(0, start + count * millis - performance.now()),
      )
    }
    beat(0)
  }

  #heard(plan: DevicePlan, next: Map<number, number>, sender: number, number: number, sentAt: number): void {
    const now = nowMicros()
    const expected = next.get(sender)
    if (number !== expected)
      this.#fault(`${plan.user} heard message ${number} of sender ${sender} instead of ${expected}`)
    next.set(sender, number + 1)
    if (now >= this.#from && now <= this.#until) this.#deliveries += 1
    if (sentAt < this.#from || sentAt > this.#until) return
    const micros = now - sentAt
    this.#delivery.add(micros)
    if (!this.#keepsLast) return
    const key = sender * 2 ** 28 + number
    const arrivals = this.#last.get(key)
    if (arrivals === undefined) this.#last.set(key, { count: 1, micros })
    else {
      arrivals.count += 1
      arrivals.micros = Math.max(arrivals.micros, micros)
    }
  }

  #acknowledge(speaker: Speaker | undefined, count: number): void {
    if (speaker === undefined) return this.#fault('an acknowledgement for somebody who said nothing')
    const now = nowMicros()
    for (let nth = 0; nth < count; nth += 1) {
      const sentAt = speaker.waiting.shift()
      if (sentAt === undefined)
        return this.#fault(`sender ${speaker.sender}: acknowledged more than was said`)
      speaker.acknowledged += 1
      if (now >= this.#from && now <= this.#until) this.#acknowledgements += 1
      if (sentAt >= this.#from && sentAt <= this.#until) this.#acknowledged.add(now - sentAt)
    }
    if (this.#pace?.pace === 'one at a time' && speaker.said < (this.#pace.count ?? Infinity))
      this.#say(speaker)
  }

  #missing(sent: Counts): string[] {
    const unheard = this.#members.flatMap(({ plan, next }) =>
      [...next]
        .filter(([sender, number]) => number < (sent[sender] ?? 0))
        .map(
          ([sender, number]) => `${plan.user} has ${number} of ${sent[sender]} messages of sender ${sender}`,
        ),
    )
    const unanswered = this.#speakers
      .filter(({ said, acknowledged }) => acknowledged < said)
      .map(
        ({ sender, said, acknowledged }) =>
          `sender ${sender}: ${acknowledged} of ${said} messages acknowledged`,
      )
    return [...unheard, ...unanswered]
  }

  #fault(fault: string): void {
    if (this.#faults.length < MOST_FAULTS) this.#faults.push(fault)
  }
}
