export const friends = {
  'friends.title': 'Freunde',
  'friends.tabs': 'Freunde, Anfragen und blockierte Personen',
  'friends.tab.friends': 'Freunde',
  'friends.tab.requests': 'Anfragen',
  'friends.tab.blocked': 'Blockiert',
  'friends.count': { one: '{count} wartet auf deine Antwort', other: '{count} warten auf deine Antwort' },

  'friends.find': 'Personen finden',
  'friends.find.placeholder': 'Name, Benutzername oder E-Mail',
  'friends.find.yours': 'Personen, die du kennst',
  'friends.find.others': 'Weitere Personen',
  'friends.find.searching': 'Suche läuft …',
  'friends.find.none':
    'Sonst niemand gefunden für „{query}“. Eine E-Mail-Adresse muss vollständig geschrieben sein.',
  'friends.find.nobody':
    'Niemand gefunden für „{query}“. Eine E-Mail-Adresse muss vollständig geschrieben sein.',
  'friends.find.offline':
    'Du bist offline. Was du getippt hast, bleibt: Gesucht wird, sobald du verbunden bist.',
  'friends.find.self': 'Das bist du',

  'friends.share': 'Andere finden dich als',
  'friends.share.do': 'Deinen Benutzernamen teilen',
  'friends.share.text': 'Auf Parley erreichst du mich als @{username}: {address}',

  'friends.none.title': 'Hier ist noch niemand',
  'friends.none.body': 'Finde Personen oben über ihren Benutzernamen, oder gib ihnen deinen.',
  'friends.requests.none.title': 'Keine offenen Anfragen',
  'friends.requests.none.body': 'Wer mit dir befreundet sein möchte und wen du gefragt hast, steht hier.',
  'friends.blocked.none.title': 'Niemand ist blockiert',
  'friends.blocked.none.body':
    'Wer blockiert ist, kann dir nicht schreiben und keine Anfrage senden, und erfährt nichts davon.',
  'friends.loading': 'Deine Freunde werden geladen',
  'friends.more': { one: '{count} weitere anzeigen', other: '{count} weitere anzeigen' },

  'friends.incoming': 'Warten auf deine Antwort',
  'friends.outgoing': 'Von dir gefragt',
  'friends.asked': 'Gefragt {ago}',
  'friends.asked-you': 'Hat dich {ago} gefragt',
  'friends.blocked.at': 'Blockiert {ago}',
  'friends.waiting': 'Wartet auf das Senden',
  'friends.ended': 'Wartet auf das Senden',
  'friends.ended.friend': 'Aus deinen Freunden entfernt',
  'friends.ended.incoming': 'Anfrage abgelehnt',
  'friends.ended.outgoing': 'Anfrage zurückgenommen',
  'friends.ended.blocked': 'Blockierung aufgehoben',
  'friends.actions': 'Aktionen für {name}',
  'friends.message': 'Nachricht an {name}',
  'friends.accept': 'Anfrage von {name} annehmen',
  'friends.decline': 'Anfrage von {name} ablehnen',
  'friends.ask': '{name} eine Freundschaftsanfrage senden',
  'friends.unblock': 'Blockierung von {name} aufheben',
  'friends.undo': 'Zurücknehmen: {name}',
} as const
