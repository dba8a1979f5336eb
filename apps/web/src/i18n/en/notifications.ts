export const notifications = {
  'notifications.title': 'Notifications',
  'notifications.all': 'Mark all as seen',
  'notifications.one': 'Mark as seen',
  'notifications.none.title': 'Nothing new',
  'notifications.none.body': 'Mentions, replies and requests that come while you are away wait for you here.',
  'notifications.loading': 'Looking for what is new',
  'notifications.offline': 'You are offline. More may wait on the server.',
  'notifications.keys': 'Arrow keys move, Enter opens, S marks as seen',

  'notifications.mention': '{actor} mentioned you in {where}',
  'notifications.reply': '{actor} replied to you in {where}',
  'notifications.reply.direct': '{actor} replied to you',
  'notifications.direct': '{actor} wrote to you',
  'notifications.added': '{actor} added you to {where}',
  'notifications.friend_request': '{actor} would like to be your friend',
  'notifications.request_accepted': '{actor} accepted your friend request',
} as const
