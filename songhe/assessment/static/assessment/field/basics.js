// Form A, one column a screen.
import { el, link, w } from "./dom.js";
import { frame } from "./frame.js";
import { team, ticks, who } from "./overview.js";
import { columns, unfit } from "./visit.js";

const KINDS = { choice, multi, number, text, events, diagnoses };

export function basicsScreen(app, visit, place) {
  const all = columns(app.day.form_a), column = all[place] ?? all[0], at = all.indexOf(column), field = `A.${column.key}`;
  const groups = [...new Set(all.map((one) => one.group))].map((name) => all.filter((one) => one.group === name)
    .map((one) => ({ place: one.key, done: visit.now[`A.${one.key}`] !== undefined })));
  const next = at + 1 < all.length ? `#/${visit.id}/basics/${at + 1}` : `#/${visit.id}`;
  return frame({ back: `#/${visit.id}`, title: who(visit), second: team(visit), kind: "sh-f-main--item",
    right: el("a", { class: "sh-f-head__right", href: `#/${visit.id}` }, w("overview")),
    foot: [link(w("before"), at ? `#/${visit.id}/basics/${at - 1}` : `#/${visit.id}`), link(w("next"), next, "primary")] },
    ticks(groups, column.key),
    el("div", { class: "sh-f-where" }, el("span", {}, column.group), el("span", {}, w("itemOf", { number: at + 1, total: all.length }))),
    el("h1", { id: "item" }, column.name), el("p", { class: "sh-f-look" }, column.needed ? w("needed") : "", typeof column.more === "string" ? column.more : ""),
    KINDS[column.kind](column, visit.now[field], (value, anew = true) => app.change(visit, field, value).then((here) => here && anew && redrawn(app))),
    unfit(app.day.form_a, field, visit.now[field]) ? el("p", { class: "sh-f-note sh-f-note--off", role: "status" }, w("diagnosisOpen")) : null);
}

// Drawn anew, with the focus where it was.
function redrawn(app) {
  const here = document.activeElement?.id;
  app.draw();
  if (here) document.getElementById(here)?.focus();
}

function tick(kind, id, name, checked, deed, words) {
  return el("label", { class: "sh-f-tick" }, el("input", { type: kind, id, name, checked, onchange: (event) => deed(event.target.checked) }), el("span", {}, words));
}

function choice(column, given, put) {
  return el("div", { class: "sh-f-grid", role: "radiogroup", "aria-labelledby": "item" }, column.options.map((option, place) =>
    tick("radio", `c${place}`, column.key, given === option, () => put(option), option)));
}

function multi(column, given, put) {
  const chosen = new Set(given ?? []);
  return el("div", { class: "sh-f-grid", role: "group", "aria-labelledby": "item" }, column.options.map((option, place) =>
    tick("checkbox", `c${place}`, column.key, chosen.has(option), (on) => {
      if (on) chosen.add(option); else chosen.delete(option);
      put(chosen.size ? column.options.filter((one) => chosen.has(one)) : null);
    }, option)));
}

function number(column, given, put) {
  const wrong = el("p", { class: "sh-f-note sh-f-note--due", role: "alert", hidden: true }, w("numberRange", { least: column.least, most: column.most, unit: column.unit }));
  const box = el("input", { id: "box", inputmode: "decimal", autocomplete: "off", maxlength: 6, value: given ?? "", "aria-labelledby": "item", oninput: () => {
    const value = box.value.trim() === "" ? null : Number(box.value.trim());
    const good = value === null || (Number.isFinite(value) && value >= column.least && value <= column.most);
    wrong.hidden = good;
    if (good) put(value, false);
  } });
  return [el("div", { class: "sh-f-number" }, box, el("span", {}, column.unit)), wrong];
}

function text(column, given, put) {
  const long = column.most > 60;
  const box = el(long ? "textarea" : "input", { id: "box", maxlength: column.most, rows: long ? 5 : null, value: given ?? "", autocomplete: "off", "aria-labelledby": "item",
    oninput: () => put(box.value.trim() ? box.value : null, false) });
  return box;
}

function none(given, put) {
  return tick("checkbox", "none", "none", given !== undefined && !Object.keys(given).length, (on) => put(on ? {} : null), w("noneOfThem"));
}

function events(column, given, put) {
  const rows = column.options.map((option, line) => el("fieldset", { class: "sh-f-count" }, el("legend", {}, option),
    el("div", {}, [0, 1, 2, 3].slice(0, column.most + 1).map((times) => tick("radio", `e${line}-${times}`, `e${line}`, given !== undefined && (given[option] ?? 0) === times, () => {
      const now = { ...given };
      if (times) now[option] = times; else delete now[option];
      put(now);
    }, String(times))))));
  return [none(given, put), rows];
}

function diagnoses(column, given, put) {
  const asked = column.options.filter((one) => one.changes && given?.[one.key]);
  const rows = column.options.map((option) => tick("checkbox", `d-${option.key}`, "d", Boolean(given?.[option.key]), (on) => {
    const now = { ...given };
    if (on) now[option.key] = option.icd ? { icd: option.icd.slice(0, 60) } : {}; else delete now[option.key];
    put(Object.keys(now).length ? now : null);
  }, option.name));
  return [none(given, put), asked.map((one) => evidence(one, given, put)), el("div", { class: "sh-f-grid", role: "group", "aria-labelledby": "item" }, rows)];
}

function evidence(option, given, put) {
  const own = given[option.key];
  const box = (key, words, type) => el("label", {}, words, el("input", { id: `${option.key}-${key}`, type, maxlength: 60, value: own[key] ?? "", onchange: (event) => {
    const now = { ...own, [key]: event.target.value.trim() };
    if (!now[key]) delete now[key];
    put({ ...given, [option.key]: now });
  } }));
  return el("fieldset", { class: "sh-f-evidence" }, el("legend", {}, option.name), box("hospital", w("hospital"), "text"), box("date", w("diagnosed"), "date"), box("document", w("document"), "text"));
}
