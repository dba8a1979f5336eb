import type { Page } from 'playwright'
import { see } from '../kit/screen.ts'
import { STATES } from './states.ts'
import type { Shot } from './studio.ts'
import { dusk } from './world/drawings.ts'

const composer = (page: Page) => page.locator('main textarea')

const log = (page: Page) => page.getByRole('log')
const opened = async ({ page }: { page: Page }): Promise<void> => {
  await see(log(page).getByRole('article').last()).toBeVisible()
}
const chooseTab = async (page: Page, place: number): Promise<void> => {
  await page.getByRole('tab').nth(place).click()
  await see(page.getByRole('tabpanel').locator(':visible').first()).toBeVisible()
}
const settled = async ({ page }: { page: Page }): Promise<void> => {
  await see(page.getByRole('heading').first()).toBeVisible()
}
const conversation = (name: string, title: string, more: Partial<Shot> = {}): Shot => ({
  name,
  at: ({ path }) => path(title),
  act: opened,
  ...more,
})

/**
 * Every screen and state that pictures are taken of, in this order: what is read in one is no longer new in the
 * next. To have another, add a line; `npm run screenshots -- --only <part of its name>` takes it alone.
 */
export const SHOTS: readonly Shot[] = [
  // At the door.
  { name: 'sign-in', who: 'nobody' },
  {
    name: 'sign-in-refused',
    who: 'nobody',
    act: async ({ page }) => {
      await page.locator('input').first().fill('ana')
      await page.locator('input[type=password]').fill('not her password')
      await page.keyboard.press('Enter')
      await see(page.getByRole('alert').first()).toBeVisible()
    },
  },
  { name: 'sign-up', who: 'nobody', at: '/sign-up' },
  {
    name: 'sign-up-faults',
    who: 'nobody',
    at: '/sign-up',
    act: async ({ page }) => {
      await page.locator('input').first().fill('Ana')
      await page.locator('input[type=password]').fill('abc')
      await page.keyboard.press('Enter')
    },
  },
  { name: 'first-visit', who: 'newcomer' },

  // The list and conversations.
  {
    name: 'main',
    act: async ({ page }) => see(page.getByRole('navigation').getByRole('link').first()).toBeVisible(),
  },
  conversation('group', 'Field station'),
  // Once more: everything has been read, and it opens at its end.
  conversation('group-read', 'Field station'),
  conversation('group-pictures', 'Weekend hike'),
  conversation('direct', 'ben'),
  conversation('direct-arabic', 'layla'),
  conversation('direct-hebrew', 'noam'),
  conversation('code-and-links', 'Logger firmware 2.4'),
  conversation('long-title', 'Steering committee for the renewal of the eastern lakeside footpath'),
  conversation('channel-admins-only', 'Announcements'),
  conversation('channel', 'Photography'),
  conversation('archived', 'Summer camp 2025'),
  conversation('muted', 'Flat 12'),

  // Writing.
  conversation('writing-mention', 'Field station', {
    act: async ({ page }) => {
      await composer(page).pressSequentially('Thank you @m')
      await see(page.getByRole('listbox')).toBeVisible()
    },
  }),
  conversation('writing-emoji', 'Field station', {
    act: async ({ page }) => {
      await composer(page).fill('')
      await composer(page).pressSequentially('Well done :sta')
      await see(page.getByRole('listbox')).toBeVisible()
    },
  }),
  conversation('writing-files', 'Field station', {
    act: async ({ page }) => {
      await composer(page).fill('The pictures of camera 7, and the table')
      await page
        .locator('input[type=file]')
        .first()
        .setInputFiles([
          { name: 'camera-7-fox.jpg', mimeType: 'image/jpeg', buffer: await dusk() },
          {
            name: 'counts, week 41 (final, really).csv',
            mimeType: 'text/csv',
            buffer: Buffer.alloc(48_200, 'a,b'),
          },
        ])
      await see(page.getByText('csv')).toBeVisible()
    },
  }),
  conversation('details-group', 'Field station', {
    at: ({ path }) => `${path('Field station')}/details`,
    act: settled,
  }),
  conversation('details-direct', 'layla', { at: ({ path }) => `${path('layla')}/details`, act: settled }),
  conversation('details-channel', 'Photography', {
    at: ({ path }) => `${path('Photography')}/details`,
    act: settled,
  }),

  // The other screens.
  { name: 'friends', at: '/friends', act: ({ page }) => chooseTab(page, 0) },
  { name: 'friends-requests', at: '/friends', act: ({ page }) => chooseTab(page, 1) },
  { name: 'friends-blocked', at: '/friends', act: ({ page }) => chooseTab(page, 2) },
  {
    name: 'friends-found',
    at: '/friends',
    act: async ({ page }) => {
      await page.getByRole('main').locator('input').first().fill('in')
      await settled({ page })
    },
  },
  { name: 'notifications', at: '/notifications' },
  { name: 'channels', at: '/channels' },
  { name: 'settings', at: '/settings' },
  ...['profile', 'notifications', 'appearance', 'devices', 'storage', 'account', 'about'].map(
    (section): Shot => ({ name: `settings-${section}`, at: `/settings/${section}` }),
  ),
  { name: 'share-nothing', at: '/share' },
  conversation('picture', 'Weekend hike', {
    act: async ({ page }) => {
      await log(page).getByRole('article').locator('a:has(img), button:has(img)').last().click()
      await see(page.getByRole('dialog')).toBeVisible()
    },
  }),
  conversation('person', 'Field station', {
    act: async ({ page }) => {
      await log(page).getByRole('article').first().getByRole('button').first().click()
      await see(page.getByRole('dialog')).toBeVisible()
    },
  }),
  conversation('emoji', 'Weekend hike', {
    act: async ({ page }) => {
      await see(composer(page)).toBeEditable()
      await page.locator('form').getByRole('button').nth(-2).click()
      await see(page.getByRole('dialog').getByRole('gridcell').first()).toBeVisible()
    },
  }),
  {
    name: 'search',
    act: async ({ page }) => {
      await see(page.getByRole('navigation').getByRole('link').first()).toBeVisible()
      await page.keyboard.press('Control+k')
      await see(page.getByRole('dialog')).toBeVisible()
    },
  },
  {
    name: 'search-found',
    act: async ({ page }) => {
      await see(page.getByRole('navigation').getByRole('link').first()).toBeVisible()
      await page.keyboard.press('Control+k')
      await page.getByRole('dialog').getByRole('combobox').pressSequentially('gauge')
      await see(page.getByRole('dialog').getByRole('option').first()).toBeVisible()
    },
  },
  {
    name: 'keys',
    looks: ['light', 'dark', 'rtl'],
    act: async ({ page }) => {
      await see(page.getByRole('navigation').getByRole('link').first()).toBeVisible()
      await page.keyboard.press('Control+/')
      await see(page.getByRole('dialog')).toBeVisible()
    },
  },
  {
    name: 'new-conversation',
    act: async ({ page }) => {
      await page.locator('nav header').getByRole('button').last().click()
      await see(page.getByRole('menu')).toBeVisible()
    },
  },
  {
    name: 'new-group',
    act: async ({ page }) => {
      await page.locator('nav header').getByRole('button').last().click()
      await page.getByRole('menuitem').nth(1).click()
      await see(page.getByRole('dialog')).toBeVisible()
      await page.getByRole('dialog').getByRole('combobox').last().fill('m')
      await see(page.getByRole('option').first()).toBeVisible()
    },
  },

  // What has happened to the app, the device, the line or the server.
  ...STATES,
]
