import { html, raw } from 'hono/html'
import type { Description, Operation, Schema } from '../description/document.ts'
import { anchor, markdown } from './markdown.ts'
import { operationView } from './operation-view.ts'
import { fieldsOf } from './schema-view.ts'

type Html = ReturnType<typeof html>

interface Route {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

/** The description as a page for people. It needs no script to be read; the script adds finding and trying. */
export function docsPage(description: Description): Html {
  const { info, tags, paths, components } = description
  const routes: Route[] = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  )
  const chapters = tags.map((tag) => ({
    ...tag,
    routes: routes.filter(({ operation }) => operation.tags.includes(tag.name)),
  }))
  const headings = [...info.description.matchAll(/^### (.+)$/gm)].map(([, heading = '']) => heading)
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${info.title} API</title>
        <link rel="icon" href="/icons/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/api/docs/style.css" />
        <script src="/api/docs/script.js"></script>
      </head>
      <body>
        <a class="skip" href="#main">To the content</a>
        <header>
          <p class="brand"><a href="/">${info.title}</a> <span>API</span></p>
          <div class="find" hidden>
            <input
              type="search"
              id="find"
              placeholder="Find an operation"
              aria-label="Find an operation"
              aria-keyshortcuts="/"
            />
            <kbd aria-hidden="true">/</kbd>
          </div>
          <a class="raw" href="/api/openapi.json">openapi.json</a>
        </header>
        <nav aria-label="Contents">
          <details class="more" open>
            <summary>Contents</summary>
            <ul>
              ${headings.map((heading) => html`<li><a href="#${anchor(heading)}">${heading}</a></li>`)}
            </ul>
            ${chapters.map(
              ({ name, routes: own }) =>
                html`<section data-chapter>
                  <h2><a href="#${anchor(name)}">${name}</a></h2>
                  <ul>
                    ${own.map(
                      ({ method, operation }) =>
                        html`<li data-operation="${operation.operationId}">
                          <a href="#${operation.operationId}">
                            <span>${operation.summary}</span>
                            <span class="method ${method}" aria-hidden="true">${method.toUpperCase()}</span>
                          </a>
                        </li>`,
                    )}
                  </ul>
                </section>`,
            )}
            <ul>
              <li><a href="#shapes">Shapes</a></li>
            </ul>
          </details>
        </nav>
        <main id="main" tabindex="-1">
          <div class="introduction">
            <h1>${info.title} API <span class="version">${info.version}</span></h1>
            ${raw(markdown(info.description))}
          </div>
          <p class="found" role="status" hidden></p>
          ${chapters.map(
            ({ name, description: about, routes: own }) =>
              html`<section class="chapter" data-chapter aria-labelledby="${anchor(name)}">
                <h2 id="${anchor(name)}">${name}</h2>
                ${raw(markdown(about))}
                ${own.map(({ method, path, operation }) => operationView(method, path, operation, components))}
              </section>`,
          )}
          <section class="chapter shapes" aria-labelledby="shapes">
            <h2 id="shapes">Shapes</h2>
            ${Object.entries(components.schemas).map(([name, schema]) => shapeView(name, schema))}
          </section>
        </main>
      </body>
    </html>`
}

const shapeView = (name: string, schema: Schema): Html => html`
  <details class="shape" id="shape-${name}">
    <summary><h3>${name}</h3></summary>
    <div class="words">
      ${schema.description === undefined ? '' : raw(markdown(schema.description))} ${fieldsOf(schema)}
    </div>
  </details>
`
