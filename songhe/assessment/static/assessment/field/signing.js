// What was found, whole, then a signature of everybody in the team, then handing in.
import { button, el, icon, link, moment, today, w } from "./dom.js";
import { frame } from "./frame.js";
import { allDone, backTo, team, who } from "./overview.js";
import { columns, complete, digest, filled, items, lacking, pending, points } from "./visit.js";

const WIDE = 640, HIGH = 240;

export function signScreen(app, visit) {
  const scale = app.day.scales[visit.scale], ready = allDone(app, visit);
  const made = frame({ back: `#/${visit.id}`, title: who(visit), second: team(visit), foot: ready ? [backTo(visit), button(w("handIn"), () => finish(app, visit), "primary")] : [backTo(visit)] },
    el("h1", {}, w("signing")), visit.message && el("p", { class: "sh-f-note sh-f-note--due", role: "alert" }, visit.message),
    ready ? [sums(visit, scale), visit.team.map((one) => pad(app, visit, one))] : el("div", { class: "sh-f-note sh-f-note--off" }, open(app, visit, scale)));
  if (ready) digest(visit).then((says) => stale(visit, says));
  return made;
}

function open(app, visit, scale) {
  const left = items(scale).length - filled(visit, scale), without = lacking(visit, app.day.form_a).map((one) => one.name).join("、");
  const place = items(scale).findIndex((item) => visit.now[item.code] === undefined);
  const column = columns(app.day.form_a).findIndex((one) => lacking(visit, app.day.form_a)[0]?.key === one.key);
  return [left ? el("p", {}, w("itemsLeft", { number: left }), " ", el("a", { href: `#/${visit.id}/item/${place}` }, w("fillThem"))) : "",
    without ? el("p", {}, w("lacking", { names: without }), " ", el("a", { href: `#/${visit.id}/basics/${column}` }, w("fillThem"))) : ""];
}

function sums(visit, scale) {
  if (!complete(visit, scale)) return null;
  const { parts, total, most } = points(visit, scale);
  return el("dl", { class: "sh-f-sums" }, parts.map((part) => [el("dt", {}, part.name), el("dd", {}, `${part.points}/${part.most}`)]),
    el("dt", {}, w("total")), el("dd", {}, `${total}/${most}`));
}

function pad(app, visit, one) {
  const canvas = el("canvas", { width: WIDE, height: HIGH, role: "img", "aria-label": w("signHere", { name: one.name }) }), given = visit.signed[one.id];
  const pen = canvas.getContext("2d");
  pen.lineWidth = 4; pen.lineCap = "round"; pen.strokeStyle = pen.fillStyle = "black";
  if (given) shown(pen, given.drawing);
  const state = el("span", { class: "sh-f-second", "data-signed": one.id }, given ? w("signedAt", { time: moment(given.at) }) : w("notSigned"));
  const kept = async () => {
    visit.signed[one.id] = { drawing: canvas.toDataURL("image/png"), digest: await digest(visit), at: new Date().toISOString() };
    visit.message = "";
    await app.keep(visit);
    state.textContent = w("signedAt", { time: moment(visit.signed[one.id].at) });
  };
  drawn(canvas, pen, kept);
  const clear = button(w("signAnew"), async () => { pen.clearRect(0, 0, WIDE, HIGH); delete visit.signed[one.id]; await app.keep(visit); state.textContent = w("notSigned"); });
  const typed = button(w("signTyped"), () => { pen.clearRect(0, 0, WIDE, HIGH); pen.font = "96px sans-serif"; pen.fillText(one.name, 40, 150); return kept(); });
  return el("section", { class: "sh-f-sign" }, el("h2", {}, one.name, one.medical ? ` ${w("medical")}` : ""), canvas, el("div", { class: "sh-f-line" }, state, clear, typed));
}

function drawn(canvas, pen, kept) {
  let down = false;
  const at = (event) => { const box = canvas.getBoundingClientRect(); return [(event.clientX - box.left) * WIDE / box.width, (event.clientY - box.top) * HIGH / box.height]; };
  canvas.addEventListener("pointerdown", (event) => { down = true; canvas.setPointerCapture(event.pointerId); pen.beginPath(); pen.moveTo(...at(event)); });
  canvas.addEventListener("pointermove", (event) => { if (down) { pen.lineTo(...at(event)); pen.stroke(); } });
  canvas.addEventListener("pointerup", () => { if (down) { down = false; kept(); } });
}

function shown(pen, drawing) {
  const picture = new Image();
  picture.onload = () => pen.drawImage(picture, 0, 0);
  picture.src = drawing;
}

// Who signed something else than what stands here now has to sign again.
function stale(visit, says) {
  for (const one of visit.team) {
    const given = visit.signed[one.id], place = document.querySelector(`[data-signed="${one.id}"]`);
    if (given && given.digest !== says && place) place.textContent = w("signAgain");
  }
}

async function finish(app, visit) {
  const says = await digest(visit), without = visit.team.filter((one) => visit.signed[one.id]?.digest !== says);
  if (without.length) {
    visit.message = w("unsigned", { names: without.map((one) => one.name).join("、") });
    app.draw();
    return;
  }
  visit.message = "";
  visit.finish = today();
  await app.keep(visit);
  app.go(`#/${visit.id}/finish`);
  app.sync();
}

export function finishScreen(app, visit) {
  const waiting = visit.finish ? w("waiting") : visit.message || w("notHandedIn");
  return frame({ back: `#/${visit.id}`, title: who(visit), second: team(visit), foot: [link(w("visits"), "#/"), visit.finish ? button(w("sendNow"), () => app.sync(), "primary") : link(w("toSign"), `#/${visit.id}/sign`, "primary")] },
    el("h1", {}, w("handIn")), el("p", { class: `sh-f-note ${visit.finish ? "sh-f-note--off" : "sh-f-note--due"}`, role: "status" }, icon(visit.finish ? "clock" : "alert-triangle"), waiting),
    pending(visit) ? el("p", { class: "sh-f-second" }, w("pending", { number: pending(visit) })) : null);
}
