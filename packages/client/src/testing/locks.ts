import type { LockHands, Locks } from '../ports.ts'

interface Claim {
  readonly name: string
  readonly hands: LockHands
}

export interface TestLocks extends Locks {
  /** Frees what this tab has, as the browser does when it is gone. */
  crash(): void
}

/** Makes the locks of one browser's tabs. */
export function testLocks(): () => TestLocks {
  let claims: readonly Claim[] = []
  const held = new Map<string, Claim>()

  const grant = (name: string) => {
    const next = claims.find((claim) => claim.name === name)
    if (held.has(name) || next === undefined) return
    claims = claims.filter((claim) => claim !== next)
    held.set(name, next)
    next.hands.held()
  }
  const drop = (claim: Claim) => {
    claims = claims.filter((each) => each !== claim)
    if (held.get(claim.name) !== claim) return
    held.delete(claim.name)
    queueMicrotask(() => grant(claim.name))
  }

  return () => {
    const own = new Set<Claim>()
    let isGone = false
    return {
      hold: (name, hands) => {
        if (isGone) return () => undefined
        const claim: Claim = { name, hands }
        own.add(claim)
        const robbed = hands.steal ? held.get(name) : undefined
        if (hands.steal) {
          held.delete(name)
          claims = [claim, ...claims]
        } else claims = [...claims, claim]
        queueMicrotask(() => {
          robbed?.hands.stolen()
          grant(name)
        })
        return () => {
          own.delete(claim)
          drop(claim)
        }
      },
      crash: () => {
        isGone = true
        for (const claim of own) drop(claim)
      },
    }
  }
}
