// The note on a cited paper, while the pointer or the focus is on its citation. A click goes on to
// the paper's card. The note stays while the pointer is on it and goes with Escape.
"use strict";

(() => {
  const facts = JSON.parse(document.getElementById("tb-cited").textContent);
  const note = document.createElement("div");
  note.className = "tb-note-on-paper";
  note.id = "tb-note-on-paper";
  note.role = "tooltip";
  note.hidden = true;
  document.querySelector("main").append(note);
  let shown = null;
  let waiting = 0;

  function place(link) {
    const box = link.getClientRects()[0];
    const width = document.documentElement.clientWidth;
    const left = Math.max(12, Math.min(box.left, width - note.offsetWidth - 12));
    const below = box.bottom + note.offsetHeight + 12 < innerHeight;
    note.style.left = `${left + scrollX}px`;
    note.style.top = `${(below ? box.bottom + 4 : box.top - note.offsetHeight - 4) + scrollY}px`;
  }

  function readCard(key) {
    const card = document.querySelector(`.tb-card#${CSS.escape(key)}`);
    const parts = ["summary > strong", ".tb-card-by", ".tb-card-gist"];
    return card && parts.map((part) => card.querySelector(part)?.textContent);
  }

  function show(link) {
    const key = link.hash.slice(1);
    const [title, source, gist] = facts[key] ?? readCard(key);
    const parts = [["strong", title], ["span", source], ["p", gist]];
    note.replaceChildren(
      ...parts
        .filter(([, text]) => text)
        .map(([tag, text]) => Object.assign(document.createElement(tag), { textContent: text })),
    );
    hide();
    shown = link;
    link.setAttribute("aria-describedby", note.id);
    note.hidden = false;
    place(link);
  }

  function hide() {
    note.hidden = true;
    if (shown) {
      shown.removeAttribute("aria-describedby");
      shown = null;
    }
  }

  function later(act, wait) {
    clearTimeout(waiting);
    waiting = setTimeout(act, wait);
  }

  for (const link of document.querySelectorAll("a.tb-cite")) {
    const key = link.hash.slice(1);
    if (key in facts || document.getElementById(key)) {
      link.removeAttribute("title"); // the note says it, and more
      link.addEventListener("pointerenter", ({ pointerType }) => {
        if (pointerType === "mouse") {
          later(() => show(link), 150);
        }
      });
      link.addEventListener("pointerleave", () => later(hide, 200));
      link.addEventListener("focus", () => link.matches(":focus-visible") && show(link));
      link.addEventListener("blur", hide);
    }
  }
  note.addEventListener("pointerenter", () => clearTimeout(waiting));
  note.addEventListener("pointerleave", () => later(hide, 200));
  addEventListener("keydown", ({ key }) => key === "Escape" && hide());
})();
