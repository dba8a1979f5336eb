export const files = {
  'viewer.place': { one: '{number} of {count}', other: '{number} of {count}' },
  'viewer.closer': 'Closer',
  'viewer.farther': 'Farther',
  'viewer.previous': 'Previous picture',
  'viewer.next': 'Next picture',
  'viewer.download': 'Save {name}',
  'viewer.missing': 'The whole picture is shown when you are connected.',
  'files.picture.missing': 'Shown when you are connected',
  'files.media.missing':
    'Cannot be played now. It is not on this device, or this browser does not know its kind.',
} as const
