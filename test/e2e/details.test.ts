import { readFile } from 'node:fs/promises'
import { type ConversationId, rest } from '@parley/protocol'
import type { Locator, Page } from 'playwright'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { type Person, useStage } from '../kit/browser.ts'
import { findings } from '../kit/findings.ts'
import { box, group, inboxRow, installed, message, say, see, seeHolding } from '../kit/screen.ts'

const stage = useStage()

const panel = (page: Page): Locator => page.getByRole('complementary', { name: 'Details' })
const button = (page: Page, name: string | RegExp): Locator =>
  panel(page).getByRole('button', { name, exact: true })

async function befriend(from: Person, to: Person): Promise<void> {
  const { id } = await from.ask('POST', '/api/friend-requests', rest.friendRequest, { user: to.id })
  await to.ask('PATCH', `/api/friend-requests/${id}`, z.unknown(), { status: 'ACCEPTED' })
}

const channel = async (owner: Person, title: string): Promise<ConversationId> =>
  (await owner.ask('POST', '/api/conversations', rest.conversationSummary, { kind: 'channel', title })).id

const titleNow = async (who: Person, conversation: ConversationId): Promise<string> =>
  (await who.ask('GET', `/api/conversations/${conversation}`, rest.conversationSummary)).title

async function opened(who: Person, conversation: ConversationId): Promise<Page> {
  const page = await who.open(`/c/${conversation}/details`)
  await see(panel(page)).toBeVisible()
  return page
}

/** A member as the list shows them. */
const member = (page: Page, name: string): Locator =>
  panel(page).getByRole('list', { name: 'Members' }).getByRole('listitem').filter({ hasText: name })

const waitsInIt = (page: Page): Locator => panel(page).getByText('not sent yet')

test('an owner renames a group, says what it is for, makes an admin and removes somebody, and the others see it', async () => {
  const [ana, ben, cem] = await Promise.all([stage.person('Ana'), stage.person('Ben'), stage.person('Cem')])
  const conversation = await group(ana, 'Hike', ben, cem)
  const [hers, his] = await Promise.all([opened(ana, conversation), opened(ben, conversation)])
  await see(panel(hers)).toContainText('Private group: only those who were invited can read it.')
  await see(panel(hers)).toContainText('Created by you on')
  await see(panel(his)).toContainText('Created by Ana on')
  expect(await findings(hers, 'aside'), 'details of a group').toEqual([])

  await button(hers, 'Rename').click()
  await panel(hers).getByLabel('Group name').fill('x'.repeat(121))
  await see(panel(hers)).toContainText('1 character too long')
  await see(button(hers, 'Save')).toBeDisabled()
  expect(await findings(hers, 'aside'), 'a name that is too long').toEqual([])
  await panel(hers).getByLabel('Group name').fill('Weekend hike')
  await button(hers, 'Save').click()
  await see(his.getByRole('heading', { name: 'Weekend hike', level: 1 })).toBeVisible()

  await button(hers, 'Add a topic').click()
  await panel(hers).getByLabel('Topic').fill('The route: https://example.org/route')
  await button(hers, 'Save').click()
  await see(panel(his).getByRole('link', { name: 'https://example.org/route' })).toBeVisible()

  await see(button(his, 'Rename')).toHaveCount(0)
  await button(hers, 'Actions for Ben').click()
  await hers.getByRole('menuitem', { name: 'Make admin' }).click()
  await see(member(his, 'Ben')).toContainText('Admin')
  await see(button(his, 'Rename')).toBeVisible()

  // By keyboard: the question is left, and the keyboard is where it was asked.
  await button(hers, 'Actions for Cem').focus()
  await hers.keyboard.press('Enter')
  await see(hers.getByRole('menuitem', { name: 'Make owner' })).toBeFocused()
  await hers.keyboard.press('End')
  await hers.keyboard.press('Enter')
  await seeHolding(hers.getByRole('alertdialog', { name: 'Remove Cem?' }))
  await hers.keyboard.press('Escape')
  await see(button(hers, 'Actions for Cem')).toBeFocused()

  await button(hers, 'Actions for Cem').click()
  await hers.getByRole('menuitem', { name: 'Remove from the group' }).click()
  const question = hers.getByRole('alertdialog', { name: 'Remove Cem?' })
  await see(question).toBeVisible()
  await question.getByRole('button', { name: 'Remove' }).click()
  await see(member(his, 'Cem')).toHaveCount(0)

  await panel(hers)
    .getByRole('radiogroup', { name: 'Who can invite people' })
    .getByText('All members')
    .click()
  await see(
    panel(his).getByRole('radiogroup', { name: 'Who can invite people' }).getByLabel('All members'),
  ).toBeChecked()
})

