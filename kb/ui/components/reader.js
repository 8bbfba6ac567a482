// The reader. The text of the page is data: only text nodes are made of it, never markup.
// Marks, notes and ticks of one claim belong together; choosing one of them shows all three.
const readers = new WeakMap();
const HIDDEN = /\r(?!\n)|(?![\n\r\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;
const GAP = 6;

function element(name, classes, parent, words) {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  if (words) write(made, words);
  parent?.append(made);
  return made;
}

// Characters that do not show, or that turn the others round, appear as their code points.
function write(parent, text) {
  let at = 0;
  for (const found of text.matchAll(HIDDEN)) {
    if (found.index > at) parent.append(text.slice(at, found.index));
    const code = found[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    element("span", "kb-r-code-point", parent).textContent = `U+${code}`;
    at = found.index + found[0].length;
  }
  if (at < text.length) parent.append(text.slice(at));
}

function drawPiece(reader, piece) {
  const claims = piece.claims ?? [];
  const classes = [
    piece.heading ? "kb-r-heading" : "",
    piece.unread ? "kb-r-unread" : "",
    claims.length ? `kb-r-mark kb-r-${piece.look}` : "",
  ].filter(Boolean);
  if (!classes.length) return write(reader.page, piece.text);
  const made = element(claims.length ? "mark" : "span", classes.join(" "), reader.page, piece.text);
  for (const end of piece.ends ?? []) {
    const glyph = element("span", `kb-r-glyph kb-r-${end.look}`, made);
    glyph.dataset.glyph = end.glyph;
    glyph.ariaHidden = "true";
  }
  if (!claims.length) return;
  made.dataset.claims = claims.join(" ");
  // One stop for the keyboard per claim: where its mark begins.
  if (claims.some((claim) => !reader.marks.has(claim))) {
    made.tabIndex = 0;
    made.setAttribute("role", "button");
    made.setAttribute("aria-description", piece.word);
  }
  for (const claim of claims) reader.marks.set(claim, [...(reader.marks.get(claim) ?? []), made]);
}

function drawNote(reader, note) {
  if (!reader.marks.has(note.claim)) return;
  const made = element("div", `kb-r-note kb-r-${note.look}`, reader.column);
  made.dataset.claims = note.claim;
  made.tabIndex = -1;
  const head = element("div", "kb-r-note-head", made);
  element("b", "", head, `${note.glyph} ${note.word}`.trim());
  element("span", "kb-r-cited", head, note.cited);
  element("div", "kb-r-says", made, note.text);
  const links = element("div", "kb-r-links", made);
  for (const link of note.links) {
    if (!link.href.startsWith("/") || link.href.startsWith("//")) continue;
    element("a", "", links, link.words).setAttribute("href", link.href);
  }
  reader.notes.set(note.claim, made);
  const tick = element("div", `kb-r-tick kb-r-${note.look}`, reader.strip);
  tick.dataset.claims = note.claim;
  reader.ticks.set(note.claim, tick);
}

function draw(reader, data) {
  const { root } = reader;
  root.style.minHeight = `${root.offsetHeight}px`; // the page keeps its length, and so its scroll place
  Object.assign(reader, { marks: new Map(), notes: new Map(), ticks: new Map(), version: data.version });
  root.replaceChildren();
  reader.strip = element("div", "kb-r-strip", element("div", "kb-r-rail", root));
  reader.strip.ariaHidden = "true";
  reader.page = element("div", "kb-r-page", root);
  reader.page.setAttribute("role", "document");
  reader.page.setAttribute("aria-label", "text of the page");
  reader.column = element("div", "kb-r-notes", root);
  reader.column.setAttribute("role", "complementary");
  reader.column.setAttribute("aria-label", "claims of the page");
  for (const piece of data.pieces) drawPiece(reader, piece);
  for (const note of data.notes) drawNote(reader, note);
  const chosen = reader.chosen;
  reader.chosen = "";
  choose(reader, chosen);
  root.style.minHeight = "";
}

// The chosen note stands at its line; the others keep their order and give way to it upwards and downwards.
function layout(reader) {
  const { page, column, notes, marks, ticks } = reader;
  const claims = [...notes.keys()];
  const edge = column.getBoundingClientRect().top;
  const from = page.getBoundingClientRect();
  const lines = claims.map((claim) => marks.get(claim)[0].getClientRects()[0]?.top ?? from.top);
  const heights = claims.map((claim) => notes.get(claim).offsetHeight);
  const tops = lines.map((line) => line - edge - 4);
  const fixed = Math.max(0, claims.indexOf(reader.chosen));
  for (let i = fixed + 1; i < tops.length; i++) tops[i] = Math.max(tops[i], tops[i - 1] + heights[i - 1] + GAP);
  for (let i = fixed - 1; i >= 0; i--) tops[i] = Math.min(tops[i], tops[i + 1] - heights[i] - GAP);
  for (let i = 0; i < fixed; i++) {
    if (i && tops[i - 1] + heights[i - 1] + GAP > tops[i]) tops[i] = tops[i - 1] + heights[i - 1] + GAP;
  }
  claims.forEach((claim, i) => {
    notes.get(claim).style.top = `${tops[i]}px`;
    ticks.get(claim).style.top = `${((lines[i] - from.top) / Math.max(1, from.height)) * 100}%`;
  });
  const last = tops.length - 1;
  column.style.minHeight = last < 0 ? "" : `${tops[last] + heights[last]}px`;
}

function choose(reader, claim) {
  const all = (name) => [...(reader.marks.get(name) ?? []), reader.notes.get(name), reader.ticks.get(name)];
  for (const each of all(reader.chosen)) each?.classList.remove("kb-r-chosen");
  reader.chosen = reader.notes.has(claim) ? claim : "";
  for (const each of all(reader.chosen)) each?.classList.add("kb-r-chosen");
  layout(reader);
}

function bring(reader, block, smooth) {
  const quiet = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  reader.marks.get(reader.chosen)?.[0].scrollIntoView({ block, behavior: smooth && !quiet ? "smooth" : "instant" });
}

function pick(reader, target, send) {
  const claims = target.dataset.claims.split(" ").filter((claim) => reader.notes.has(claim));
  const isNote = target.classList.contains("kb-r-note");
  if (isNote && claims[0] === reader.chosen) return;
  // Where marks lie on one another, choosing again goes on to the next, and after the last lets go.
  choose(reader, claims[claims.indexOf(reader.chosen) + 1] ?? "");
  bring(reader, "nearest", true);
  const told = reader.chosen || "-";
  reader.sent.add(told);
  reader.latest = told;
  send("picked", told);
}

// Python names a claim: one from outside (a link, the back button) is shown; what was picked here is known already.
function follow(reader, focus) {
  const told = focus || "-";
  const ours = reader.sent.has(told);
  if (told === reader.latest) reader.sent.clear();
  if (ours || told === reader.told) return void (reader.told = told);
  const first = reader.told === undefined;
  Object.assign(reader, { told, latest: told });
  choose(reader, focus);
  bring(reader, first ? "center" : "nearest", false);
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".kb-r-root");
  const reader = readers.get(root) ?? { root, chosen: "", sent: new Set() };
  readers.set(root, reader);
  reader.stop?.();
  if (reader.version !== data.version) draw(reader, data);
  root.classList.toggle("kb-r-shows-unread", Boolean(data.showUnread));
  follow(reader, data.focus);

  const listeners = new AbortController();
  const on = (name, act) => root.addEventListener(name, act, { signal: listeners.signal });
  on("click", (event) => {
    const target = event.target.closest("[data-claims]");
    if (target && !event.target.closest("a") && document.getSelection().isCollapsed) pick(reader, target, setTriggerValue);
  });
  on("keydown", (event) => {
    const mark = event.target.closest("mark[role=button]");
    if (mark && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      pick(reader, mark, setTriggerValue);
      reader.notes.get(reader.chosen)?.focus({ preventScroll: true });
    } else if (event.key === "Escape" && reader.chosen) {
      reader.marks.get(reader.chosen).find((each) => each.tabIndex === 0)?.focus({ preventScroll: true });
    }
  });
  const resized = new ResizeObserver(() => layout(reader));
  resized.observe(reader.page);
  reader.stop = () => (listeners.abort(), resized.disconnect());
  return reader.stop;
}
