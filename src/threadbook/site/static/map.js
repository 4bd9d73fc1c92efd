// The map of the papers: pan, zoom, notes, filters. Without this script it is a drawing with links.
(() => {
  "use strict";
  const LARGEST = 16; // how far one can zoom in
  const [CLOSEST, MARGIN] = [4, 0.08]; // of the view that a filter opens, in boxes
  const SIGNS = { holds: "✓", mixed: "±", fails: "✗" };
  const REACH = { mouse: 16, pen: 20, touch: 28 }; // px from a mark that count as on it
  const HEADINGS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  const figure = document.querySelector(".tb-map");
  const form = figure.querySelector("form");
  const box = figure.querySelector(".tb-map-box");
  const svg = figure.querySelector(".tb-map-view");
  const world = figure.querySelector(".tb-map-world");
  const count = figure.querySelector(".tb-map-count");

  const papers = [...world.querySelectorAll("a")].map(readPaper);
  const names = readNames();
  const view = { zoom: 1, x: 0, y: 0 }; // the world's size and left top corner, in boxes
  const size = { width: 1, height: 1 }; // of the box, in px
  let active = null; // the paper whose note is open
  let last = null; // the paper whose note was open last
  let notes = null; // authors and gist of each paper, once somebody comes near

  function add(parent, tag, className, attributes = {}) {
    const space = parent.namespaceURI;
    const element = document.createElementNS(space, tag);
    element.setAttribute("class", className);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return parent.appendChild(element);
  }

  const ring = add(world, "circle", "tb-map-ring", { r: 10, visibility: "hidden" });
  const note = add(box, "div", "tb-map-note", { hidden: "" });
  const title = add(add(note, "p", "tb-map-title"), "a", "", {
    href: papers[0].link.getAttribute("href"), // until a note opens
    tabindex: -1,
  });
  const by = add(note, "p", "tb-map-by");
  const gist = add(note, "p", "tb-map-gist");
  const verdicts = add(note, "p", "tb-map-verdicts");
  const hint = add(box, "p", "tb-map-hint", { hidden: "" });
  const voice = add(box, "p", "tb-hidden", { "aria-live": "polite" });

  function readPaper(link) {
    const { thread, part, name } = link.parentNode.dataset;
    const mark = link.lastElementChild;
    const full = link.firstElementChild.textContent;
    link.firstElementChild.remove(); // the browser's own note
    link.tabIndex = -1;
    return {
      link,
      title: full.slice(full.indexOf(": ") + 2),
      label: full.slice(0, full.indexOf(": ")),
      name,
      key: link.getAttribute("href").split("#")[1],
      x: parseFloat(mark.getAttribute("cx") || mark.getAttribute("x")) / 100,
      y: parseFloat(mark.getAttribute("cy") || mark.getAttribute("y")) / 100,
      values: {
        thread: [thread, part],
        year: [link.dataset.year],
        verdict: link.dataset.verdict ? link.dataset.verdict.split(" ") : [],
      },
      shown: true,
    };
  }

  // The names of the threads that are shown; where they crowd, those of larger threads stay.
  function readNames() {
    return [...world.querySelectorAll("text")]
      .map((text) => ({
        text,
        x: parseFloat(text.getAttribute("x")) / 100,
        y: parseFloat(text.getAttribute("y")) / 100,
        half: (text.textContent.length * figure.dataset.letter) / 2, // px
        papers: papers.filter((paper) => paper.name === text.textContent),
        shown: true,
      }))
      .sort((a, b) => b.papers.length - a.papers.length);
  }

  // Where a place of the map is in the box, in px.
  function locate({ x, y }) {
    return [(view.x + x * view.zoom) * size.width, (view.y + y * view.zoom) * size.height];
  }

  function thinNames() {
    const taken = [];
    for (const name of names) {
      name.text.classList.toggle("tb-map-off", !name.shown);
      if (!name.shown) continue;
      const [middle, y] = locate(name);
      const inside = Math.min(size.width - name.half - 4, Math.max(name.half + 4, middle));
      const x = Math.abs(inside - middle) < name.half ? inside : middle; // else it is out of view
      if (x !== middle || name.moved) name.text.setAttribute("dx", x - middle);
      name.moved = x !== middle;
      const free = taken.every(
        (other) => Math.abs(x - other.x) > name.half + other.half || Math.abs(y - other.y) > 17
      );
      name.text.classList.toggle("tb-map-off", !free);
      if (free) taken.push({ x, y, half: name.half });
    }
  }

  // -- the view

  let drawn = "1.00";
  function draw() {
    world.setAttribute("x", `${view.x * 100}%`);
    world.setAttribute("y", `${view.y * 100}%`);
    world.setAttribute("width", `${view.zoom * 100}%`);
    world.setAttribute("height", `${view.zoom * 100}%`);
    const growth = (view.zoom ** 0.25).toFixed(2); // of the marks; all are styled anew with it
    if (growth !== drawn) svg.style.setProperty("--tb-zoom", growth);
    drawn = growth;
    svg.classList.toggle("tb-map-near", view.zoom > 1);
    thinNames();
    placeNote();
  }

  let waiting = false;
  function drawSoon() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      draw();
    });
  }

  function clamp() {
    view.x = Math.min(0, Math.max(1 - view.zoom, view.x));
    view.y = Math.min(0, Math.max(1 - view.zoom, view.y));
    drawSoon();
  }

  // Zooms by a factor and keeps the place at (x, y), in px of the box, where it is.
  function zoomBy(factor, x = size.width / 2, y = size.height / 2) {
    const zoom = Math.min(LARGEST, Math.max(1, view.zoom * factor));
    const [left, top] = [x / size.width, y / size.height];
    view.x = left - ((left - view.x) / view.zoom) * zoom;
    view.y = top - ((top - view.y) / view.zoom) * zoom;
    view.zoom = zoom;
    clamp();
  }

  function moveBy(x, y) {
    view.x += x / size.width;
    view.y += y / size.height;
    clamp();
  }

  function bringIntoView(paper) {
    const [x, y] = locate(paper);
    if (x > 0 && y > 0 && x < size.width && y < size.height) return;
    moveBy(size.width / 2 - x, size.height / 2 - y);
  }

  // -- the note

  async function loadNotes() {
    if (notes) return;
    notes = {};
    try {
      notes = await (await fetch(figure.dataset.notes)).json();
      fillNote();
    } catch { /* a page opened from a disk may not read files: titles alone, then */ }
  }

  function fillNote() {
    if (!active) return;
    const [authors, does] = notes?.[active.key] || [active.label.replace(/, \w+$/, ""), ""];
    title.textContent = active.title;
    title.href = active.link.getAttribute("href");
    by.textContent = [authors, ...active.values.year, active.name].join(" · ");
    gist.textContent = does;
    verdicts.textContent = active.values.verdict.length ? "Verdicts of labs here: " : "";
    for (const kind of active.values.verdict) {
      add(verdicts, "span", `tb-badge tb-is-${kind}`).textContent = `${SIGNS[kind]} ${kind}`;
      verdicts.append(" ");
    }
    placeNote();
  }

  // On a wide box beside its mark, on a narrow one at the end of the box away from it.
  function placeNote() {
    if (!active) return;
    const [x, y] = locate(active);
    const below = y < size.height / 2;
    const left = Math.min(size.width - note.offsetWidth - 8, Math.max(8, x - note.offsetWidth / 3));
    note.classList.toggle("tb-map-low", below);
    note.style.setProperty("--tb-left", `${left}px`);
    note.style.setProperty("--tb-top", `${below ? y + 16 : y - 16 - note.offsetHeight}px`);
  }

  function show(paper) {
    if (paper === active) return;
    active = last = paper;
    ring.setAttribute("cx", `${paper.x * 100}%`);
    ring.setAttribute("cy", `${paper.y * 100}%`);
    ring.setAttribute("visibility", "visible");
    note.hidden = false;
    fillNote();
  }

  function hide() {
    active = null;
    note.hidden = true;
    ring.setAttribute("visibility", "hidden");
  }

  let closing = 0; // the note waits a moment, so that a pointer can reach it
  const stay = () => clearTimeout(closing);
  function hideSoon() {
    stay();
    closing = setTimeout(hide, 250);
  }

  function nearest(x, y, reach) {
    let found = null;
    for (const paper of papers) {
      if (!paper.shown) continue;
      const [left, top] = locate(paper);
      const distance = Math.hypot(left - x, top - y);
      if (distance < reach) [found, reach] = [paper, distance];
    }
    return found;
  }

  // -- pointers

  const pointers = new Map(); // those pressed, by id, in px of the box
  let kind = "mouse"; // of the pointer pressed last
  let dragged = false;

  function place(event) {
    const { left, top } = svg.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  function press(event) {
    loadNotes();
    if (event.button > 0) return;
    kind = event.pointerType;
    if (!pointers.size) dragged = false;
    pointers.set(event.pointerId, place(event));
    if (pointers.size > 1) dragged = true;
  }

  function move(event) {
    const [x, y] = place(event);
    const from = pointers.get(event.pointerId);
    if (!from) {
      if (event.pointerType !== "touch") point(x, y, event.pointerType);
      return;
    }
    if (!dragged && Math.hypot(x - from[0], y - from[1]) < 5) return;
    if (!dragged) svg.setPointerCapture(event.pointerId);
    dragged = true;
    if (pointers.size === 1) moveBy(x - from[0], y - from[1]);
    else pinch(event.pointerId, [x, y]);
    pointers.set(event.pointerId, [x, y]);
  }

  function pinch(id, to) {
    const from = pointers.get(id);
    const other = [...pointers].find(([key]) => key !== id)[1];
    const apart = (one) => Math.max(20, Math.hypot(one[0] - other[0], one[1] - other[1]));
    const middle = (one) => [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
    moveBy(middle(to)[0] - middle(from)[0], middle(to)[1] - middle(from)[1]);
    zoomBy(apart(to) / apart(from), ...middle(to));
  }

  function point(x, y, kind) {
    const paper = nearest(x, y, REACH[kind] || REACH.mouse);
    svg.classList.toggle("tb-map-on", Boolean(paper));
    if (!paper) return hideSoon();
    stay();
    show(paper);
  }

  function follow(paper) {
    location.href = paper.link.getAttribute("href");
  }

  // A click on a mark, or close to it, leads to the card; a finger sees the note first.
  function click(event) {
    const paper = dragged ? null : nearest(...place(event), REACH[kind] || REACH.mouse);
    const first = kind === "touch" && paper !== active;
    if (dragged || first) event.preventDefault();
    if (first) paper ? show(paper) : hide();
    else if (paper && !event.target.closest("a")) follow(paper);
  }

  function wheel(event) {
    const asked = event.ctrlKey || event.metaKey || view.zoom > 1 || svg === document.activeElement;
    if (!asked) return hintAt("To zoom, hold Ctrl while you scroll, or click the map first");
    if (view.zoom === 1 && event.deltaY > 0 && !event.ctrlKey) return; // the page scrolls on
    event.preventDefault();
    const lines = event.deltaMode ? 30 : 1;
    zoomBy(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.002)), ...place(event));
  }

  let hinting = 0;
  function hintAt(words, time = 1200) {
    hint.textContent = words;
    hint.hidden = false;
    clearTimeout(hinting);
    hinting = setTimeout(() => (hint.hidden = true), time);
  }

  function hintAtKeys() {
    if (svg.matches(":focus-visible")) {
      hintAt("Arrows lead from paper to paper, Enter opens the card, + and − zoom", 4000);
    }
  }

  // -- keyboard

  // The paper to which an arrow leads: near, and rather ahead than aside.
  function next([right, down]) {
    const from = last && last.shown ? last : null;
    if (!from || !active) return from || nearest(size.width / 2, size.height / 2, Infinity);
    const [x, y] = locate(from);
    let [found, least] = [null, Infinity];
    for (const paper of papers) {
      const [left, top] = locate(paper);
      const ahead = (left - x) * right + (top - y) * down;
      const aside = Math.abs((left - x) * down) + Math.abs((top - y) * right);
      const far = ahead + 2 * aside;
      if (paper.shown && ahead > 0.5 && aside < 2 * ahead && far < least) {
        [found, least] = [paper, far];
      }
    }
    return found;
  }

  function walk(heading) {
    const paper = next(heading);
    if (!paper) return;
    stay();
    bringIntoView(paper);
    show(paper);
    const said = [...note.children].map((part) => part.innerText.trim().replace(/\.$/, ""));
    voice.textContent = `${said.filter(Boolean).join(". ")}.`;
  }

  function type(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = active ? locate(active) : [];
    if (HEADINGS[event.key]) walk(HEADINGS[event.key]);
    else if (event.key === "Enter" && active) follow(active);
    else if (event.key === "+" || event.key === "=") zoomBy(1.6, ...at);
    else if (event.key === "-" || event.key === "_") zoomBy(1 / 1.6, ...at);
    else if (event.key === "0") zoomBy(0);
    else return;
    event.preventDefault();
  }

  // -- filters

  function filter() {
    const chosen = [...form.elements].filter((field) => field.name && field.value);
    let found = 0;
    for (const paper of papers) {
      paper.shown = chosen.every(({ name, value }) => paper.values[name].includes(value));
      paper.link.classList.toggle("tb-map-off", !paper.shown);
      found += paper.shown;
    }
    if (active && !active.shown) hide();
    for (const name of names) name.shown = name.papers.some((paper) => paper.shown);
    form.classList.toggle("tb-map-chosen", chosen.length > 0);
    const some = found ? `${found} of ${papers.length} papers` : "No paper has all of these";
    count.textContent = chosen.length ? some : "";
    fit(found ? papers.filter((paper) => paper.shown) : papers);
  }

  // Brings some papers into view, as large as they may be with a margin.
  function fit(some) {
    const [xs, ys] = [some.map(({ x }) => x), some.map(({ y }) => y)];
    const [left, right] = [Math.min(...xs), Math.max(...xs)];
    const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
    const extent = Math.max(right - left, bottom - top) + 2 * MARGIN;
    view.zoom = some.length < papers.length ? Math.max(1, Math.min(CLOSEST, 1 / extent)) : 1;
    view.x = 0.5 - ((left + right) / 2) * view.zoom;
    view.y = 0.5 - ((top + bottom) / 2) * view.zoom;
    clamp();
  }

  // The address keeps what was chosen, for the way back from a card and for a link to a view.
  function remember() {
    const state = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    try {
      history.replaceState(null, "", String(state) ? `#${state}` : location.href.split("#")[0]);
    } catch { /* a page opened from a disk may not change its address */ }
  }

  function recall() {
    const state = new URLSearchParams(location.hash.slice(1));
    for (const field of form.elements) if (field.name) field.value = state.get(field.name) || "";
    filter();
  }

  svg.addEventListener("pointerdown", press);
  svg.addEventListener("pointermove", move);
  svg.addEventListener("pointerup", (event) => pointers.delete(event.pointerId));
  svg.addEventListener("pointercancel", (event) => pointers.delete(event.pointerId));
  svg.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && hideSoon());
  svg.addEventListener("click", click);
  svg.addEventListener("dragstart", (event) => event.preventDefault());
  svg.addEventListener("wheel", wheel, { passive: false });
  svg.addEventListener(
    "touchstart",
    (event) => event.touches.length > 1 && event.cancelable && event.preventDefault(),
    { passive: false }
  );
  svg.addEventListener("keydown", type);
  svg.addEventListener("focus", hintAtKeys);
  svg.addEventListener("blur", hideSoon);
  addEventListener("keydown", (event) => event.key === "Escape" && active && hide());
  note.addEventListener("pointerenter", stay);
  note.addEventListener("pointerleave", hideSoon);
  figure.addEventListener("pointerenter", loadNotes);
  figure.addEventListener("focusin", loadNotes);
  for (const button of box.querySelectorAll("button")) {
    button.addEventListener("click", () => zoomBy(Number(button.dataset.zoom)));
  }
  form.addEventListener("input", () => (filter(), remember()));
  form.addEventListener("reset", () => setTimeout(() => (filter(), remember())));

  svg.setAttribute("role", "application");
  svg.setAttribute("aria-roledescription", "map");
  svg.setAttribute("aria-describedby", "map-help");
  svg.setAttribute("tabindex", "0");
  world.setAttribute("aria-hidden", "true");
  box.querySelector(".tb-map-zoom").hidden = false;
  figure.classList.add("tb-map-live");
  new ResizeObserver(([{ contentRect }]) => {
    size.width = contentRect.width;
    size.height = contentRect.height;
    draw();
  }).observe(box);
  recall();
})();