test('by keyboard alone: details open with the keyboard in them, a name is changed with Enter and left with Escape, and closing gives the keyboard back', async () => {
  const ana = await stage.person('Ana')
  const conversation = await group(ana, 'Alone')
  const page = await ana.open(`/c/${conversation}`)
  await see(box(page)).toBeVisible()
  const toggle = page.getByRole('button', { name: 'Details', exact: true })
  await toggle.focus()
  await page.keyboard.press('Enter')
  await see(panel(page).getByRole('heading', { name: 'Details' })).toBeFocused()

  const tabTo = async (wanted: Locator): Promise<void> => {
    await see(wanted).toBeVisible()
    for (let steps = 0; steps < 40; steps += 1) {
      if (await wanted.evaluate((node) => node === document.activeElement)) return
      await page.keyboard.press('Tab')
    }
    throw new Error('Tab does not lead there')
  }
  await tabTo(button(page, 'Rename'))
  await page.keyboard.press('Enter')
  await see(panel(page).getByLabel('Group name')).toBeFocused()
  await page.keyboard.type('Something else')
  await page.keyboard.press('Escape')
  await see(button(page, 'Rename')).toBeFocused()
  await see(panel(page).getByRole('heading', { name: 'Alone' })).toBeVisible()
  await page.keyboard.press('Enter')
  await page.keyboard.type('Notes to self')
  await page.keyboard.press('Enter')
  await see(panel(page).getByRole('heading', { name: 'Notes to self' })).toBeVisible()
  await see(button(page, 'Rename')).toBeFocused()

  await tabTo(button(page, 'Invite people'))
  await page.keyboard.press('Enter')
  await see(page.getByRole('combobox', { name: 'People' })).toBeFocused()
  await page.keyboard.press('Escape')
  await see(button(page, 'Invite people')).toBeFocused()

  await tabTo(panel(page).getByLabel('All messages'))
  await page.keyboard.press('ArrowDown')
  await see(panel(page).getByLabel('Only what is for me')).toBeChecked()
  await tabTo(button(page, 'Mute'))
  await page.keyboard.press('Enter')
  await see(page.getByRole('menuitem', { name: 'For 1 hour' })).toBeFocused()
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await see(panel(page)).toContainText('Muted until you turn it on')

  await tabTo(button(page, 'Delete for everyone'))
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('alertdialog', { name: 'Delete “Notes to self” for everyone?' })
  await see(dialog.getByLabel('Type its name to delete it')).toBeFocused()
  expect(await findings(page, '[role=alertdialog]'), 'the question before deleting').toEqual([])
  await page.keyboard.type('Notes to')
  await page.keyboard.press('Enter')
  await see(dialog).toBeVisible()
  await page.keyboard.press('Escape')
  await see(button(page, 'Delete for everyone')).toBeFocused()
  await page.keyboard.press('Escape')
  await see(panel(page)).toHaveCount(0)
  await see(toggle).toBeFocused()

  await page.keyboard.press('Enter')
  await tabTo(button(page, 'Delete for everyone'))
  await page.keyboard.press('Enter')
  await see(dialog.getByLabel('Type its name to delete it')).toBeFocused()
  await page.keyboard.type('Notes to self')
  await page.keyboard.press('Enter')
  await see(inboxRow(page, 'Notes to self')).toContainText('You are no longer a member')
})

