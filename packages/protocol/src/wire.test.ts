import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { z } from 'zod'
import { accountRoots, rejection } from './account-document.ts'
import { canonicalJson } from './chain.ts'
import { CODES } from './codes.ts'
import { command } from './commands.ts'
import { conversationRoots, LOG_CLIENT_ID, WINDOW_STEP } from './conversation-document.ts'
import { accountDocument, conversationDocument } from './document-names.ts'
import { event } from './events.ts'
import {
  directConversationId,
  derivedEventId,
  type CommandId,
  type ConversationId,
  type UserId,
} from './ids.ts'
import * as rest from './rest.ts'
import { accountMessage, conversationMessage, presenceSaid, presenceSeen } from './sync.ts'
import { PROTOCOL_VERSION } from './version.ts'

/**
 * What devices and servers of this version say to each other, each shape by the hash of its schema.
 *
 * If this test fails, the wire has changed. Then either it was not meant to: put it back. Or it was:
 * ask what a device does that has the old shape on its disk or still sends it (an outbox may be a
 * year old), make the new code read both, raise PROTOCOL_VERSION unless the version was never
 * released, and write the new hashes here. An event's shape may only grow new optional fields: old
 * events are hashed and stay as they are for ever.
 */
const WIRE: Record<string, string | number> = {
  version: 1,
  'account activity': 'abfca724cc16',
  'account changed': '5487d43f48ce',
  'account hello': '748d43a6e3f4',
  'account notification': '78703d513c8f',
  'account presence': 'c9cdc26e1211',
  'account renewed': 'e4bf555fc05a',
  'account withdrawn': '992a0fb7f22b',
  'command conversation.create': '69d56c6e0080',
  'command conversation.delete': '8373c0a6f686',
  'command conversation.update': 'c91c1d3a7dbc',
  'command friend.answer': 'd090af7051be',
  'command friend.remove': 'da1088297120',
  'command friend.request': 'c9c8b589b66e',
  'command member.add': 'ee607fba8f1c',
  'command member.remove': '0683fe94f226',
  'command member.role': '489771e105e7',
  'command message.send': '78b97d0fc16b',
  'command reaction.set': '7be94108be19',
  'command user.block': 'd7622898425f',
  'command user.unblock': '0b09ebb0464d',
  'conversation reads': 'bc7e0753bbd9',
  'event member': '9d31495ca790',
  'event message': '5ea73ac21062',
  'event meta': '2b2739c34b8f',
  'event reaction': '913d1f05629f',
  'presence said': 'de3aa10e04b6',
  'presence seen': 'a08c373828ca',
  rejection: '8678fd26e09b',
  'rest addedAvatar': '30cf417d1e31',
  'rest addMember': '3df33cd5e4e2',
  'rest answerFriendRequest': '4b0c921bff96',
  'rest blockList': 'afdb668256a8',
  'rest blocked': 'dc890acd4174',
  'rest changeRole': '3287f9034a0f',
  'rest channel': '80c85bbc6b4a',
  'rest channelList': '328a9a3da291',
  'rest conversationList': '3a3c83dbb7a0',
  'rest conversationSummary': '62a492d43ff2',
  'rest createConversation': 'bc85beccf2b7',
  'rest createFriendRequest': '5b346c735e9b',
  'rest createSession': '465482e4578b',
  'rest createToken': '28a7c2e332b3',
  'rest createUser': '8b7319f1137b',
  'rest createdToken': '875ffaeb750d',
  'rest displayName': '1b6e48d260ad',
  'rest email': '42ca9b34c7d3',
  'rest errorAnswer': 'dc5bf87000af',
  'rest eventPage': 'c2ca4b11c6c4',
  'rest foundUser': '86f7a379d6f7',
  'rest friend': '8d54db588a5d',
  'rest friendList': '5dc364a88e83',
  'rest friendRequest': '988c6b891079',
  'rest friendRequestList': 'd9fc683403e4',
  'rest friendRequestStatus': '4877ede84eb8',
  'rest me': 'cba1df49b238',
  'rest member': '4c9409aea2d3',
  'rest memberList': '00ee2517eae7',
  'rest messagePage': '532502bcb92b',
  'rest notification': '0861bce6171d',
  'rest notificationKind': 'b0145bdb4267',
  'rest notificationList': '4eba675b9c1e',
  'rest password': '38d881a41e68',
  'rest pushKey': 'e1f39ad89c97',
  'rest reader': 'b53d9818ec0c',
  'rest readerPage': '1ba2b9893087',
  'rest said': '9d3331994c4d',
  'rest say': '3292836f9a59',
  'rest searchQuery': '9df0c21a9489',
  'rest searchResult': '22b795eb7378',
  'rest searchResults': '2d9d07eea52b',
  'rest searchText': '04979c70c956',
  'rest session': 'c7fdecbaffa2',
  'rest sessionList': 'ae6a2562e421',
  'rest setRead': 'db94fd6d6252',
  'rest subscribePush': '52165604320d',
  'rest token': '6e6a8387e162',
  'rest tokenList': '523ba3954f23',
  'rest updateConversation': '7dc4d12f7a10',
  'rest updateUser': '95358404a3a6',
  'rest upload': '8f6ecec4e117',
  'rest user': '219d0ef61529',
  'rest userList': '3ddebcb313b1',
  'rest username': '8b0c173fd1ac',
}

