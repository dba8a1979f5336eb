export const common = {
  'app.name': 'Parley',
  'app.failed.title': 'Hier ist etwas schiefgegangen',
  'app.failed.body':
    'Nichts, was du geschrieben hast, ist verloren: Es ist auf diesem Gerät gespeichert. Neu laden hilft meistens.',
  'app.reload': 'Neu laden',
  'app.loading': 'Wird geladen',

  'common.cancel': 'Abbrechen',
  'common.clear': 'Leeren',
  'common.close': 'Schließen',
  'common.save': 'Speichern',
  'common.saved': 'Gespeichert',
  'common.back': 'Zurück',
  'common.remove': '{name} entfernen',
  'common.you': 'Du',
  'common.you.object': 'dich',
  'common.someone': 'Jemand',
  'common.retry': 'Noch einmal versuchen',
  'common.discard': 'Verwerfen',
  'skip.composer': 'Zum Nachrichtenfeld springen',
  'skip.messages': 'Zu den Nachrichten springen',
  'skip.main': 'Zum Inhalt springen',
} as const
