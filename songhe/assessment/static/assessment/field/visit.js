// A visit as the device knows it, without page and store: what stands on the server (`base`), what it says here (`now`),
// what was changed since (`at`), what was sent and not answered (`sent`), what somebody else wrote meanwhile (`conflicts`).
export const same = (one, other) => canonical(one ?? null) === canonical(other ?? null);

export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

export function begun(taken) {
  const visit = { ...taken, form: crypto.randomUUID(), base: {}, now: {}, at: {}, sent: {}, conflicts: {}, signed: {},
    skipped: [], photos: [], finish: false, message: "" };
  delete visit.standing;
  return settled(visit, taken.standing);
}

// The same visit taken along again: what is about it anew, what was written here stays.
export function again(visit, taken) {
  const { standing, ...about } = taken;
  return settled({ ...visit, ...about }, standing);
}

// What stands on the server comes in wherever nothing was written here since.
export function settled(visit, standing) {
  if (!standing) return visit;
  visit.form = standing.form;
  const fields = new Set([...Object.keys(standing.fields), ...Object.keys(visit.now), ...Object.keys(visit.base)]);
  for (const field of fields) {
    const stands = standing.fields[field] ?? null;
    if (visit.at[field] && !same(stands, visit.now[field])) continue;
    write(visit.now, field, stands);
    write(visit.base, field, stands);
    delete visit.at[field];
    delete visit.sent[field];
    delete visit.conflicts[field];
  }
  return visit;
}

function write(fields, field, value) {
  if (value === null || value === undefined) delete fields[field];
  else fields[field] = value;
}

export function set(visit, field, value) {
  write(visit.now, field, value);
  if (same(value, visit.base[field]) && !visit.sent[field]) delete visit.at[field];
  else visit.at[field] = new Date().toISOString();
  visit.skipped = visit.skipped.filter((code) => code !== field);
  visit.finish = false;
  visit.saved = new Date().toISOString();
}

// What is to be sent; what a rule would refuse stays here until it is whole.
export function changes(visit, formA) {
  return Object.keys(visit.at).filter((field) => !visit.conflicts[field] && !unfit(formA, field, visit.now[field]))
    .map((field) => ({ field, value: visit.now[field] ?? null, base: visit.base[field] ?? null, at: visit.at[field] }));
}

export function sending(visit, sent) {
  for (const one of sent) (visit.sent[one.field] ??= []).push(one.value);
}

// The answer to what was sent. A value that stands there because an earlier answer was lost is our own, and no conflict.
export function answered(visit, sent, answer) {
  const told = Object.fromEntries(answer.conflicts.map((one) => [one.field, one]));
  for (const one of sent) {
    const conflict = told[one.field], before = visit.sent[one.field] ?? [];
    if (!conflict) {
      write(visit.base, one.field, one.value);
      delete visit.sent[one.field];
      if (same(visit.now[one.field], one.value)) delete visit.at[one.field];
    } else if (before.some((value) => same(value, conflict.stands) && !same(value, one.value))) {
      write(visit.base, one.field, conflict.stands);
      visit.sent[one.field] = [];
    } else {
      visit.conflicts[one.field] = { stands: conflict.stands, writer: conflict.writer, at: conflict.at };
      delete visit.sent[one.field];
    }
  }
  const conflicts = { ...visit.conflicts };
  settled(visit, answer.standing);
  for (const field of Object.keys(conflicts)) if (visit.at[field]) visit.conflicts[field] = conflicts[field];
  return visit;
}

// One of the two sides of a conflict is chosen.
export function chosen(visit, field, mine) {
  const stands = visit.conflicts[field].stands;
  write(visit.base, field, stands);
  if (!mine) { write(visit.now, field, stands); delete visit.at[field]; }
  delete visit.conflicts[field];
}

export const pending = (visit) => Object.keys(visit.at).length;
export const items = (scale) => scale.parts.flatMap((part) => part.items.map((item) => ({ ...item, part })));
export const columns = (formA) => formA.flatMap((group) => group.fields.map((field) => ({ ...field, group: group.name })));
export const filled = (visit, scale) => items(scale).filter((item) => visit.now[item.code] !== undefined).length;
export const complete = (visit, scale) => filled(visit, scale) === items(scale).length;

export function lacking(visit, formA) {
  return columns(formA).filter((one) => (one.needed && visit.now[`A.${one.key}`] === undefined)
    || unfit(formA, `A.${one.key}`, visit.now[`A.${one.key}`]));
}

// A diagnosis that changes the level needs the hospital and the day.
export function unfit(formA, field, value) {
  if (field !== "A.diagnoses" || !value) return false;
  const options = columns(formA).find((one) => one.key === "diagnoses").options;
  return options.some((one) => one.changes && value[one.key] && !(value[one.key].hospital && value[one.key].date));
}

export function points(visit, scale) {
  const of = (item) => item.options.find((one) => one.code === visit.now[item.code])?.points ?? 0;
  const parts = scale.parts.map((part) => ({ name: part.name, most: part.most, points: part.items.reduce((sum, item) => sum + of(item), 0) }));
  return { parts, total: parts.reduce((sum, part) => sum + part.points, 0), most: parts.reduce((sum, part) => sum + part.most, 0) };
}

// The same digest as the server's: of form A, answers and notes in one order.
export async function digest(visit) {
  const content = { answers: {}, assessment: visit.id, basics: {}, notes: {} };
  for (const [field, value] of Object.entries(visit.now)) {
    if (field.startsWith("A.")) content.basics[field.slice(2)] = value;
    else if (field.startsWith("note.")) content.notes[field.slice(5)] = value;
    else content.answers[field] = value;
  }
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical(content)));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
