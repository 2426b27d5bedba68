// Making elements, and the words of the page: those come with the page in the language that was chosen.
const given = (id) => JSON.parse(document.getElementById(id).textContent);
export const addresses = given("field-addresses");
const WORDS = given("field-words");

export function w(key, values = {}) {
  return WORDS[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function el(tag, attributes = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") made[name] = value;
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...inside.flat(3).filter((one) => one !== null && one !== undefined && one !== false));
  return made;
}

export function icon(name) {
  const space = "http://www.w3.org/2000/svg", made = document.createElementNS(space, "svg"), use = document.createElementNS(space, "use");
  made.setAttribute("class", "sh-icon");
  made.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${addresses.sprite}#${name}`);
  made.append(use);
  return made;
}

export const button = (words, deed, kind = "", more = {}) =>
  el("button", { type: "button", class: `sh-f-button${kind ? ` sh-f-button--${kind}` : ""}`, onclick: deed, ...more }, words);
export const link = (words, href, kind = "", more = {}) =>
  el("a", { href, class: `sh-f-button${kind ? ` sh-f-button--${kind}` : ""}`, ...more }, words);

const two = (number) => String(number).padStart(2, "0");
export function clock(text) {
  const at = new Date(text);
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}
export function moment(text) {
  const at = new Date(text);
  return at.toDateString() === new Date().toDateString() ? clock(text) : `${at.getMonth() + 1}-${at.getDate()} ${clock(text)}`;
}
export function today() {
  const now = new Date();
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
