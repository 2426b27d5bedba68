// What somebody else wrote meanwhile, beside what was written here. Nothing is taken over before somebody chooses.
import { button, el, link, moment, w } from "./dom.js";
import { frame } from "./frame.js";
import { team, who } from "./overview.js";
import { chosen, columns, items } from "./visit.js";

export function conflictsScreen(app, visit) {
  const open = Object.keys(visit.conflicts);
  return frame({ back: `#/${visit.id}`, title: who(visit), second: team(visit), foot: [link(w("overview"), `#/${visit.id}`)] },
    el("h1", {}, w("conflictsHead")), el("p", {}, open.length ? w("conflictsHelp") : w("noConflicts")),
    open.map((field) => conflict(app, visit, field)));
}

function conflict(app, visit, field) {
  const { name, says } = named(app, visit, field), other = visit.conflicts[field];
  const choose = async (mine) => {
    chosen(visit, field, mine);
    await app.keep(visit);
    app.draw();
    app.sync();
  };
  const theirs = other.at ? w("theirsAt", { name: other.writer, time: moment(other.at) }) : w("theirs");
  return el("section", { class: "sh-f-conflict" }, el("h2", {}, name),
    el("div", {}, el("p", {}, el("b", {}, w("mine")), el("span", {}, says(visit.now[field])), el("span", { class: "sh-f-second" }, visit.at[field] ? moment(visit.at[field]) : "")), button(w("takeMine"), () => choose(true))),
    el("div", {}, el("p", {}, el("b", {}, theirs), el("span", {}, says(other.stands))), button(w("takeTheirs"), () => choose(false))));
}

function named(app, visit, field) {
  const all = items(app.day.scales[visit.scale]);
  if (field.startsWith("note.")) return { name: w("noteOf", { name: all.find((one) => one.code === field.slice(5))?.name ?? field }), says: plain };
  if (field.startsWith("A.")) return { name: columns(app.day.form_a).find((one) => one.key === field.slice(2))?.name ?? field, says: plain };
  const item = all.find((one) => one.code === field);
  return { name: item?.name ?? field, says: (value) => {
    const option = item?.options.find((one) => one.code === value);
    return option ? w("pointsSays", { points: option.points, says: option.says }) : w("open");
  } };
}

function plain(value) {
  if (value === undefined || value === null) return w("open");
  if (Array.isArray(value)) return value.join("、");
  if (typeof value !== "object") return String(value);
  return Object.entries(value).map(([key, one]) => (typeof one === "number" ? `${key} ${one}` : key)).join("、") || w("noneOfThem");
}
