export const pictures = {
  'pictures.add': 'Add picture',
  'pictures.change': 'Change picture',
  'pictures.remove': 'Remove picture',
  'pictures.file': 'Picture file',
  'pictures.hint.person': 'Everybody on this server can see it.',
  'pictures.hint.group': 'Every member sees it.',
  'pictures.crop.title': 'Choose the part to show',
  'pictures.crop.lead': 'Drag it, or move it with the arrow keys.',
  'pictures.stage': 'Part of the picture: arrow keys move it, plus and minus zoom',
  'pictures.zoom': 'Zoom',
  'pictures.zoom.value': '{percent} %',
  'pictures.use': 'Use picture',
  'pictures.error.file': 'This file is no picture that can be shown. JPEG, PNG, WebP, GIF and AVIF can.',
  'pictures.error.cut': 'The picture could not be cut out: this device has no room for it.',
  'pictures.error.offline':
    'The server cannot be reached. A picture needs a network; what you have chosen stays here.',
} as const