test('[R1] what one is told of in a conversation, and for how long it is quiet, is the same on all of their devices', async () => {
  const ana = await stage.person('Ana')
  const conversation = await group(ana, 'Loud')
  const phone = await stage.again(ana)
  const [laptop, inPocket] = await Promise.all([opened(ana, conversation), opened(phone, conversation)])
  await panel(laptop).getByLabel('Nothing').check()
  await see(panel(inPocket).getByLabel('Nothing')).toBeChecked()
  await button(laptop, 'Mute').click()
  expect(await findings(laptop, '[role=menu]'), 'for how long').toEqual([])
  await laptop.getByRole('menuitem', { name: 'For 8 hours' }).click()
  await see(panel(inPocket)).toContainText(/Muted until/)
  expect(await findings(inPocket, 'aside'), 'muted').toEqual([])
  await button(inPocket, 'Change how long it is muted').click()
  await inPocket.getByRole('menuitem', { name: 'Turn notifications on' }).click()
  await see(panel(laptop)).toContainText('Not muted')
})

test('[C3][C5] what is changed without a network shows at once and that it waits, what needs the server says so, and all of it is there afterwards', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Before', ben)
  const page = await opened(ana, conversation)
  await installed(page)
  await see(member(page, 'Ben')).toBeVisible()
  await ana.device.setOffline(true)
  await see(panel(page)).toContainText('The server makes this file: it can be had when you are connected.')

  await button(page, 'Rename').click()
  await panel(page).getByLabel('Group name').fill('After')
  await page.keyboard.press('Enter')
  await see(panel(page).getByRole('heading', { name: 'After' })).toBeVisible()
  await see(waitsInIt(page).first()).toBeVisible()
  await button(page, 'Actions for Ben').click()
  await page.getByRole('menuitem', { name: 'Make owner' }).click()
  await see(member(page, 'Ben')).toContainText('New role, not sent yet')
  expect(await findings(page, 'aside'), 'waiting').toEqual([])

  await button(page, 'Leave group').click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Leave' }).click()
  await page.getByRole('button', { name: 'Details', exact: true }).click()
  await see(panel(page)).toContainText('You leave as soon as the server has answered.')
  await button(page, 'Take back').click()
  await see(button(page, 'Leave group')).toBeVisible()

  await ana.device.setOffline(false)
  await see(waitsInIt(page)).toHaveCount(0)
  expect(await titleNow(ben, conversation)).toBe('After')
})

/** A brown rectangle of 64 by 32 pixels. */
const PICTURE = {
  name: 'sunset.png',
  mimeType: 'image/png',
  buffer: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAEAAAAAgCAIAAAAt/+nTAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAYElEQVRYhe2SQQkAQRDDKqeaTnFkrYh7hIFCBKSh4etpohuwAdUrsgv1LtEN2IDqFdmFepfoBmxA9YrsQr1LdAM2oHpFdqHeJboBG1C9IrtQ7xLdgA2oXpFdqHeJbvCTB2K/UJfbHZCTAAAAAElFTkSuQmCC',
    'base64',
  ),
}
const PLAN = { name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('up and down again') }

