import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright'

/**
 * Draws the PNG icons from icons/icon.svg with a browser. Run by hand when the drawing changes:
 * `node build/make-icons.ts`; CHROMIUM names the browser if it is not the one Playwright brings.
 */
const folder = join(import.meta.dirname, '../public/icons')
const svg = await readFile(join(folder, 'icon.svg'), 'utf8')
// A mask may cut all but the middle four fifths, and an iPhone rounds the corners itself: both get a full square.
const square = svg.replace('rx="8.5"', '')
const masked = square.replace('<g fill', '<g transform="translate(16 16) scale(.76) translate(-16 -16)" fill')

const executablePath = process.env['CHROMIUM']
const browser = await chromium.launch({
  args: ['--no-sandbox'],
  ...(executablePath === undefined ? {} : { executablePath }),
})
const draw = async (source: string, size: number, name: string): Promise<void> => {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  await page.setContent(
    `<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${source}`,
  )
  await writeFile(join(folder, name), await page.screenshot({ omitBackground: true }))
  await page.close()
}
await draw(svg, 192, 'icon-192.png')
await draw(svg, 512, 'icon-512.png')
await draw(masked, 192, 'maskable-192.png')
await draw(masked, 512, 'maskable-512.png')
await draw(square, 180, 'apple-touch-icon.png')
// Beside a notification some systems show only where it is not transparent.
await draw(svg.replace(/<rect[^>]*>/, ''), 96, 'badge-96.png')
await browser.close()
