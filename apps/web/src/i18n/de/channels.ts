export const channels = {
  'channels.title': 'Kanäle finden',
  'channels.search': 'Kanäle suchen',
  'channels.placeholder': 'Wie beginnt sein Name?',
  'channels.list': 'Kanäle',
  'channels.join': 'Beitreten',
  'channels.open': 'Öffnen',
  'channels.joined': 'Beigetreten',
  'channels.joining': 'Beitritt läuft …',
  'channels.joining.later': 'Du trittst bei, wenn du verbunden bist',
  'channels.none': 'Hier gibt es noch keine Kanäle. Beginne den ersten.',
  'channels.none.found': 'Kein Kanal beginnt mit „{query}“.',
  'channels.more': 'Weitere Kanäle anzeigen',
  'channels.away':
    'Der Server kann gerade nicht gefragt werden. Kanäle werden gefunden, wenn du verbunden bist.',
  'channels.away.found': 'Der Server kann gerade nicht gefragt werden. Diese wurden vorher gefunden.',
  'channels.away.own': 'Der Server kann gerade nicht gefragt werden. Das sind die Kanäle, in denen du bist.',
} as const
