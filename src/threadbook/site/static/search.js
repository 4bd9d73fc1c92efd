// The search: a field and its results, in a dialog on any page or on the page of the search.
// threadbook.js loads this when a reader opens the search, and only then is the index fetched.

const ROOT = new URL("..", import.meta.url);
const KINDS = {
  paper: { one: "Paper", many: "Papers", weight: 1 },
  thread: { one: "Thread", many: "Threads", weight: 2 },
  term: { one: "Term", many: "Terms", weight: 1.5 },
  page: { one: "Page", many: "Pages", weight: 1 },
};
// What a word counts where it stands in a fact of a record and not in its text.
const FACTS = { title: 5, names: 6, key: 5, authors: 4, year: 0.5, venue: 0.5 };
const EXACT = 2; // how much more a result counts that has the words as they were typed
const AT_ONCE = 8;
const LOOKED_AT = 3; // results that are looked at to see whether the words are known
const STEM = 0.6; // how much of a word's beginning has to be found: "forgetting", "forgets"
const PAUSE = 120; // milliseconds without a key before the search starts
const MOST_AUTHORS = 3;
const MOST_PARTS = 3;

// ---- the index

let index = null;

async function loadIndex() {
  const pagefind = await import(new URL("pagefind/pagefind.js", ROOT).href);
  await pagefind.options({ noWorker: true, excerptLength: 28, ranking: { metaWeights: FACTS } });
  await pagefind.init();
  return pagefind;
}

function openIndex() {
  index ??= loadIndex().catch((error) => {
    index = null; // so that the next try fetches it again
    throw error;
  });
  return index;
}

// All results, the best first: each has a kind and a function that fetches what to show.
async function find(query) {
  const pagefind = await openIndex();
  const phrase = await pagefind.search(`"${query.replaceAll('"', " ")}"`);
  const exact = new Set(phrase.results.map(({ id }) => id));
  const found = [];
  for (const [kind, { weight }] of Object.entries(KINDS)) {
    const { results } = await pagefind.search(query, { filters: { kind } });
    for (const { id, score, data } of results) {
      found.push({ kind, rank: score * weight * (exact.has(id) ? EXACT : 1), fetch: data });
    }
  }
  found.sort((one, other) => other.rank - one.rank);
  return (await isKnown(wordsOf(query), found.slice(0, LOOKED_AT))) ? found : [];
}

// Where no word begins as one of the query's, Pagefind shortens the words until some are found.
// What it finds then has nothing to do with what was asked.
async function isKnown(words, best) {
  if (!words.length) return true;
  const starts = words.map((word) => word.slice(0, Math.max(3, Math.ceil(word.length * STEM))));
  const data = await Promise.all(best.map(({ fetch }) => fetch()));
  return data.some(({ meta, content }) =>
    has(`${Object.values(meta).join(" ")} ${content}`, starts)
  );
}

// ---- what a result shows

function make(tag, className, ...content) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...content);
  return element;
}

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const wordsOf = (text) =>
  fold(text)
    .split(/[^\p{L}\p{N}+]+/u)
    .filter((word) => word.length > 1);

function has(text, words) {
  return wordsOf(text).some((word) => words.some((start) => word.startsWith(start)));
}

// The text with the words that begin as the query's do in <mark>.
function mark(text, words) {
  return text
    .split(/([\s-]+)/)
    .map((part) => (has(part, words) ? make("mark", "", part) : part));
}

// The first author and those that were asked for, with the number of the others.
function nameAuthors(authors, words) {
  const names = authors.split(", ");
  const shown = names.filter(
    (name, place) => names.length <= MOST_AUTHORS || place === 0 || has(name, words)
  );
  const first = shown.slice(0, MOST_AUTHORS).join(", ");
  const others = names.length - Math.min(shown.length, MOST_AUTHORS);
  return others ? `${first} and ${others} other${others > 1 ? "s" : ""}` : first;
}

