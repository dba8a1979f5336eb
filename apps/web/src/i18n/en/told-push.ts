/** What notifications say: the service worker brings these, and is given those of another language. */
export const toldPush = {
  'told.push.mention': '{actor} mentioned you in {title}',
  'told.push.reply': '{actor} answered you in {title}',
  'told.push.added': '{actor} added you to {title}',
  'told.push.request': '{actor} would like to be your friend',
  'told.push.accepted': '{actor} is your friend now',
  'told.push.said': '{actor}: {text}',
  'told.push.files': { one: '{count} file', other: '{count} files' },
  'told.push.more': { one: '{text}\nand {count} more', other: '{text}\nand {count} more' },
  'told.push.untitled': 'a group',
  'told.push.hidden': { one: '{count} new message', other: '{count} new messages' },
  'told.push.hidden.other': 'Something new',
} as const
