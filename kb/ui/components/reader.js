// The reader. The text of the page is data: only text nodes are made of it, never markup.
// Marks, notes and ticks of one claim belong together; choosing one of them shows all three.
const readers = new WeakMap();
const HIDDEN = /\r(?!\n)|(?![\n\r\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;
const GAP = 4;
const EDGE = 90;

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
    piece.omitted ? "kb-r-omitted" : "",
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
  element("b", "kb-r-kind", made, `${note.glyph} ${note.word}`.trim());
  element("span", "kb-r-says", made, note.text);
  element("div", "kb-r-cited", made, note.cited);
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
  const scrolled = root.scrollTop; // of a page in a box of its own
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
  root.classList.toggle("kb-r-dense", data.notes.length * 50 > reader.page.offsetHeight * 1.3);
  const chosen = reader.chosen;
  reader.chosen = "";
  choose(reader, chosen);
  root.style.minHeight = "";
  root.scrollTop = scrolled;
}

// Where the marks begin, and how tall the notes are: measured when something changes, not while scrolling.
function measure(reader) {
  const from = reader.page.getBoundingClientRect();
  const claims = [...reader.notes.keys()];
  const first = (claim) => reader.marks.get(claim)[0].getClientRects()[0]?.top ?? from.top;
  const lines = claims.map((claim) => first(claim) - from.top);
  const heights = claims.map((claim) => reader.notes.get(claim).offsetHeight + GAP);
  Object.assign(reader, { claims, lines, heights, length: from.height });
  claims.forEach((claim, i) => (reader.ticks.get(claim).style.top = `${(lines[i] / Math.max(1, from.height)) * 100}%`));
  const short = from.height < window.innerHeight;
  reader.column.style.minHeight = short ? `${heights.reduce((sum, height) => sum + height, 0)}px` : "";
  place(reader);
}

// One note stands at its line; the others keep their order and give way to it upwards and downwards.
function around({ lines, heights, length }, fixed) {
  const tops = [...lines];
  tops[fixed] = Math.max(0, Math.min(tops[fixed], Math.max(length, heights[fixed]) - heights[fixed]));
  for (let i = fixed + 1; i < tops.length; i++) tops[i] = Math.max(tops[i], tops[i - 1] + heights[i - 1]);
  for (let i = fixed - 1; i >= 0; i--) tops[i] = Math.min(tops[i], tops[i + 1] - heights[i]);
  return tops;
}

// There may be more notes than lines. Those at a line in view (the chosen one's, else one that moves down the window
// as the page goes by) stand where they belong; between two notes the layouts for both are mixed, so nothing jumps.
function place(reader) {
  const { claims, lines, notes, chosen, length } = reader;
  if (!claims.length) return;
  const top = -reader.page.getBoundingClientRect().top;
  const view = window.innerHeight;
  const gone = Math.min(1, Math.max(0, top / Math.max(1, length - view)));
  const at = claims.indexOf(chosen);
  const line = at < 0 ? top + view * gone : Math.min(Math.max(lines[at], top + EDGE), top + view - EDGE);
  let before = at;
  if (at < 0 || line !== lines[at]) before = Math.max(0, lines.findLastIndex((each) => each <= line));
  let tops = around(reader, before);
  if (line > lines[before] && before + 1 < lines.length) {
    const next = around(reader, before + 1);
    const share = Math.min(1, (line - lines[before]) / (lines[before + 1] - lines[before]));
    tops = tops.map((each, i) => each + (next[i] - each) * share);
  }
  claims.forEach((claim, i) => (notes.get(claim).style.transform = `translateY(${Math.round(tops[i])}px)`));
}

function choose(reader, claim) {
  const all = (name) => [...(reader.marks.get(name) ?? []), reader.notes.get(name), reader.ticks.get(name)];
  for (const each of all(reader.chosen)) each?.classList.remove("kb-r-chosen");
  reader.chosen = reader.notes.has(claim) ? claim : "";
  for (const each of all(reader.chosen)) each?.classList.add("kb-r-chosen");
  measure(reader);
}

// A page in a box of its own has no notes: what is chosen is shown beside the box.
const isBoxed = ({ root }) => root.classList.contains("kb-r-boxed");

function bring(reader, block, smooth) {
  const quiet = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const behavior = smooth && !quiet ? "smooth" : "instant";
  const mark = reader.marks.get(reader.chosen)?.[0];
  if (!mark) return;
  if (!isBoxed(reader)) return void mark.scrollIntoView({ block, behavior });
  const { root } = reader;
  const top = mark.getBoundingClientRect().top - root.getBoundingClientRect().top;
  const inView = top > 0.1 * root.clientHeight && top < 0.8 * root.clientHeight;
  if (!inView) root.scrollTo({ top: root.scrollTop + top - root.clientHeight / 3, behavior });
}

function pick(reader, target, send) {
  const claims = target.dataset.claims.split(" ").filter((claim) => reader.notes.has(claim));
  const isNote = target.classList.contains("kb-r-note");
  if (isNote && claims[0] === reader.chosen) return;
  // Where marks lie on one another, choosing again goes on to the next, and after the last lets go.
  choose(reader, claims[claims.indexOf(reader.chosen) + 1] ?? (isBoxed(reader) ? claims[0] : ""));
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
  root.classList.toggle("kb-r-boxed", Boolean(data.boxed));
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
  const resized = new ResizeObserver(() => measure(reader));
  resized.observe(reader.page);
  let waiting = 0;
  const scrolled = () => (waiting ||= requestAnimationFrame(() => ((waiting = 0), place(reader))));
  document.addEventListener("scroll", scrolled, { capture: true, passive: true, signal: listeners.signal });
  reader.stop = () => (listeners.abort(), resized.disconnect(), cancelAnimationFrame(waiting));
  return reader.stop;
}
