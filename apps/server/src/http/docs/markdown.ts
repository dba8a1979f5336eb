const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** Code and strong words; everything else stands for itself. */
export const inline = (text: string): string =>
  escape(text)
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>')
    .replaceAll(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')

/** What a heading is reached by; operations and shapes have names of their own. */
export const anchor = (heading: string): string =>
  `about-${heading.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`

/**
 * The Markdown of our own descriptions as HTML: paragraphs, headings, lists and tables. For texts of
 * this server only, never for what people write.
 */
export const markdown = (text: string): string =>
  text
    .split(/\n{2,}/)
    .map((block) => {
      const lines = block.split('\n')
      const [first = ''] = lines
      if (first.startsWith('### ')) return `<h2 id="${anchor(first.slice(4))}">${inline(first.slice(4))}</h2>`
      if (first.startsWith('- '))
        return `<ul>${lines.map((line) => `<li>${inline(line.slice(2))}</li>`).join('')}</ul>`
      if (first.startsWith('|')) return table(lines)
      return `<p>${inline(lines.join(' '))}</p>`
    })
    .join('\n')

function table([head = '', , ...rows]: readonly string[]): string {
  const cells = (row: string): string[] => row.split('|').slice(1, -1)
  const line = (row: string, tag: string): string =>
    `<tr>${cells(row)
      .map((cell) => `<${tag}>${inline(cell.trim())}</${tag}>`)
      .join('')}</tr>`
  return `<table><thead>${line(head, 'th')}</thead><tbody>${rows.map((row) => line(row, 'td')).join('')}</tbody></table>`
}
