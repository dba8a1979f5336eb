import { FileIcon, icon } from '../../ui/icons.tsx'

const SoundIcon = icon(
  <>
    <path d="M8 14.5V5l7.5-1.5V13" />
    <circle cx="6" cy="14.5" r="2" />
    <circle cx="13.5" cy="13" r="2" />
  </>,
)
const FilmIcon = icon(
  <>
    <rect x="3" y="4.5" width="14" height="11" rx="2" />
    <path d="m8.5 7.5 4 2.5-4 2.5z" />
  </>,
)
const PictureIcon = icon(
  <>
    <rect x="3" y="4" width="14" height="12" rx="2" />
    <circle cx="7.3" cy="8.2" r="1.2" />
    <path d="m3.5 14.5 4-3.5 2.5 2 3-3.5 3.700 4" />
  </>,
)
const PackedIcon = icon(
  <>
    <path d="M6.5 3h7A1.5 1.5 0 0 1 15 4.5v11a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 5 15.5v-11A1.5 1.5 0 0 1 6.5 3z" />
    <path d="M10 3v1.5M10 6.5V8M10 10v1.5M8.800 13.5h2.400" />
  </>,
)
const TextIcon = icon(
  <path d="M11.5 3H6.5A1.5 1.5 0 0 0 5 4.5v11A1.5 1.5 0 0 0 6.5 17h7a1.5 1.5 0 0 0 1.5-1.5V6.5zM11.5 3v3.5H15M7.700 10h4.600M7.700 13h3" />,
)
const TableIcon = icon(
  <>
    <rect x="3.5" y="4" width="13" height="12" rx="1.800" />
    <path d="M3.5 8.2h13M3.5 12.2h13M8.5 8.2V16" />
  </>,
)

/** By the media type, and by the ending where that says nothing. */
export function FileKindIcon({ mediaType, name }: { mediaType: string; name: string }) {
  if (mediaType.startsWith('image/')) return <PictureIcon />
  if (mediaType.startsWith('audio/')) return <SoundIcon />
  if (mediaType.startsWith('video/')) return <FilmIcon />
  if (/zip|compressed|x-tar|gzip|x-7z|rar/.test(mediaType) || /\.(zip|7z|rar|t?gz|tar|xz)$/i.test(name))
    return <PackedIcon />
  if (/csv|spreadsheet|excel/.test(mediaType) || /\.(csv|tsv|xlsx?|ods|numbers)$/i.test(name))
    return <TableIcon />
  const isText = /^text\/|pdf|word|opendocument\.text|rtf|json|xml/.test(mediaType)
  return isText || /\.(pdf|docx?|odt|rtf|md|txt)$/i.test(name) ? <TextIcon /> : <FileIcon />
}
