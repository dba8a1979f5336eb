import { type CommandId, type ConversationId, directConversationId, type Event, rest } from '@parley/protocol'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { crash, type Person, useStage } from '../kit/browser.ts'
import { drive, type Driver } from '../kit/driver.ts'
import { group, inboxRow, installed, logged, message, sayAs, see } from '../kit/screen.ts'

const stage = useStage()

const askToBeFriends = (from: Person, to: Person) =>
  from.ask('POST', '/api/friend-requests', rest.friendRequest, { user: to.id })

async function befriend(from: Person, to: Person): Promise<void> {
  const { id } = await askToBeFriends(from, to)
  await to.ask('PATCH', `/api/friend-requests/${id}`, z.unknown(), { status: 'ACCEPTED' })
}

const logOf = async (who: Person, conversation: ConversationId): Promise<readonly Event[]> =>
  (await who.ask('GET', `/api/conversations/${conversation}/events?after=0&limit=1000`, rest.eventPage))
    .events

/** The person's device has the app, and all that the server has for it. */
async function provisioned(who: Person): Promise<Driver> {
  const page = await who.open()
  await installed(page)
  await page.close()
  const driver = await drive(who)
  const isWhole = () =>
    driver.run((account) => {
      const { held, total, isFilling } = account.history.get()
      const list = account.conversations.get()
      return list.state === 'known' && list.isComplete && held === total && !isFilling
    })
  await see.poll(isWhole).toBe(true)
  return driver
}

/** Everything that waits, by type, in its order. */
const waiting = async (driver: Driver): Promise<readonly string[]> =>
  (await driver.commands()).flatMap(({ command }) => command?.type ?? [])

const texts = async (driver: Driver, conversation: ConversationId): Promise<readonly string[]> =>
  (await driver.messages(conversation)).map(({ text }) => text)

