export const status = {
  'status.loss': {
    one: 'The server went back to an earlier state: {count} message is only on this device.',
    other: 'The server went back to an earlier state: {count} messages are only on this device.',
  },
  'status.loss.send': 'Send all mine again',
  'status.loss.dismiss': 'Dismiss',

  'refusal.invalid': 'The server could not accept this as it is.',
  'refusal.forbidden': 'You are not allowed to do this here.',
  'refusal.not_found': 'What this refers to is gone.',
  'refusal.archived': 'This conversation is archived.',
  'refusal.not_friends': 'You are no longer friends.',
  'refusal.too_large': 'This is too long.',
  'refusal.files': 'The server does not take files like these.',
  'refusal.conflict': 'This collides with something that happened meanwhile.',

  'status.offline.waiting': {
    one: 'You are offline. What you write will be sent later: {count} waiting.',
    other: 'You are offline. What you write will be sent later: {count} waiting.',
  },
  'status.offline.none': 'You are offline. What you write will be sent later.',
  'status.connecting': 'Connecting…',
  'status.connecting.waiting': { one: 'Connecting… {count} waiting.', other: 'Connecting… {count} waiting.' },
  'status.down': 'The server cannot be reached. Trying again {when}.',
  'status.down.waiting': {
    one: 'The server cannot be reached. Trying again {when}. {count} waiting.',
    other: 'The server cannot be reached. Trying again {when}. {count} waiting.',
  },
  'status.down.now': 'Try now',
  'status.away': 'Not connected. What you write will be sent later.',
  'status.back': 'You are connected again.',
  'status.storage.none':
    'This browser keeps nothing for Parley, as in a private window. What is not sent yet is lost when you close it.',
  'status.storage.no-room':
    'This device has no room left, so nothing is kept here. What is not sent yet is lost when you close this window.',
  'status.storage.unreadable':
    'What Parley had kept on this device cannot be opened, and nothing can be added. What is not sent yet is lost when you close this window.',
  'status.storage.history-full':
    'This device has no room left for more messages. They stay on the server, and you can read on.',
  'status.storage.history-failed':
    'New messages cannot be kept on this device right now. They stay on the server, and it is tried again.',
  'status.storage.short':
    'Only {left} are left for Parley on this device, and are kept for what you write. Older messages stay on the server.',
  'status.storage.make-room': 'Make room',
  'status.storage.reload': 'Reload',
  'status.storage.anew': 'Start anew',

  'storage.anew.title': 'Start anew with what the server has?',
  'storage.anew.body':
    'Everything that Parley has kept on this device is deleted from it. Your conversations come back from the server.',
  'storage.anew.unsent': {
    one: '{count} thing that you did here had not been sent. It will be lost.',
    other: '{count} things that you did here had not been sent. They will be lost.',
  },
  'storage.anew.unknown': 'What you did here and had not been sent yet will be lost.',
  'storage.anew.confirm': 'Delete and start anew',
  'storage.anew.failed': 'The browser cannot even delete it. Close all of its windows and try again.',
  'storage.room.title': 'Remove older messages from this device?',
  'storage.room.body':
    'The older half goes, from your largest conversations first. It stays on the server and comes back when you scroll to it. Nothing that waits to be sent is removed.',
  'storage.room.count': {
    one: '{count} message of {total} is removed from this device.',
    other: '{count} messages of {total} are removed from this device.',
  },
  'storage.room.nothing': 'There is not enough history on this device to make room with.',
  'storage.room.confirm': 'Remove them',
  'storage.room.failed': 'The device did not let them go. Please try again.',
  'storage.removed':
    'Your browser has removed what Parley had kept on this device. It comes again from the server.',
  'storage.removed.sign-in':
    'Your browser has removed what Parley had kept on this device. Sign in, and it comes again from the server.',
  'storage.removed.unsent': {
    one: 'Your browser has removed what Parley had kept on this device, and with it {count} thing that had not been sent. The rest comes again from the server.',
    other:
      'Your browser has removed what Parley had kept on this device, and with it {count} things that had not been sent. The rest comes again from the server.',
  },
  'storage.aside':
    'A part of what you had written on this device could not be read. It was put aside; what the server has of it comes back.',
  'storage.understood': 'Understood',
  'storage.blocked.title': 'An older Parley is open',
  'storage.blocked.body':
    'Another window has an older version of Parley open. Close it or reload it: this one goes on by itself.',
  'storage.outdated.title': 'There is a newer Parley',
  'storage.outdated.body':
    'A newer version of Parley has been used on this device. This window has to be reloaded before it can go on.',
  'storage.slow.title': 'This takes long',
  'storage.slow.body': 'This device’s storage does not answer. Reloading often helps.',

  'status.storage.full':
    'This device has no room left for Parley, or a private window allows none. What you write may be lost if you close the app.',
  'status.storage.blocked':
    'Another window holds an older version of Parley open. Close it, so that this one can save.',
  'status.storage.outdated':
    'A newer version of Parley is open in another window. This one can no longer save: reload it to go on.',
  'status.storage.damaged':
    'Something that this device had kept is damaged. It is fetched again from the server.',
  'status.storage.broken':
    'This device’s storage does not answer. What you write may be lost if you close the app.',
  'status.refused': {
    one: '{count} thing you did was not accepted.',
    other: '{count} things you did were not accepted.',
  },
  'status.refused.show': 'Show',
  'status.refused.title': 'Not accepted',
  'status.refused.lead': 'The server has answered no. Nothing here goes away by itself.',
  'status.refused.go': 'Go to the message',
  'status.refused.none': 'Nothing is waiting for you here.',
  'status.update': 'A new version is ready.',
  'status.update.reload': 'Reload',
  'status.history': 'Loading your history',
  'status.history.progress': '{have} of {total} messages, {size}',
  'status.history.conversations': '{complete} of {total} conversations complete',

  'refused.message.send': 'Message in {where}',
  'refused.reaction.set': 'Reaction in {where}',
  'refused.conversation.create': 'New group “{title}”',
  'refused.conversation.update': 'Change of {where}',
  'refused.conversation.delete': 'Deleting {where}',
  'refused.member.add': 'Inviting to {where}',
  'refused.member.remove': 'Removing from {where}',
  'refused.member.role': 'Change of a role in {where}',
  'refused.other': 'Something written by another program',
} as const
