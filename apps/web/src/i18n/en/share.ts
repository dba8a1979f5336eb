export const share = {
  'share.title': 'Share with',
  'share.what': 'What you share',
  'share.where': 'Where it goes',
  'share.lead': 'It is put where you write, and nothing is sent before you send it.',
  'share.filter': 'Filter conversations to share with',
  'share.none': 'There is no conversation yet that you can write in.',
  'share.nothing': 'There is nothing to share. Choose Parley where another app lets you share something.',
  'share.failed': 'This device had no room for what you wanted to share.',
  'share.discard': 'Do not share',
} as const
