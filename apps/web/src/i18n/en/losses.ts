export const losses = {
  'fault.comparing': 'Comparing the history on this device with the server’s…',
  'fault.altered':
    'What was said here has been changed on the server. You see what this device received; the server’s version, and what is said from now on, comes in when you decide so.',
  'fault.broken':
    'A message on the server is not the one that was sent: it does not match its own seal. It is not shown, nor what comes with it, until you decide so.',
  'fault.unreadable':
    'There is something here that this version of the app cannot read. Reload the app; if it stays, take the server’s copy again.',
  'fault.take-servers': 'Go on with the server’s version',
  'fault.take-again': 'Take the server’s copy again',
  'fault.save-both': 'Save both versions',
  'fault.unavailable': 'The server’s version cannot be had now.',

  'loss.missing': {
    one: 'The server went back to an earlier state. {count} message is missing there, and only on this device.',
    other:
      'The server went back to an earlier state. {count} messages are missing there, and only on this device.',
  },
  'loss.missing.mine': { one: '{count} is yours.', other: '{count} are yours.' },
  'loss.changes':
    'The server went back to an earlier state, and has lost reactions or changes that were made here.',
  'loss.altered': {
    one: '{count} message was changed on the server. This device keeps it as it was.',
    other: '{count} messages were changed on the server. This device keeps them as they were.',
  },
  'loss.conversation':
    'The server went back to a time before this conversation and does not know it any more. What this device has of it stays readable.',
  'loss.send-mine': 'Send mine again',
  'loss.show': 'Show',
  'loss.dismiss': 'Dismiss',
  'loss.title': 'Only on this device',
  'loss.lead':
    'The server does not have these any more. Everybody can send again what they wrote themselves; what has come back leaves this list.',
  'loss.altered.title': 'As they were before',
  'loss.save': 'Save as a file',
} as const
