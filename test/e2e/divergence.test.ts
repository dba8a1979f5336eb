import { rest } from '@parley/protocol'
import { expect, test } from 'vitest'
import { type Backup, takeBackup, tamper } from '../kit/backup.ts'
import { type Person, useStage } from '../kit/browser.ts'
import {
  ACKNOWLEDGED,
  bar,
  group,
  inboxRow,
  installed,
  logged,
  mark,
  say,
  see,
  seeAcknowledged,
  seeTexts,
  shown,
} from '../kit/screen.ts'

const stage = useStage()

/** What happens to the server meanwhile these notice when they are back: nobody waits longer than it takes. */
async function away(people: readonly Person[], work: () => Promise<void>): Promise<void> {
  for (const { device } of people) await device.setOffline(true)
  await work()
  for (const { device } of people) await device.setOffline(false)
}

test('[L7][C1] after the server was restored from a backup, words say what is missing, and mine are sent again once', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Harvest', ben)
  const other = await group(ana, 'Kitchen', ben)
  const page = await ana.open(`/c/${conversation}`)
  const his = await ben.open(`/c/${conversation}`)
  await say(page, 'who brings the ladder?')
  await seeTexts(his, ['who brings the ladder?'])
  await Promise.all([page, his].map(installed))
  let lastNight: Backup | undefined
  await away([ana, ben], async () => {
    lastNight = await takeBackup(stage.server)
  })
  try {
    await say(his, 'I do')
    await see(mark(his, 'I do', ACKNOWLEDGED)).toBeVisible()
    await seeTexts(page, ['who brings the ladder?', 'I do'])
    await say(page, 'thank you', 'at nine?')
    await seeAcknowledged(page, ['thank you', 'at nine?'])
    const all = ['who brings the ladder?', 'I do', 'thank you', 'at nine?']
    await seeTexts(his, all)
    await inboxRow(page, 'Kitchen').click()
    await say(page, 'soup is ready')
    await seeAcknowledged(page, ['soup is ready'])
    await see(inboxRow(his, 'Kitchen')).toContainText('soup is ready')
    await inboxRow(page, 'Harvest').click()

    await away([ana, ben], async () => await lastNight?.restore())
    const told = page
      .getByRole('main')
      .getByRole('status')
      .filter({ hasText: '3 messages are missing there' })
    await see(told).toContainText('The server went back to an earlier state.')
    await see(told).toContainText('2 are yours.')
    await see(bar(page, '4 messages are only on this device.')).toBeVisible()
    await seeTexts(page, ['who brings the ladder?'])
    expect(await logged(ben, conversation)).toEqual(['who brings the ladder?'])
    await told.getByRole('button', { name: 'Show' }).click()
    const list = page.getByRole('dialog', { name: 'Only on this device' })
    for (const text of all.slice(1)) await see(list.getByText(text, { exact: true })).toBeVisible()
    await list.getByRole('button', { name: 'Close' }).click()

    // It is on the device, and not only on the screen.
    await page.reload()
    await see(told).toContainText('2 are yours.')
    await told.getByRole('button', { name: 'Send mine again' }).click()
    await see(told).toHaveCount(0)
    const mine = ['who brings the ladder?', 'thank you', 'at nine?']
    await seeTexts(page, mine)
    await seeTexts(his, mine)
    expect(await logged(ben, other)).toEqual([])
    await bar(page, '2 messages are only on this device.')
      .getByRole('button', { name: 'Send all mine again' })
      .click()
    await see.poll(() => logged(ben, other)).toEqual(['soup is ready'])
    const hisWords = his
      .getByRole('main')
      .getByRole('status')
      .filter({ hasText: '1 message is missing there' })
    await hisWords.getByRole('button', { name: 'Send mine again' }).click()
    for (const each of [page, his]) {
      await seeTexts(each, [...mine, 'I do'])
      await see(each.getByText('only on this device')).toHaveCount(0)
    }

    await say(his, 'nine it is')
    await seeTexts(page, [...mine, 'I do', 'nine it is'])
    await say(page, 'good')
    await seeTexts(his, [...mine, 'I do', 'nine it is', 'good'])
    expect(await logged(ana, conversation)).toEqual([...mine, 'I do', 'nine it is', 'good'])
  } finally {
    await lastNight?.drop()
  }
})

test('[L7] a message that was rewritten on the server is never shown as if it had been sent so', async () => {
  const ana = await stage.person('Ana')
  const conversation = await group(ana, 'Accounts')
  const events = `/api/conversations/${conversation}/events`
  for (const text of ['one', 'you owe me ten', 'three'])
    await ana.ask('POST', events, rest.said, { type: 'message', text })
  await tamper(stage.server, async (client) => {
    await client.query(
      `UPDATE events SET payload = jsonb_set(payload, '{text}', '"you owe me one"')
       WHERE conversation = $1 AND payload ->> 'text' = 'you owe me ten'`,
      [conversation],
    )
    await client.query(`DELETE FROM documents WHERE name = $1`, [`conversation/${conversation}`])
  })
  const page = await ana.open(`/c/${conversation}`)
  const told = page.getByRole('alert').filter({ hasText: 'it does not match its own seal' })
  await see(told).toBeVisible()
  expect((await shown(page)).map(({ text }) => text)).not.toContain('you owe me one')
  const download = page.waitForEvent('download')
  await told.getByRole('button', { name: 'Save both versions' }).click()
  expect((await download).suggestedFilename()).toContain(conversation)
  await ana.device.setOffline(true)
  await see(bar(page, 'You are offline')).toBeVisible()
  await told.getByRole('button', { name: 'Go on with the server’s version' }).click()
  await see(told).toContainText('The server’s version cannot be had now.')
  await ana.device.setOffline(false)
  await see(bar(page, 'You are offline')).toHaveCount(0)
  await told.getByRole('button', { name: 'Go on with the server’s version' }).click()
  await seeTexts(page, ['one', 'you owe me one', 'three'])
  await see(told).toHaveCount(0)
  await page.reload()
  await seeTexts(page, ['one', 'you owe me one', 'three'])
  await say(page, 'four')
  await seeTexts(page, ['one', 'you owe me one', 'three', 'four'])
})
