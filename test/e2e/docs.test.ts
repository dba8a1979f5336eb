import { rest } from '@parley/protocol'
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { useStage } from '../kit/browser.ts'
import { findings } from '../kit/findings.ts'
import { see } from '../kit/screen.ts'

const stage = useStage()

const operation = (page: Page, id: string) => page.locator(`details.operation[id="${id}"]`)
const visible = (page: Page) => page.locator('details.operation:visible')

test('nothing serious stands in the way of reading about the API', async () => {
  const page = await (await stage.device()).newPage()
  await page.goto('/api/docs#createConversation')
  await operation(page, 'createConversation').getByText('Refusals').click()
  await operation(page, 'createConversation').getByText('Try it').click()
  // All operations together, closed as they are, take axe half a minute.
  const parts = ['header', 'nav section:nth-of-type(1)', '.introduction', '#createConversation']
  expect(await findings(page, ...parts)).toEqual([])
})

test('a link to an operation or a shape opens it, and one within the page does too', async () => {
  const page = await (await stage.device()).newPage()
  await page.goto('/api/docs#say')
  await see(operation(page, 'say').getByRole('heading', { name: 'Body' })).toBeVisible()
  await operation(page, 'say').getByRole('link', { name: 'Said', exact: true }).click()
  await see(page.locator('[id="shape-Said"]').getByRole('link', { name: 'MessageEvent' })).toBeVisible()
})

test('an operation is found by its name, and a link out of what was found ends the search', async () => {
  const page = await (await stage.device()).newPage()
  await page.goto('/api/docs')
  const all = await visible(page).count()
  await page.keyboard.press('/')
  await page.keyboard.type('token')
  await see(page.getByRole('status').first()).toContainText(`of ${all} operations`)
  const found = await visible(page).evaluateAll((elements) => elements.map(({ id }) => id))
  expect(found.toSorted()).toEqual(['createToken', 'deleteToken', 'tokens'])
  await page.evaluate(() => (location.hash = '#say'))
  await see(operation(page, 'say')).toBeVisible()
  expect(await visible(page).count()).toBe(all)
})

test('an operation is tried as whoever is logged in here', async () => {
  const ana = await stage.person('Ana')
  const page = await ana.open('/api/docs#createConversation')
  const create = operation(page, 'createConversation')
  await create.getByText('Try it').click()
  await create.getByLabel('Body').fill('{ "kind": "group", "title": "Tried" }')
  await create.getByRole('button', { name: 'Send' }).click()
  await see(create.locator('output')).toContainText('201')
  const { conversations } = await ana.ask('GET', '/api/conversations', rest.conversationList)
  expect(conversations.map(({ title }) => title)).toEqual(['Tried'])

  await page.goto('/api/docs#conversation')
  const read = operation(page, 'conversation')
  await read.getByText('Try it').click()
  await read.getByLabel('id').fill(conversations[0]?.id ?? '')
  await read.getByRole('button', { name: 'Send' }).click()
  await see(read.locator('output')).toContainText('"title": "Tried"')
})

test('the page can be read without its script', async () => {
  const browser = (await stage.device()).browser()
  const context = await browser?.newContext({ baseURL: stage.server.url, javaScriptEnabled: false })
  const page = await context?.newPage()
  if (page === undefined) throw new Error('there is a browser')
  try {
    await page.goto('/api/docs')
    await operation(page, 'say').locator('summary').first().click()
    await see(operation(page, 'say').getByText('The answer means that it is stored.')).toBeVisible()
    await see(operation(page, 'say').getByText('Try it')).not.toBeVisible()
  } finally {
    await context?.close()
  }
})
