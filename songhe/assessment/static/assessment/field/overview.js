// Which visits are on the device, and all of one: what is open, what was skipped, what comes next.
import { addresses, button, clock, el, icon, link, w } from "./dom.js";
import { frame } from "./frame.js";
import { columns, complete, filled, items, lacking, pending } from "./visit.js";

export function listScreen(app) {
  const visits = [...app.visits.values()].sort((one, other) => one.visit_at.localeCompare(other.visit_at));
  return frame({ back: addresses.day, title: w("today"), second: app.day?.name ?? "" },
    el("h1", {}, w("visits")),
    app.done && el("p", { class: "sh-f-done", role: "status" }, w("handedIn", { name: app.done })),
    visits.length ? el("ul", { class: "sh-f-cards" }, visits.map((visit) => card(app, visit))) : el("p", {}, w("nothing")),
    link(w("toDay"), addresses.day));
}

function card(app, visit) {
  const scale = app.day.scales[visit.scale];
  return el("li", {}, el("a", { class: "sh-f-card", href: `#/${visit.id}` },
    el("b", {}, `${visit.visit_at ? clock(visit.visit_at) : ""} ${who(visit)}`), el("span", {}, visit.where),
    el("span", {}, w("progress", { done: filled(visit, scale), total: items(scale).length }), pending(visit) ? ` · ${w("pending", { number: pending(visit) })}` : "")));
}

export const who = (visit) => (visit.age === null ? visit.name : w("nameAge", { name: visit.name, age: visit.age }));
export const team = (visit) => `${w("assessment")} ${visit.reason} · ${visit.team.map((one) => one.name).join("、")}`;

export function overviewScreen(app, visit) {
  const scale = app.day.scales[visit.scale], all = items(scale), open = all.findIndex((item) => visit.now[item.code] === undefined);
  const basics = columns(app.day.form_a), done = basics.filter((one) => visit.now[`A.${one.key}`] !== undefined).length;
  const next = open >= 0 ? link(w("goOn"), `#/${visit.id}/item/${open}`, "primary") : link(w("toSign"), `#/${visit.id}/sign`, "primary");
  return frame({ back: "#/", title: who(visit), second: team(visit), foot: [link(w("signing"), `#/${visit.id}/sign`), next] },
    el("h1", {}, w("allItems", { total: all.length })),
    visit.sent_back && el("p", { class: "sh-f-note sh-f-note--off" }, w("sentBack", { words: visit.sent_back })),
    visit.message && el("p", { class: "sh-f-note sh-f-note--due", role: "alert" }, visit.message),
    Object.keys(visit.conflicts).length ? link(w("conflicts", { number: Object.keys(visit.conflicts).length }), `#/${visit.id}/conflicts`) : null,
    el("p", { class: "sh-f-second" }, visit.where, " ", visit.words),
    link([w("basics"), el("span", {}, w("columnsDone", { done, total: basics.length }))], `#/${visit.id}/basics/0`, "row"),
    lacking(visit, app.day.form_a).length ? el("p", { class: "sh-f-second" }, w("lacking", { names: lacking(visit, app.day.form_a).map((one) => one.name).join("、") })) : null,
    scale.parts.map((part) => partOf(visit, part, all)),
    link([w("photos"), el("span", {}, w("photosTaken", { number: visit.photos.length }))], `#/${visit.id}/photos`, "row"));
}

function partOf(visit, part, all) {
  const rows = part.items.map((item) => {
    const given = item.options.find((one) => one.code === visit.now[item.code]);
    const state = given ? given.says : visit.skipped.includes(item.code) ? w("skipped") : w("open");
    return el("li", {}, el("a", { class: `sh-f-row${given ? " sh-f-row--done" : ""}`, href: `#/${visit.id}/item/${all.findIndex((one) => one.code === item.code)}` },
      el("b", {}, item.name), el("span", {}, visit.now[`note.${item.code}`] ? icon("pencil") : "", state)));
  });
  return el("section", {}, el("h2", {}, part.name), el("ul", { class: "sh-f-rows" }, rows));
}

export function ticks(groups, at) {
  return el("div", { class: "sh-f-ticks", "aria-hidden": "true" }, groups.map((group) =>
    el("span", {}, group.map((one) => el("i", { class: one.place === at ? "is-here" : one.done ? "is-done" : "" })))));
}

export const allDone = (app, visit) => complete(visit, app.day.scales[visit.scale]) && !lacking(visit, app.day.form_a).length;
export const backTo = (visit) => link(w("overview"), `#/${visit.id}`);
export const sendNow = (app) => button(w("sendNow"), () => app.sync());
