import type { ConversationId, EventId, FriendRequestId, NotificationId, UserId } from '@parley/protocol'

/** The people and things that the description's examples speak of, the same ones everywhere. */
export const ANA = '0193a1c0-5b7e-7c3a-9d41-2f6b8c0e1a01' as UserId
export const BEN = '0193a1c0-6d10-7f52-8b0e-4c9d7a3e2b02' as UserId
export const GROUP = '0193a1c1-0a44-7b1d-a7c6-93e5f0d81c03' as ConversationId
export const MESSAGE = '0193a1c1-2f9b-7e08-b3d2-5a1c6e4f7d04' as EventId
export const NOTIFICATION = '0193a1c1-41e6-7d95-8c3b-7f0a9e2d6b06' as NotificationId
export const REQUEST = '0193a1c0-91d8-7a63-bf17-0e8c5d2a9b05' as FriendRequestId
export const HASH = 'Yx3mVt0qKJ2b8nLr5sWcPg'
export const AT = 1_732_147_200_000