function describe({ meta, filters }, words) {
  if (!meta.authors) return [];
  const facts = [meta.year, meta.venue, filters.thread && `in ${filters.thread[0]}`];
  const rest = facts.filter(Boolean).join(" · ");
  return [make("p", "tb-result-by", ...mark(nameAuthors(meta.authors, words), words), ` · ${rest}`)];
}

// What Pagefind quotes, with dots where the text goes on.
function quote(excerpt, content) {
  const text = make("p", "tb-result-text");
  text.innerHTML = excerpt; // Pagefind has escaped all but its <mark>
  const plain = text.textContent.trim();
  if (!content.startsWith(plain)) text.prepend("… ");
  if (!content.endsWith(plain)) text.append(" …");
  return text;
}

// The sections of a page that have the words, the best first: many of the words, then many places.
function findParts({ sub_results: parts }, words) {
  const weigh = ({ excerpt, locations }) =>
    words.filter((word) => has(excerpt, [word])).length + 1 - 1 / (locations.length + 1);
  return parts.filter(({ anchor }) => anchor).sort((one, other) => weigh(other) - weigh(one));
}

function linkParts(parts) {
  const links = parts
    .slice(0, MOST_PARTS)
    .map(({ url, title }) => Object.assign(make("a", "", title), { href: url }));
  return links.length ? [make("p", "tb-result-parts", ...links)] : [];
}

function show(kind, data, words) {
  const label = make("span", "tb-result-kind", KINDS[kind].one);
  const link = make("a", "tb-result-link", label, " ", ...mark(data.meta.title, words));
  link.href = data.url;
  const parts = findParts(data, words);
  const text = quote((parts[0] || data).excerpt, data.content);
  return make("li", "tb-result", link, ...describe(data, words), text, ...linkParts(parts));
}

// ---- the field and the list

const FORM = `
  <div class="tb-search-line">
    <input class="tb-search-field" name="q" inputmode="search" enterkeyhint="search"
      aria-label="Search the book" placeholder="A method, an author, a term"
      autocomplete="off" autocapitalize="off" spellcheck="false">
  </div>
  <fieldset class="tb-search-kinds"><legend class="tb-hidden">Kind of result</legend></fieldset>
  <p class="tb-search-status" role="status"></p>
  <ol class="tb-results"></ol>
  <button class="tb-search-more" type="button" hidden>Show more</button>`;

