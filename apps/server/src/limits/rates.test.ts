import { DEFAULT_LIMITS } from '@parley/protocol'
import { Registry } from 'prom-client'
import { describe, expect, test } from 'vitest'
import { RateLimited } from './rate-limited.ts'
import { createRates, EVERYBODY } from './rates.ts'

function refusalOf(ask: () => void): RateLimited {
  try {
    ask()
  } catch (error) {
    if (error instanceof RateLimited) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('a refusal', () => {
  const limits = {
    ...DEFAULT_LIMITS,
    commandsPerSecond: 2,
    commandsBurst: 3,
    addressSignUpsPerHour: 2,
    signUpsPerHour: 1,
  }

  test('says what the limit is, by which variables, and when to try again', () => {
    const rates = createRates({ limits, now: () => 0 })
    rates.commands.demand('ana', 3)
    expect(refusalOf(() => rates.commands.demand('ana', 3))).toMatchObject({
      waitMillis: 1500,
      message:
        'commands of one user: at most 2 a second and 3 at once (LIMIT_COMMANDS_PER_SECOND, LIMIT_COMMANDS_BURST); try again in 2 s',
    })
    rates.addressSignUps.demand('192.0.2.1', 2)
    expect(refusalOf(() => rates.addressSignUps.demand('192.0.2.1')).message).toBe(
      'new accounts from one address: at most 2 an hour (LIMIT_ADDRESS_SIGN_UPS_PER_HOUR); try again in 1800 s',
    )
  })

  test('is counted under its variable, and what is let through is not', async () => {
    const registry = new Registry()
    const rates = createRates({ limits, now: () => 0, registry })
    rates.commands.demand('ana', 3)
    rates.signUps.demand(EVERYBODY)
    for (let n = 0; n < 4; n += 1) refusalOf(() => rates.commands.demand('ana'))
    refusalOf(() => rates.signUps.demand(EVERYBODY))
    rates.frames.demand('ana')
    rates.limited('socketsPerUser')
    const counted = (await registry.metrics())
      .split('\n')
      .filter((line) => line.startsWith('parley_limited_total'))
    expect(counted.toSorted()).toEqual([
      'parley_limited_total{limit="LIMIT_COMMANDS_PER_SECOND"} 4',
      'parley_limited_total{limit="LIMIT_SIGN_UPS_PER_HOUR"} 1',
      'parley_limited_total{limit="LIMIT_SOCKETS_PER_USER"} 1',
    ])
  })
})
