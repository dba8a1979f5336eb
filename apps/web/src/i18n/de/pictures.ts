export const pictures = {
  'pictures.add': 'Bild hinzufügen',
  'pictures.change': 'Bild ändern',
  'pictures.remove': 'Bild entfernen',
  'pictures.file': 'Bilddatei',
  'pictures.hint.person': 'Alle auf diesem Server können es sehen.',
  'pictures.hint.group': 'Jedes Mitglied sieht es.',
  'pictures.crop.title': 'Wähle den Ausschnitt, der gezeigt wird',
  'pictures.crop.lead': 'Ziehe ihn oder bewege ihn mit den Pfeiltasten.',
  'pictures.stage': 'Ausschnitt des Bildes: Pfeiltasten bewegen ihn, Plus und Minus ändern die Größe',
  'pictures.zoom': 'Vergrößerung',
  'pictures.zoom.value': '{percent} %',
  'pictures.use': 'Bild verwenden',
  'pictures.error.file':
    'Diese Datei ist kein Bild, das gezeigt werden kann. JPEG, PNG, WebP, GIF und AVIF gehen.',
  'pictures.error.cut': 'Das Bild konnte nicht ausgeschnitten werden: Dieses Gerät hat keinen Platz dafür.',
  'pictures.error.offline':
    'Der Server ist nicht erreichbar. Ein Bild braucht ein Netz; was du gewählt hast, bleibt hier.',
} as const