function makeBox(onAsk) {
  const form = make("form", "tb-search");
  form.setAttribute("role", "search");
  form.innerHTML = FORM;
  const part = (name) => form.querySelector(`.tb-${name}`);
  const [field, kinds, status] = ["search-field", "search-kinds", "search-status"].map(part);
  const [list, more] = ["results", "search-more"].map(part);
  const counts = {};
  let found = [];
  let asked = ""; // the query and the kind that the list answers
  let answer = Promise.resolve();
  let turn = 0;
  let timer = 0;

  function addKind(kind, label) {
    const choice = make("input", "");
    Object.assign(choice, { type: "radio", name: "kind", value: kind, checked: !kind });
    counts[kind] = make("span", "tb-search-count");
    kinds.append(make("label", "", choice, make("span", "", label, " ", counts[kind])));
  }

  function fail(error) {
    status.textContent = `The search could not be loaded: ${error.message}`;
  }

  const query = () => field.value.trim();
  const chosen = () => found.filter(({ kind }) => !form.kind.value || kind === form.kind.value);

  function tell() {
    for (const [kind, count] of Object.entries(counts)) {
      const number = found.filter((result) => !kind || result.kind === kind).length;
      count.textContent = query() ? number : "";
    }
    const number = chosen().length;
    const what = number === 1 ? "1 result" : `${number} results`;
    status.textContent = query() ? (number ? what : `Nothing found for “${query()}”`) : "";
  }

  // Adds the next results to the list; returns the link of the first.
  async function extend(mine) {
    const next = chosen().slice(list.children.length, list.children.length + AT_ONCE);
    const data = await Promise.all(next.map(({ fetch }) => fetch()));
    if (mine !== turn) return null;
    const items = next.map(({ kind }, place) => show(kind, data[place], wordsOf(query())));
    list.append(...items);
    more.hidden = list.children.length >= chosen().length;
    return items.length ? items[0].querySelector("a") : null;
  }

  async function run(mine) {
    try {
      const results = query() ? await find(query()) : [];
      if (mine !== turn) return;
      found = results;
      list.replaceChildren();
      more.hidden = true;
      await extend(mine);
      if (mine === turn) tell();
    } catch (error) {
      if (mine === turn) fail(error);
    }
  }

  function ask() {
    clearTimeout(timer);
    asked = `${form.kind.value} ${query()}`;
    turn += 1;
    onAsk(query(), form.kind.value);
    answer = run(turn);
  }

  function move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const stops = [field, ...list.querySelectorAll("a")];
    const place = stops.indexOf(event.target);
    if (!step || place < 0) return;
    event.preventDefault();
    stops[Math.max(0, Math.min(place + step, stops.length - 1))].focus();
  }

  async function go(event) {
    event.preventDefault();
    if (matchMedia("(pointer: coarse)").matches) field.blur(); // to see what the keyboard covers
    else {
      if (asked !== `${form.kind.value} ${query()}`) ask();
      await answer;
      const first = list.querySelector("a");
      if (first) first.click();
    }
  }

  addKind("", "All");
  for (const [kind, { many }] of Object.entries(KINDS)) addKind(kind, many);
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  kinds.addEventListener("change", ask);
  form.addEventListener("keydown", move);
  form.addEventListener("submit", go);
  more.addEventListener("click", async () => {
    const first = await extend(turn);
    if (first) first.focus();
  });
  openIndex().catch(fail);
  return { form, field, ask };
}

// ---- where it stands

let box = null;
let dialog = null;

// The page of the search keeps what was asked in its address, to be linked to and come back to.
function fillPage(place) {
  const address = new URL(location.href);
  box = makeBox((query, kind) => {
    for (const [name, value] of [["q", query], ["kind", kind]]) {
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    history.replaceState(null, "", address);
  });
  place.append(box.form);
  const { searchParams: asked } = address;
  box.field.value = asked.get("q") ?? "";
  if (asked.get("kind") in KINDS) box.form.kind.value = asked.get("kind");
  if (box.field.value) box.ask();
  else box.field.focus();
}

function makeDialog(page) {
  const link = make("a", "tb-search-page", "These results as a page");
  box = makeBox((query) => (link.href = `${page}?q=${encodeURIComponent(query)}`));
  link.href = page;
  const close = make("button", "tb-search-close", "Close");
  close.type = "button";
  close.addEventListener("click", () => dialog.close());
  box.form.querySelector(".tb-search-line").append(close);
  const keys = make("span", "tb-search-keys", "↑ ↓ to choose, Enter to open, Esc to close");
  dialog = make("dialog", "tb-search-dialog", box.form, make("p", "tb-search-foot", keys, link));
  dialog.setAttribute("aria-label", "Search");
  dialog.addEventListener("click", leave);
  document.body.append(dialog);
}

function leave({ target }) {
  const link = target.closest("a");
  if (target === dialog || link) dialog.close(); // the dialog itself is hit beside its content
  // The card of the address that one is at may have been folded in the meantime.
  if (link && link.href === location.href) dispatchEvent(new HashChangeEvent("hashchange"));
}

export function openSearch(page) {
  if (!box) makeDialog(page);
  if (dialog && !dialog.open) dialog.showModal();
  box.field.focus();
  box.field.select();
}

const here = document.querySelector(".tb-search-here");
if (here) fillPage(here);
