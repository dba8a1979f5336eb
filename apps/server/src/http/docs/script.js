// What the page at /api/docs can do beyond being read: find, open what a link points to, copy, and try.

// Whoever chose light or dark in the app sees the same here. Before the first paint, so that nothing flashes.
try {
  const theme = localStorage.getItem('parley.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage is forbidden in some private modes: the system's choice stands.
}

addEventListener('DOMContentLoaded', () => {
  find()
  openTarget()
  addEventListener('hashchange', openTarget)
  for (const button of document.querySelectorAll('.copy')) copy(button)
  for (const element of document.querySelectorAll('.try')) tryOut(element)
  // On a phone the contents stand above everything: closed, until somebody wants them.
  if (matchMedia('(width < 52rem)').matches) document.querySelector('nav details').open = false
})

/** A link to an operation or a shape opens it. */
function openTarget() {
  const target = document.getElementById(location.hash.slice(1))
  if (target === null) return
  if (target.closest('[hidden]') !== null) {
    // A link into what a search has hidden ends the search.
    const input = document.getElementById('find')
    input.value = ''
    input.dispatchEvent(new Event('input'))
  }
  if (target.tagName !== 'DETAILS') return
  target.open = true
  target.scrollIntoView()
  target.querySelector('summary').focus({ preventScroll: true })
}

function find() {
  const input = document.getElementById('find')
  const status = document.querySelector('.found')
  const operations = [...document.querySelectorAll('.operation')].map((element) => ({
    element,
    link: document.querySelector(`nav [data-operation="${element.id}"]`),
    text: `${element.id} ${element.querySelector('summary').textContent}`.toLowerCase(),
    more: element.querySelector('.words').textContent.toLowerCase(),
  }))
  const apply = () => {
    const words = input.value
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '')
    // What is in its name counts before what is only in its description.
    const named = operations.filter(({ text }) => words.every((word) => text.includes(word)))
    const found = new Set(
      named.length > 0
        ? named
        : operations.filter(({ text, more }) => words.every((word) => `${text} ${more}`.includes(word))),
    )
    for (const operation of operations) {
      operation.element.hidden = !found.has(operation)
      if (operation.link !== null) operation.link.hidden = !found.has(operation)
    }
    for (const chapter of document.querySelectorAll('[data-chapter]'))
      chapter.hidden =
        chapter.querySelector('.operation:not([hidden]), [data-operation]:not([hidden])') === null
    const isFinding = words.length > 0
    for (const element of document.querySelectorAll('.introduction, .shapes, nav details > ul'))
      element.hidden = isFinding
    status.hidden = !isFinding
    status.textContent = isFinding ? `${found.size} of ${operations.length} operations` : ''
    if (isFinding) scrollTo({ top: 0 })
  }
  input.addEventListener('input', apply)
  input.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape') return
    input.value = ''
    apply()
  })
  addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.target.matches('input, textarea')) return
    event.preventDefault()
    input.focus()
  })
  input.parentElement.hidden = false
}

function copy(button) {
  // Only over HTTPS, and on the machine itself.
  if (navigator.clipboard === undefined) return
  button.hidden = false
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.closest('.sample').querySelector('pre').textContent)
    button.textContent = 'Copied'
    setTimeout(() => (button.textContent = 'Copy'), 1500)
  })
}

function tryOut(element) {
  element.hidden = false
  const form = element.querySelector('form')
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const { method } = form.dataset
    if (method === 'DELETE' && !confirm('This removes something for real. Send it?')) return
    const button = form.querySelector('button[type=submit]')
    button.disabled = true
    try {
      await show(form, method)
    } finally {
      button.disabled = false
    }
  })
}

async function show(form, method) {
  const output = form.querySelector('output')
  let path = form.dataset.path
  const query = new URLSearchParams()
  const headers = {}
  let body
  for (const { name, value, dataset } of form.elements) {
    if (value === '') continue
    if (dataset.in === 'path') path = path.replace(`{${name}}`, encodeURIComponent(value))
    else if (dataset.in === 'query') query.set(name, value)
    else if (dataset.in === 'header') headers[name] = value
    else if (dataset.in === 'body') {
      body = value
      headers['Content-Type'] = 'application/json'
    }
  }
  const address = query.size === 0 ? path : `${path}?${query}`
  const began = performance.now()
  try {
    const answer = await fetch(address, { method, headers, ...(body === undefined ? {} : { body }) })
    const text = await answer.text()
    const took = Math.round(performance.now() - began)
    const line = `${answer.status} ${answer.statusText}, ${took} ms, ${method} ${address}`
    output.replaceChildren(paragraph(line, answer.ok), ...(text === '' ? [] : [pre(readable(text))]))
  } catch (error) {
    output.replaceChildren(paragraph(`No answer: ${error.message}`, false))
  }
}

function readable(text) {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2)
  } catch {
    // Not everything is JSON.
    return text.length > 100_000 ? `${text.slice(0, 100_000)}\n…` : text
  }
}

function paragraph(text, isGood) {
  const element = document.createElement('p')
  element.textContent = text
  element.className = isGood ? 'good' : 'bad'
  return element
}

function pre(text) {
  const element = document.createElement('pre')
  element.textContent = text
  element.tabIndex = 0
  return element
}