test('pictures, files and links of the whole conversation are found in the details, open, and lead to where they were said', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Shared', ben)
  const hers = await opened(ana, conversation)
  await see(panel(hers)).toContainText('No pictures or files yet.')
  const his = await ben.open(`/c/${conversation}`)
  await see(box(his)).toBeVisible()
  await his.locator('input[type=file]').setInputFiles([PICTURE, PLAN])
  await see(his.getByRole('list', { name: 'Files to send' }).getByRole('listitem')).toHaveCount(2)
  await say(his, 'the plan')
  await say(his, 'see https://example.org/route and [the weather](https://example.com/weather)')

  const pictures = panel(hers).getByRole('list', { name: 'Pictures' })
  await see(pictures.getByRole('link', { name: 'Open sunset.png' })).toBeVisible()
  expect(await findings(hers, 'aside'), 'shared files').toEqual([])
  await pictures.getByRole('link', { name: 'Open sunset.png' }).click()
  await see(hers.getByRole('dialog').getByRole('img', { name: /sunset.png/ })).toBeVisible()
  await seeHolding(hers.getByRole('dialog'))
  await hers.keyboard.press('Escape')
  await see(hers.getByRole('dialog')).toHaveCount(0)
  await see(pictures.getByRole('link', { name: 'Open sunset.png' })).toBeFocused()
  await button(hers, 'Show files and links').click()
  await see(panel(hers).getByRole('tab', { name: 'Pictures' })).toHaveAttribute('aria-selected', 'true')
  await see(pictures.getByRole('link')).toHaveCount(1)
  expect(await findings(hers, 'aside'), 'all pictures').toEqual([])
  await panel(hers).getByRole('tab', { name: 'Files' }).click()
  const [started] = await Promise.all([
    hers.waitForEvent('download'),
    panel(hers).getByRole('link', { name: 'plan.txt' }).click(),
  ])
  expect(await readFile(await started.path(), 'utf8')).toBe('up and down again')
  await button(hers, 'Go to the message with plan.txt').click()
  await see(message(hers, 'the plan')).toBeInViewport()
  await see(panel(hers)).toBeVisible()

  // Once more, by keyboard.
  await panel(hers).getByRole('tab', { name: 'Files' }).focus()
  await hers.keyboard.press('ArrowRight')
  await hers.keyboard.press('Enter')
  const links = panel(hers).getByRole('list', { name: 'Links' })
  await see(links.getByRole('link')).toHaveCount(2)
  await see(links.getByRole('link').first()).toHaveAttribute('href', 'https://example.org/route')
  expect(await findings(hers, 'aside'), 'all links').toEqual([])
  await hers.keyboard.press('Escape')
  await see(button(hers, 'Show files and links')).toBeFocused()
})

test('who leaves is told what becomes of the group, keeps what the device has, and can remove that too', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Heritage', ben)
  const page = await opened(ana, conversation)
  await button(page, 'Leave group').click()
  const question = page.getByRole('alertdialog', { name: 'Leave “Heritage”?' })
  await see(question).toContainText('Ben becomes the owner.')
  expect(await findings(page, '[role=alertdialog]'), 'the question before leaving').toEqual([])
  await question.getByRole('button', { name: 'Leave' }).click()
  const his = await opened(ben, conversation)
  await see(member(his, 'Ben')).toContainText('Owner')

  await page.getByRole('button', { name: 'Details', exact: true }).click()
  await see(panel(page)).toContainText('You are no longer a member.')
  expect(await findings(page, 'aside'), 'left').toEqual([])
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    button(page, 'Save as text to read').click(),
  ])
  expect(saved.suggestedFilename()).toBe('Heritage.md')
  expect(await readFile(await saved.path(), 'utf8')).toContain('# Heritage')
  await button(page, 'Remove from this device').click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
  await see(inboxRow(page, 'Heritage')).toHaveCount(0)
})

test('[C3] a change that the server does not take is said where it was made, with why, until the person has decided', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Ours', ben)
  const setRole = (role: string) =>
    ana.ask('PATCH', `/api/conversations/${conversation}/members/${ben.id}`, rest.member, { role })
  await setRole('admin')
  const page = await opened(ben, conversation)
  await see(button(page, 'Rename')).toBeVisible()
  await ben.device.setOffline(true)
  await button(page, 'Rename').click()
  await page.keyboard.type('Mine')
  await page.keyboard.press('Enter')
  await see(panel(page).getByRole('heading', { name: 'Mine' })).toBeVisible()
  await setRole('member')
  await ben.device.setOffline(false)
  const refused = panel(page).getByRole('alert')
  await see(refused).toContainText('You are not allowed to do this here.')
  await see(panel(page).getByRole('heading', { name: 'Ours' })).toBeVisible()
  expect(await findings(page, 'aside'), 'refused').toEqual([])
  await button(page, 'Discard').click()
  await see(refused).toHaveCount(0)
})