test('[C5][C1][C2][C3] everything that a person can do is done without a network, survives the end of the page, and takes effect once, in order', async () => {
  const [ana, ben, cem, dia, eve, fay] = (await Promise.all(
    ['Ana', 'Ben', 'Cem', 'Dia', 'Eve', 'Fay'].map((name) => stage.person(name)),
  )) as [Person, Person, Person, Person, Person, Person]
  await befriend(ana, ben)
  const fromCem = await askToBeFriends(cem, ana)
  const fromDia = await askToBeFriends(dia, ana)
  await ana.ask('PUT', `/api/blocks/${fay.id}`, z.unknown())
  const [team, lost] = [await group(ana, 'Team', ben, cem), await group(ben, 'Lost', ana)]
  const [one, two] = [await sayAs(ben, team, 'one'), await sayAs(ben, team, 'two')]
  await ana.ask('POST', `/api/conversations/${team}/events`, rest.said, {
    type: 'reaction',
    to: two.id,
    emoji: '👎',
    on: true,
  })
  await sayAs(ben, lost, 'before')

  const hers = await provisioned(ana)
  await ana.device.setOffline(true)
  const direct = directConversationId(ana.id, ben.id)
  const given = await hers.run(
    async (account, { team, lost, one, two, ben, cem, dia, eve, fay, fromCem, fromDia }) => {
      const done: { id: CommandId; saved: Promise<{ saved: boolean }> }[] = []
      const note = <T extends { id: CommandId; saved: Promise<{ saved: boolean }> }>(each: T): T => {
        done.push(each)
        return each
      }
      const { conversation: made } = note(
        account.createConversation({ kind: 'group', title: 'Made offline', members: [ben] }),
      )
      const first = note(account.send(made, { text: 'first here' }))
      note(account.send(made, { text: 'answer to it', replyTo: first.id }))
      note(account.react(made, first.id, '🎉', true))
      const opened = account.openDirect(ben)
      if (opened.given !== undefined) note(opened.given)
      note(account.send(opened.conversation, { text: 'between us' }))
      note(account.send(team, { text: 'look, Ben', mentions: [ben], replyTo: one }))
      note(account.react(team, one, '👍', true))
      note(account.react(team, two, '👎', false))
      note(account.addMember(team, eve))
      note(account.changeRole(team, cem, 'admin'))
      note(account.updateConversation(team, { title: 'The team', topic: 'all of us' }))
      note(account.send(lost, { text: 'into the void' }))
      note(account.react(lost, one, '👍', true))
      note(account.updateConversation(team, { archived: true }))
      note(account.updateConversation(team, { archived: false }))
      note(account.send(team, { text: 'open again' }))
      note(account.requestFriend(eve))
      note(account.answerFriendRequest(fromCem, true))
      note(account.answerFriendRequest(fromDia, false))
      note(account.block(dia))
      note(account.unblock(fay))
      account.markRead(team, 7)
      account.setDraft(team, 'half a senten')
      // The page may end at once after this: what is saved must be there all the same.
      const saved = await Promise.all(done.map((each) => each.saved))
      return { made, ids: done.map(({ id }) => id), isSaved: saved.every((each) => each.saved) }
    },
    {
      team,
      lost,
      one: one.id,
      two: two.id,
      ben: ben.id,
      cem: cem.id,
      dia: dia.id,
      eve: eve.id,
      fay: fay.id,
      fromCem: fromCem.id,
      fromDia: fromDia.id,
    },
  )
  const { made } = given
  expect(given.isSaved).toBe(true)
  const all = await waiting(hers)
  expect(all).toHaveLength(given.ids.length)
  // What another tab knows of it is on the disk: tabs pass on nothing before.
  const beside = await drive(ana)
  await see.poll(() => beside.run((account, id) => account.draft(id).get(), team)).toBe('half a senten')
  await beside.close()

  await crash(hers.page)
  await hers.page.close()
  const shown = async (driver: Driver) => {
    expect(await texts(driver, made)).toEqual(['first here', 'answer to it'])
    expect(await texts(driver, direct)).toEqual(['between us'])
    expect(await texts(driver, team)).toEqual(['one', 'two', 'look, Ben', 'open again'])
    const reactions = (await driver.messages(team)).map(({ reactions: each }) =>
      each.map(({ emoji }) => emoji),
    )
    expect(reactions).toEqual([['👍'], [], [], []])
    const view = await driver.run(
      (account, { team, eve, cem }) => {
        const seen = account.conversation(team).get()
        return {
          title: seen?.title,
          topic: seen?.topic,
          archived: seen?.archived,
          readSeq: seen?.readSeq,
          unread: seen?.unread,
          eve: seen?.members.get(eve)?.role,
          cem: seen?.members.get(cem)?.role,
          draft: account.draft(team).get(),
        }
      },
      { team, eve: eve.id, cem: cem.id },
    )
    expect(view).toEqual({
      title: 'The team',
      topic: 'all of us',
      archived: false,
      readSeq: 7,
      unread: 0,
      eve: 'member',
      cem: 'admin',
      draft: 'half a senten',
    })
  }
  const again = await drive(ana)
  expect((await again.commands()).map(({ id, fate }) => [id, fate.state])).toEqual(
    given.ids.map((id) => [id, 'saved']),
  )
  expect(await waiting(again)).toEqual(all)
  await shown(again)
  const screen = await ana.open(`/c/${made}`)
  await see(message(screen, 'answer to it')).toBeVisible()
  await see(inboxRow(screen, 'The team')).toBeVisible()
  await screen.close()

  await ben.ask('DELETE', `/api/conversations/${lost}/members/${ana.id}`, z.unknown())
  await ana.device.setOffline(false)
  await again.answered()
  // What was refused, with why, and nothing else.
  const refused = (await again.commands()).map(({ command, fate }) => [
    command?.type,
    fate.state === 'refused' ? fate.code : fate.state,
  ])
  expect(refused).toEqual([
    ['message.send', 'forbidden'],
    ['reaction.set', 'forbidden'],
  ])

  const ids = new Set(given.ids)
  const order = (log: readonly Event[]) => log.map(({ id }) => id).filter((id) => ids.has(id))
  const inOrder = (log: readonly Event[]) => given.ids.filter((id) => order(log).includes(id))
  const logs = await Promise.all([made, direct, team].map((id) => logOf(ben, id)))
  for (const log of logs) expect(order(log)).toEqual(inOrder(log))
  expect(logs.flatMap(order)).toHaveLength(new Set(logs.flatMap(order)).size)
  expect(await logged(ben, made)).toEqual(['first here', 'answer to it'])
  expect(await logged(ben, direct)).toEqual(['between us'])
  expect(await logged(ben, team)).toEqual(['one', 'two', 'look, Ben', 'open again'])
  expect(await logged(ben, lost)).toEqual(['before'])
  const summary = await ben.ask('GET', `/api/conversations/${team}`, rest.conversationSummary)
  expect([summary.title, summary.topic, summary.archived]).toEqual(['The team', 'all of us', false])
  const { members } = await ben.ask('GET', `/api/conversations/${team}/members`, rest.memberList)
  const rights = Object.fromEntries(members.map(({ user, role, readSeq }) => [user, { role, readSeq }]))
  expect([rights[eve.id]?.role, rights[cem.id]?.role]).toEqual(['member', 'admin'])
  await see
    .poll(async () => {
      const { members: now } = await ben.ask('GET', `/api/conversations/${team}/members`, rest.memberList)
      return now.find(({ user }) => user === ana.id)?.readSeq
    })
    .toBe(7)
  const { friends } = await ana.ask('GET', '/api/friends', rest.friendList)
  expect(friends.map(({ id }) => id).toSorted()).toEqual([ben.id, cem.id].toSorted())
  const { friendRequests } = await ana.ask(
    'GET',
    '/api/friend-requests?direction=outgoing',
    rest.friendRequestList,
  )
  expect(friendRequests.filter(({ to }) => to.id === eve.id).map(({ status }) => status)).toEqual(['PENDING'])
  const answered = await dia.ask('GET', '/api/friend-requests?direction=outgoing', rest.friendRequestList)
  expect(answered.friendRequests.map(({ status }) => status)).toEqual(['REJECTED'])
  const { blocks } = await ana.ask('GET', '/api/blocks', rest.blockList)
  expect(blocks.map(({ user }) => user.id)).toEqual([dia.id])
  await shown(again)

  // Refused again while nothing has changed, taken once she is a member again; the other one is let go.
  const [sending, reaction] = (await again.commands()).map(({ id }) => id)
  const attempt = (id: CommandId | undefined) =>
    again.run(async (account, each) => {
      if (each === undefined) throw new Error('two were refused')
      const before = account.fate(each).get()
      await account.retry(each)
      await new Promise<void>((resolve) => {
        const look = () => {
          const fate = account.fate(each).get()
          if (fate !== before && (fate?.state === 'refused' || fate?.state === 'accepted')) resolve()
        }
        account.fate(each).subscribe(look)
        look()
      })
      return account.fate(each).get()?.state
    }, id)
  expect(await attempt(sending)).toBe('refused')
  await ben.ask('POST', `/api/conversations/${lost}/members`, z.unknown(), { user: ana.id })
  expect(await attempt(sending)).toBe('accepted')
  if (reaction !== undefined)
    await again.run(async (account, id) => void (await account.discard(id)), reaction)
  expect(await again.commands()).toEqual([])
  expect(await logged(ben, lost)).toEqual(['before', 'into the void'])
  expect((await logOf(ben, lost)).filter(({ type }) => type === 'reaction')).toEqual([])
})
