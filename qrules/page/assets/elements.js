// Elements with texts. All text goes in as text: nothing that was pasted, or that rules say, is ever read as HTML.

/**
 * An element with attributes and children.
 * @param {string} name
 * @param {Record<string, any>} [given] attributes; `on...` are handlers, `class` and others as in HTML
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElement}
 */
export function element(name, given = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : String(value));
  }
  for (const child of children) if (child) made.append(child);
  return made;
}

/**
 * The element of this page with an id.
 * @param {string} id
 * @returns {any}
 */
export function part(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

/**
 * Puts options into a list to pick from; what was picked stays where it still is there.
 * @param {HTMLSelectElement} list
 * @param {[string, string][]} options value and words
 */
export function fill(list, options) {
  const before = list.value;
  list.replaceChildren(...options.map(([value, words]) => element("option", { value }, words)));
  if (options.some(([value]) => value === before)) list.value = before;
}

/**
 * Puts a text where it can be pasted from, and says so on the button.
 * @param {HTMLElement} button
 * @param {string} text
 */
export async function copy(button, text) {
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "The browser does not allow it";
  }
  setTimeout(() => (button.textContent = before), 1500);
}
