import { type ConversationId, rest } from '@parley/protocol'
import { expect, test } from 'vitest'
import { type Person, useStage } from '../kit/browser.ts'
import { drive, type Driver } from '../kit/driver.ts'
import { box, group, inboxRow, logged, message, numbered, see } from '../kit/screen.ts'

const stage = useStage()

/** The same person on two devices that have never seen each other, and Ben, who has said six things. */
async function scene() {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Everywhere', ben)
  for (const text of numbered('line', 6))
    await ben.ask('POST', `/api/conversations/${conversation}/events`, rest.said, { type: 'message', text })
  const [laptop, phone] = [ana, await stage.again(ana)]
  // In the app itself, not on a blank page: it is the app's own worker and locks that are shared with.
  const drivers = await Promise.all([laptop, phone].map(async (each) => await drive(each, await each.open())))
  const [onLaptop, onPhone] = drivers as [Driver, Driver]
  for (const driver of drivers) await see.poll(async () => (await driver.view(conversation))?.unread).toBe(6)
  return { ana, ben, conversation, laptop, phone, onLaptop, onPhone }
}

const read = (driver: Driver, conversation: ConversationId, seq: number) =>
  driver.run((account, { id, to }) => account.markRead(id, to), { id: conversation, to: seq })
const write = (driver: Driver, conversation: ConversationId, text: string) =>
  driver.run((account, { id, to }) => account.setDraft(id, to), { id: conversation, to: text })
const draftOf = (driver: Driver, conversation: ConversationId) =>
  driver.run((account, id) => account.draft(id).get(), conversation)
const say = (driver: Driver, conversation: ConversationId, text: string) =>
  driver.give((account, { id, to }) => account.send(id, { text: to }), { id: conversation, to: text })
const offline = (isOffline: boolean, ...people: readonly Person[]) =>
  Promise.all(people.map(({ device }) => device.setOffline(isOffline)))

/** What both show, once they show the same. */
async function both<T>(
  drivers: readonly Driver[],
  look: (driver: Driver) => Promise<T>,
  expected: T,
): Promise<void> {
  await see.poll(() => Promise.all(drivers.map(look))).toEqual(drivers.map(() => expected))
}

test('[R1][R2] what is read on two devices apart is read as far as either went, and never less, whichever comes back first', async () => {
  const { ana, conversation, laptop, phone, onLaptop, onPhone } = await scene()
  await offline(true, laptop, phone)
  await read(onLaptop, conversation, 9)
  await read(onPhone, conversation, 5)
  const seen = (driver: Driver) =>
    driver.view(conversation).then((view) => ({ readSeq: view?.readSeq, unread: view?.unread }))
  expect([await seen(onLaptop), await seen(onPhone)]).toEqual([
    { readSeq: 9, unread: 0 },
    { readSeq: 5, unread: 4 },
  ])
  const { lastSeq } = await ana.ask('GET', `/api/conversations/${conversation}`, rest.conversationSummary)
  expect(lastSeq).toBe(9)
  // The one that has read further first: the other's older word comes after it.
  await offline(false, laptop)
  await see
    .poll(
      async () =>
        (await ana.ask('GET', `/api/conversations/${conversation}`, rest.conversationSummary)).readSeq,
    )
    .toBe(9)
  await offline(false, phone)
  await both([onLaptop, onPhone], seen, { readSeq: 9, unread: 0 })
  await say(onPhone, conversation, 'said last, after all of that has arrived')
  await onPhone.answered()
  const summary = await ana.ask('GET', `/api/conversations/${conversation}`, rest.conversationSummary)
  expect([summary.readSeq, summary.unread]).toEqual([9, 0])
})

test('[C5] of drafts written on two devices apart one stays, the same on both; each goes on from the other', async () => {
  const { conversation, laptop, phone, onLaptop, onPhone } = await scene()
  await write(onLaptop, conversation, 'begun on the laptop')
  await both([onPhone], (driver) => draftOf(driver, conversation), 'begun on the laptop')
  await offline(true, laptop, phone)
  await write(onLaptop, conversation, 'from the laptop')
  await write(onPhone, conversation, 'from the phone')
  await offline(false, laptop, phone)
  await see
    .poll(
      async () => new Set([await draftOf(onLaptop, conversation), await draftOf(onPhone, conversation)]).size,
    )
    .toBe(1)
  expect(['from the laptop', 'from the phone']).toContain(await draftOf(onLaptop, conversation))

  await write(onPhone, conversation, 'on from here')
  const screen = await laptop.open(`/c/${conversation}`)
  await see(box(screen)).toHaveValue('on from here')
  await box(screen).press('Enter')
  await both([onLaptop, onPhone], (driver) => draftOf(driver, conversation), '')
  await see(message(screen, 'on from here')).toBeVisible()
})

test('[C1][C2] what two devices have said apart is all said, once, each in its order, and stands alike on both and on other screens', async () => {
  const { ana, ben, conversation, laptop, phone, onLaptop, onPhone } = await scene()
  await offline(true, laptop, phone)
  const [there, here] = [numbered('laptop', 5), numbered('phone', 5)]
  for (const text of there) await say(onLaptop, conversation, text)
  for (const text of here) await say(onPhone, conversation, text)
  // Both make a conversation with Ben: it is one.
  const direct = await Promise.all(
    [onLaptop, onPhone].map((driver) =>
      driver.run((account, to) => account.openDirect(to).conversation, ben.id),
    ),
  )
  expect(new Set(direct).size).toBe(1)
  await offline(false, phone)
  await onPhone.answered()
  await offline(false, laptop)
  await onLaptop.answered()
  const log = (await logged(ben, conversation)).slice(6)
  expect(log.filter((text) => text.startsWith('laptop'))).toEqual(there)
  expect(log.filter((text) => text.startsWith('phone'))).toEqual(here)
  expect(log).toHaveLength(10)
  const shown = async (driver: Driver) =>
    (await driver.messages(conversation)).map(({ text }) => text).slice(6)
  await both([onLaptop, onPhone], shown, log)
  // They are no friends: both were refused, both devices know of it, and either lets go of it for both.
  const refused = (driver: Driver) => driver.commands().then((all) => all.map(({ fate }) => fate.state))
  await both([onLaptop, onPhone], refused, ['refused', 'refused'])
  await onPhone.run(async (account) => {
    for (const { id } of account.commands.get()) await account.discard(id)
  })
  await both([onLaptop, onPhone], refused, [])
  const screen = await ana.open('/')
  await see(inboxRow(screen, 'Everywhere')).toContainText(log.at(-1) ?? '')
})