function shapes(): Record<string, z.ZodType> {
  const byType = (prefix: string, options: readonly z.ZodType[]): [string, z.ZodType][] =>
    options.map((option) => [`${prefix} ${typeOf(option)}`, option])
  return Object.fromEntries([
    ...byType('command', command.options),
    ...byType('event', event.options),
    ...byType('account', accountMessage.options),
    ...byType('conversation', conversationMessage.options),
    ['rejection', rejection],
    ['presence said', presenceSaid],
    ['presence seen', presenceSeen],
    ...Object.entries(rest).flatMap(([name, schema]): [string, z.ZodType][] =>
      schema instanceof z.ZodType ? [[`rest ${name}`, schema]] : [],
    ),
  ])
}

const typeOf = (option: z.ZodType): string =>
  String((z.toJSONSchema(option).properties?.['type'] as { const?: unknown } | undefined)?.const)

/** Names and descriptions are for readers: they change nothing on the wire. */
const NO_WORDS = z.registry<object>()

const hashOf = (schema: z.ZodType): string =>
  createHash('sha256')
    .update(
      canonicalJson(
        (['input', 'output'] as const).map((io) => z.toJSONSchema(schema, { io, metadata: NO_WORDS })),
      ),
    )
    .digest('hex')
    .slice(0, 12)

test('what goes over the wire has not changed unnoticed: see WIRE in this file for what to do', () => {
  const now = Object.fromEntries(Object.entries(shapes()).map(([name, schema]) => [name, hashOf(schema)]))
  expect({ version: PROTOCOL_VERSION, ...now }).toEqual(WIRE)
})

test('every schema is a shape of its own name', () => {
  expect(Object.keys(shapes()).filter((name) => name.endsWith('undefined'))).toEqual([])
  expect(Object.keys(shapes()).length).toBeGreaterThanOrEqual(13 + 4 + 5 + 1 + 3 + 20)
})

test('the names of documents and of their roots are part of the wire', () => {
  const id = '01890a5d-ac96-774b-bcce-b302099a8057'
  expect(accountDocument(id as UserId)).toBe(`account/${id}`)
  expect(conversationDocument(id as ConversationId)).toBe(`conversation/${id}`)
  const rootsOf = (roots: object): string[] =>
    Object.values(roots).map((root) => `${root.constructor.name} ${nameOf(root)}`)
  const nameOf = (root: Y.AbstractType<unknown>): string => Y.findRootTypeKey(root)
  expect(rootsOf(accountRoots(new Y.Doc()))).toEqual([
    'YArray outbox',
    'YMap rejections',
    'YMap reads',
    'YMap drafts',
    'YMap prefs',
  ])
  expect(rootsOf(conversationRoots(new Y.Doc()))).toEqual(['YArray events', 'YMap members', 'YMap meta'])
})

test('constants that both sides must share', () => {
  const [a, b] = ['01890a5d-ac96-774b-bcce-b302099a8057', '01890a5d-ac96-774b-bcce-b302099a8058'] as [
    UserId,
    UserId,
  ]
  expect({ LOG_CLIENT_ID, WINDOW_STEP }).toEqual({ LOG_CLIENT_ID: 1, WINDOW_STEP: 128 })
  expect(directConversationId(a, b)).toBe('65a49a3a-e306-5ab4-8bcc-8f6a659be947')
  expect(derivedEventId(a as string as CommandId, 1)).toBe('10161b77-55d1-5608-883f-a3e9b82b93f9')
  expect(
    Object.entries(CODES).map(([code, { status, closeCode }]) => `${code} ${status} ${closeCode}`),
  ).toEqual([
    'invalid 400 4400',
    'unauthenticated 401 4401',
    'forbidden 403 4403',
    'not_friends 403 4403',
    'not_found 404 4404',
    'conflict 409 4409',
    'archived 409 4409',
    'too_large 413 4413',
    'rate_limited 429 4429',
    'internal 500 4500',
    'unavailable 503 4503',
  ])
})
