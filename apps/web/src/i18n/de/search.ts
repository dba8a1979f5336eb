export const search = {
  'search.title': 'Suche',
  'search.placeholder': 'Suchen, oder > für Befehle',
  'search.placeholder.here': 'In dieser Unterhaltung suchen',
  'search.in': 'In „{title}“ suchen',
  'search.everywhere': 'Überall suchen',
  'search.results': 'Ergebnisse',
  'search.conversations': 'Unterhaltungen',
  'search.people': 'Personen',
  'search.messages': 'Nachrichten',
  'search.commands': 'Befehle',
  'search.more': 'Weitere Nachrichten anzeigen',
  'search.none': 'Nichts gefunden für „{query}“.',
  'search.hint':
    'Grenze es ein mit from:@ana, in:general, before:2026-01-31, after:2026-01-31 oder has:file.',
  'search.device.all': 'Auf diesem Gerät gesucht: in allen {total} Nachrichten.',
  'search.device.indexing':
    'Auf diesem Gerät gesucht: in {have} von {total} Nachrichten. Der Rest wird vorbereitet.',
  'search.device.stopped':
    'Auf diesem Gerät gesucht: in {have} von {total} Nachrichten. Für mehr ist kein Platz.',
  'search.device.opening': 'Die Suche auf diesem Gerät wird vorbereitet …',
  'search.device.unavailable': 'Nachrichten auf diesem Gerät können gerade nicht durchsucht werden.',
  'search.device.not-kept':
    'Dieser Browser behält nicht, was die Suche braucht: Sie wird jedes Mal neu vorbereitet.',
  'search.server.not-needed': 'Dein ganzer Verlauf ist hier.',
  'search.server.found': 'Älterer Verlauf wurde auf dem Server durchsucht.',
  'search.server.searching': 'Älterer Verlauf wird auf dem Server durchsucht …',
  'search.server.away':
    'Älterer Verlauf ist noch nicht hier, und der Server kann gerade nicht gefragt werden.',

  'command.friends': 'Zu den Freunden',
  'command.notifications': 'Zu den Benachrichtigungen',
  'command.settings': 'Zu den Einstellungen',
  'command.search': 'In „{title}“ suchen',
  'command.read': '„{title}“ als gelesen markieren',
  'command.read-all': 'Alles als gelesen markieren',
  'command.mute': '„{title}“ stummschalten',
  'command.unmute': 'Stummschaltung von „{title}“ aufheben',
  'command.details': 'Details von „{title}“ anzeigen',
  'command.dark': 'Dunkles Design verwenden',
  'command.light': 'Helles Design verwenden',
  'command.system-theme': 'Design des Systems verwenden',
} as const
