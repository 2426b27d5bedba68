// Handing over what the device holds. Everything may be sent twice: ids were made here, the server does nothing twice.
import * as store from "./store.js";
import { answered, changes, digest, sending, settled } from "./visit.js";

export const OFFLINE = "offline", SIGNED_OUT = "signed-out", OTHER = "other", SAVED = "saved", DONE = "done",
  CONFLICTS = "conflicts", REFUSED = "refused", UNSIGNED = "unsigned", ELSEWHERE = "elsewhere";
export const VISIT = "visit:", PHOTO = "photo:", DAY = "day";

async function asked(url, options = {}) {
  let answer;
  try {
    answer = await fetch(url, { ...options, redirect: "manual", credentials: "same-origin", cache: "no-store" });
  } catch { return { kind: OFFLINE }; }
  if (answer.type === "opaqueredirect") return { kind: SIGNED_OUT };
  const said = await answer.json().catch(() => null);
  if (said === null) return { kind: answer.status === 403 ? SIGNED_OUT : OFFLINE };
  return { kind: answer.ok ? "" : REFUSED, status: answer.status, ...said };
}

export const token = (addresses) => asked(addresses.token);

export function posted(url, body, key) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": key };
  return asked(url, { method: "POST", headers, body: JSON.stringify(body) });
}

// Sends one visit; says how it ended. The record is written before and after every step, so a lost answer does no harm.
export async function upload(visit, day, addresses) {
  const who = await token(addresses);
  if (who.kind) return who.kind;
  if (who.account !== day.account) return OTHER;
  const to = (deed) => `${addresses.visits}${visit.id}/${deed}/`;
  const kept = () => store.put(VISIT + visit.id, visit);
  const saved = await save(visit, day, to, who.token, kept);
  if (saved !== SAVED) return saved;
  for (const photo of visit.photos.filter((one) => !one.sent)) {
    const { image } = await store.get(PHOTO + photo.id);
    const answer = await posted(to("photo"), { form: visit.form, photo: photo.id, image, consent: photo.consent, at: photo.at }, who.token);
    if (answer.kind) return failed(visit, answer, kept);
    photo.sent = true;
    await kept();
  }
  return visit.finish ? handedIn(visit, to, who.token, kept) : SAVED;
}

async function save(visit, day, to, key, kept) {
  for (let turn = 0; turn < 4; turn += 1) {
    const sent = changes(visit, day.form_a);
    if (!sent.length && (turn || !Object.keys(visit.now).length)) break;
    sending(visit, sent);
    await kept();
    const answer = await posted(to("save"), { form: visit.form, changes: sent }, key);
    if (answer.kind && answer.standing && answer.standing.state === "draft" && answer.standing.form !== visit.form) {
      settled(visit, answer.standing);   // another device began it: its form is gone on with
      await kept();
      continue;
    }
    if (answer.kind && answer.standing && answer.standing.state === "submitted") return submitted(visit, answer, kept);
    if (answer.kind) return failed(visit, answer, kept);
    answered(visit, sent, answer);
    visit.server = answer.standing.digest;
    visit.message = "";
    await kept();
  }
  return Object.keys(visit.conflicts).length ? CONFLICTS : SAVED;
}

async function submitted(visit, answer, kept) {
  if (answer.standing.digest === await digest(visit)) return gone(visit);
  visit.message = answer.error;
  await kept();
  return ELSEWHERE;
}

async function handedIn(visit, to, key, kept) {
  const says = await digest(visit);
  const stale = visit.team.filter((one) => visit.signed[one.id]?.digest !== says);
  if (stale.length || visit.server !== says) {
    for (const one of stale) delete visit.signed[one.id];
    visit.finish = false;
    await kept();
    return UNSIGNED;
  }
  for (const one of visit.team) {
    const answer = await posted(to("sign"), { form: visit.form, assessor: one.id, drawing: visit.signed[one.id].drawing, digest: says }, key);
    if (answer.standing?.state === "submitted") return submitted(visit, answer, kept);
    if (answer.kind) return failed(visit, answer, kept);
  }
  const answer = await posted(to("submit"), { form: visit.form, date: visit.finish }, key);
  return answer.kind ? failed(visit, answer, kept) : gone(visit);
}

async function failed(visit, answer, kept) {
  if (answer.kind !== REFUSED) return answer.kind;
  visit.message = answer.error;
  visit.finish = false;
  await kept();
  return REFUSED;
}

// It is on the server, whole: nothing of it stays here, and with the last one the key goes.
async function gone(visit) {
  await store.remove(VISIT + visit.id, ...visit.photos.map((one) => PHOTO + one.id));
  return DONE;
}
