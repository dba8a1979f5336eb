export const files = {
  'viewer.place': { one: '{number} von {count}', other: '{number} von {count}' },
  'viewer.closer': 'Vergrößern',
  'viewer.farther': 'Verkleinern',
  'viewer.previous': 'Voriges Bild',
  'viewer.next': 'Nächstes Bild',
  'viewer.download': '{name} speichern',
  'viewer.missing': 'Das ganze Bild wird gezeigt, wenn du verbunden bist.',
  'files.picture.missing': 'Wird gezeigt, wenn du verbunden bist',
  'files.media.missing':
    'Kann gerade nicht abgespielt werden. Es ist nicht auf diesem Gerät, oder dieser Browser kennt seine Art nicht.',
} as const
