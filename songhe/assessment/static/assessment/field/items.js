// One item a screen: its answers with what they mean. Points of other items are not shown here, and no sum.
import { button, el, icon, link, w } from "./dom.js";
import { frame } from "./frame.js";
import { team, ticks, who } from "./overview.js";
import { items } from "./visit.js";

export function itemScreen(app, visit, place) {
  const scale = app.day.scales[visit.scale], all = items(scale), item = all[place] ?? all[0];
  const at = all.indexOf(item), next = at + 1 < all.length ? `#/${visit.id}/item/${at + 1}` : `#/${visit.id}`;
  const note = visit.now[`note.${item.code}`];
  const head = [
    ticks(scale.parts.map((part) => part.items.map((one) => ({ place: one.code, done: visit.now[one.code] !== undefined }))), item.code),
    el("div", { class: "sh-f-where" }, el("span", {}, `${item.part.name} ${item.code}`), el("span", {}, w("itemOf", { number: at + 1, total: all.length }))),
    el("h1", { id: "item" }, item.name), el("p", { class: "sh-f-look" }, item.look ? `${item.look}${w("stop")}` : ""),
  ];
  const skip = el("button", { type: "button", class: "sh-f-skip", onclick: () => skipped(app, visit, item, next) }, w("skip"));
  return frame({ back: `#/${visit.id}`, title: who(visit), second: team(visit), kind: "sh-f-main--item",
    right: el("a", { class: "sh-f-head__right", href: `#/${visit.id}` }, w("allItems", { total: all.length })),
    foot: [link(w("before"), at ? `#/${visit.id}/item/${at - 1}` : `#/${visit.id}`),
      link([icon("pencil"), note ? el("i", { class: "sh-f-dot" }) : ""], `#/${visit.id}/note/${at}`, "note", { "aria-label": note ? w("noteThere") : w("note") }),
      link(w("next"), next, "primary")] },
    head, answers(app, visit, item), skip);
}

function answers(app, visit, item) {
  const given = visit.now[item.code];
  const one = (option) => el("label", { class: "sh-f-answer" },
    el("input", { type: "radio", name: item.code, value: option.code, checked: given === option.code,
      onchange: () => app.change(visit, item.code, option.code).then((here) => { if (here) { app.draw(); focused(option.code); } }) }),
    el("b", { class: "sh-f-answer__points", "aria-hidden": "true" }, String(option.points)),
    el("span", {}, el("b", {}, option.says), option.more ? el("span", {}, option.more) : ""));
  return el("div", { class: "sh-f-answers", role: "radiogroup", "aria-labelledby": "item" }, item.options.map(one));
}

function focused(value) {
  document.querySelector(`.sh-f-answer input[value="${CSS.escape(value)}"]`)?.focus();
}

async function skipped(app, visit, item, next) {
  if (visit.now[item.code] === undefined && !visit.skipped.includes(item.code)) visit.skipped.push(item.code);
  await app.keep(visit);
  app.go(next);
}

export function noteScreen(app, visit, place) {
  const item = items(app.day.scales[visit.scale])[place], field = `note.${item.code}`, here = `#/${visit.id}/item/${place}`;
  const box = el("textarea", { id: "note", rows: 6, maxlength: 200, value: visit.now[field] ?? "",
    oninput: () => app.change(visit, field, box.value.trim() ? box.value : null) });
  return frame({ back: here, title: who(visit), second: team(visit), foot: [button(w("noteDone"), () => app.go(here), "primary")] },
    el("h1", {}, item.name), el("label", { for: "note" }, w("noteLabel")), box, el("p", { class: "sh-f-second" }, w("noteHelp")));
}
