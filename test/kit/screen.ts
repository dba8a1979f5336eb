import { type ConversationId, rest } from '@parley/protocol'
import type { Locator, Page } from 'playwright'
import { expect } from 'playwright/test'
import type { Person } from './browser.ts'

/** Waits for what a person would see; long, because the machine may be busy with other things. */
export const see = expect.configure({ timeout: 30_000 })

export const ACKNOWLEDGED = /^(Sent|Read by \d+)$/

/** A message as it stands on the screen; `mark` only for one's own. */
export interface Shown {
  readonly text: string
  readonly mark: string | undefined
}

export const box = (page: Page): Locator => page.getByRole('textbox', { name: 'Message', exact: true })

export async function say(page: Page, ...texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    await box(page).fill(text)
    await box(page).press('Enter')
  }
}

/** A dialog or a panel that floats above everything. */
export const dialog = (page: Page, name: string): Locator => page.getByRole('dialog', { name })

/** Until this has the keyboard: what opens takes it with the next frame, and a key that comes before goes elsewhere. */
export const seeHolding = (opened: Locator): Promise<void> =>
  see.poll(() => opened.evaluate((element) => element.contains(document.activeElement))).toBe(true)

export const timeline = (page: Page): Locator => page.getByRole('log', { name: 'Messages' })

export const message = (page: Page, text: string): Locator =>
  timeline(page)
    .getByRole('article')
    .filter({ has: page.getByText(text, { exact: true }) })

/** The delivery mark of an own message. */
export const mark = (page: Page, text: string, label: string | RegExp): Locator =>
  message(page, text).getByLabel(label, { exact: true })

/** All messages in sight, from the oldest to the newest. */
export const shown = (page: Page): Promise<readonly Shown[]> =>
  timeline(page)
    .getByRole('article')
    .evaluateAll((articles) =>
      articles.map((article) => {
        const labels = [...article.querySelectorAll('[aria-label]')].map((each) => each.ariaLabel ?? '')
        return {
          text: article.querySelector('p')?.textContent ?? '',
          mark: labels.find((label) => /^(Sent|Read by|Saved on|Not saved|Not sent)/.test(label)),
        }
      }),
    )

export const texts = async (page: Page): Promise<readonly string[]> =>
  (await shown(page)).map(({ text }) => text)

/** Until exactly these messages stand there, in this order. */
export const seeTexts = (page: Page, expected: readonly string[]): Promise<void> =>
  see.poll(() => texts(page)).toEqual(expected)

/** Own messages that the screen says the server has. */
export const acknowledged = async (page: Page): Promise<readonly string[]> =>
  (await shown(page)).filter((each) => ACKNOWLEDGED.test(each.mark ?? '')).map(({ text }) => text)

/** Until every own message of these has its answer. */
export const seeAcknowledged = (page: Page, expected: readonly string[]): Promise<void> =>
  see.poll(async () => (await acknowledged(page)).filter((text) => expected.includes(text))).toEqual(expected)

export const inboxRow = (page: Page, title: string): Locator =>
  page.getByRole('navigation', { name: 'Conversations' }).getByRole('link').filter({ hasText: title })

/** A status line above everything that says this. */
export const bar = (page: Page, words: string | RegExp): Locator =>
  page.getByRole('status').filter({ hasText: words })

/** A group made past the screen; the others are members from the beginning. */
export const group = async (
  owner: Person,
  title: string,
  ...others: readonly Person[]
): Promise<ConversationId> => {
  const members = others.map(({ id }) => id)
  const made = await owner.ask('POST', '/api/conversations', rest.conversationSummary, {
    kind: 'group',
    title,
    members,
  })
  return made.id
}

/** A message past the screen. */
export const sayAs = (who: Person, conversation: ConversationId, text: string, more: object = {}) =>
  who.ask('POST', `/api/conversations/${conversation}/events`, rest.said, { type: 'message', text, ...more })

export async function sayAllAs(who: Person, conversation: ConversationId, texts: readonly string[]) {
  for (const text of texts) await sayAs(who, conversation, text)
}

/** The texts of a conversation's messages as the server has them, in the order of the log. */
export async function logged(person: Person, conversation: ConversationId): Promise<readonly string[]> {
  const path = `/api/conversations/${conversation}/events?after=0&limit=1000`
  const { events } = await person.ask('GET', path, rest.eventPage)
  return events.flatMap((each) => (each.type === 'message' ? [each.text] : []))
}

export const numbered = (word: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${word} ${index + 1}`)

/** Until the app is on the device: it starts without a network from now on. */
export const installed = (page: Page): Promise<void> =>
  see.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated')
