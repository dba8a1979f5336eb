import { expect, test, vi } from 'vitest'
import { openAsking } from './asking.ts'

test('a leader that dies leaves its questions to the next, and to this tab when it is that', async () => {
  const post = vi.fn<(number: number, question: string) => void>()
  const asking = openAsking<string, string>(post)
  const [first, second] = [asking.ask('one'), asking.ask('two')]
  asking.heard(1, 'answer to one')
  expect(await first).toBe('answer to one')
  asking.again()
  asking.heard(1, 'said twice')
  expect(post.mock.calls).toEqual([
    [1, 'one'],
    [2, 'two'],
    [2, 'two'],
  ])
  asking.answerAll(async (question) => `own answer to ${question}`)
  expect(await second).toBe('own answer to two')
})