test('an archived group says so and is opened again from its details, and its link is copied', async () => {
  const ana = await stage.person('Ana')
  const conversation = await group(ana, 'Old')
  const page = await opened(ana, conversation)
  await ana.device.grantPermissions(['clipboard-read', 'clipboard-write'])
  await button(page, 'Copy link').click()
  await see(button(page, 'Link copied')).toBeVisible()
  const { origin } = new URL(page.url())
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${origin}/c/${conversation}`)
  await button(page, 'Archive group').click()
  await see(panel(page)).toContainText('Archived: everything can be read')
  expect(await findings(page, 'aside'), 'archived').toEqual([])
  await button(page, 'Reopen').click()
  await see(panel(page)).not.toContainText('Archived: everything can be read')
})

test('the server lists the members of a channel; they are found by name, get roles, and without a network that is said', async () => {
  const [ana, ...others] = (await Promise.all(
    ['Ana', 'Ben', 'Cem', 'Dia', 'Eve', 'Fay', 'Gus', 'Hana', 'Ivo', 'Jun'].map((name) => stage.person(name)),
  )) as [Person, ...Person[]]
  const conversation = await channel(ana, 'News')
  for (const each of others)
    await each.ask('POST', `/api/conversations/${conversation}/members`, rest.member, { user: each.id })
  const page = await opened(ana, conversation)
  await see(panel(page)).toContainText('Channel: anybody on this server can find and join it.')
  await button(page, 'Show all 10 members').click()
  await see(panel(page).getByLabel('Find a member')).toBeFocused()
  expect(await findings(page, 'aside'), 'all members').toEqual([])
  await page.keyboard.type('jun')
  await see(panel(page).getByRole('list', { name: 'Members' }).getByRole('listitem')).toHaveCount(1)
  await button(page, 'Actions for Jun').click()
  await page.getByRole('menuitem', { name: 'Make admin' }).click()
  await see(member(page, 'Jun')).toContainText('Admin')
  await panel(page).getByLabel('Find a member').fill('nobody')
  await see(panel(page)).toContainText('No member is called “nobody”.')
  await page.keyboard.press('Escape')
  await see(button(page, 'Show all 10 members')).toBeFocused()

  await panel(page).getByRole('radiogroup', { name: 'Who can write' }).getByText('Only admins').click()
  const his = await opened(others[0] as Person, conversation)
  await see(his.getByText('Only admins write here.')).toBeVisible()
  await his.close()

  await installed(page)
  await ana.device.setOffline(true)
  await page.reload()
  await see(panel(page)).toContainText('The list of members can be seen when you are connected.')
  await ana.device.setOffline(false)
  await see(member(page, 'Jun')).toBeVisible()
})

test('of two friends the details say who the other is, and lead out of it', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  await befriend(ana, ben)
  const { id } = await ana.ask('POST', '/api/conversations', rest.conversationSummary, {
    kind: 'direct',
    members: [ben.id],
  })
  const page = await opened(ana, id)
  await see(panel(page)).toContainText('Only the two of you are in this conversation.')
  await see(panel(page)).toContainText(`@${ben.username}`)
  expect(await findings(page, 'aside'), 'details of two').toEqual([])
  await button(page, 'Block Ben').click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Block' }).click()
  await see(button(page, 'Unblock Ben')).toBeVisible()
  await see(box(page)).toHaveCount(0)
  await button(page, 'Unblock Ben').click()
  await button(page, 'Ask Ben to be friends').click()
  await see(panel(page)).toContainText('You asked to be friends. Ben has not answered yet.')
})

test('on a phone the details are a screen of their own, with a way back', async () => {
  const ana = await stage.person('Ana')
  const conversation = await group(ana, 'Pocket')
  const page = await ana.open(`/c/${conversation}`)
  await page.setViewportSize({ width: 390, height: 844 })
  await page.getByRole('button', { name: 'Details', exact: true }).click()
  await see(panel(page)).toBeVisible()
  await see(page.getByRole('textbox', { name: 'Message', exact: true })).toBeHidden()
  expect(await findings(page), 'on a phone').toEqual([])
  await panel(page).getByRole('button', { name: 'Back' }).click()
  await see(panel(page)).toHaveCount(0)
  await see(page.getByRole('button', { name: 'Details', exact: true })).toBeFocused()
})
