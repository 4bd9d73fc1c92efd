// What every page can do: dark and light, opened cards, copied code, the heading one has reached.
"use strict";

(() => {
  const root = document.documentElement;

  function readHash() {
    try {
      return decodeURIComponent(location.hash.slice(1));
    } catch {
      return ""; // no address that the book gives
    }
  }

  function openTarget() {
    // A link to a paper's card, or to a place on it, opens the card: browsers scroll to a folded
    // block but leave it shut.
    const place = document.getElementById(readHash());
    const card = place && place.closest("details");
    if (card && !card.open) {
      card.open = true;
      place.scrollIntoView();
    }
  }

  function isDark() {
    return root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  function offerThemes() {
    const button = document.querySelector(".tb-theme");
    button.hidden = false;
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      try {
        localStorage.setItem("theme", root.dataset.theme);
      } catch {
        // without storage the choice lasts for this page
      }
    });
  }

  async function copy(block) {
    try {
      await navigator.clipboard.writeText(block.textContent.trim() + "\n");
      return true;
    } catch {
      // browsers lend the clipboard to pages of a safe origin alone; to a selection, to others too
      getSelection().selectAllChildren(block);
      return document.execCommand("copy");
    }
  }

  function makeCopier(label, block, news) {
    const button = document.createElement("button");
    button.className = "tb-copy";
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", async () => {
      const text = (await copy(block)) ? "Copied" : "Selected: copy by key";
      button.textContent = news.textContent = text;
      setTimeout(() => {
        button.textContent = label;
        news.textContent = "";
      }, 1500);
    });
    return button;
  }

  function offerCopies() {
    const news = document.createElement("p");
    news.className = "tb-hidden";
    news.setAttribute("role", "status");
    document.body.append(news);
    for (const block of document.querySelectorAll("div.highlight")) {
      block.parentElement.append(makeCopier("Copy", block, news));
    }
    for (const tools of document.querySelectorAll(".tb-cite-tools")) {
      tools.prepend(makeCopier("Copy BibTeX", tools.parentElement.querySelector("pre"), news), " ");
    }
  }

  function watchScrolling() {
    // What scrolls by itself, and only while it does, can be reached with the keyboard.
    const observer = new ResizeObserver((entries) => {
      for (const { target } of entries) {
        if (target.scrollWidth > target.clientWidth) {
          target.tabIndex = 0;
        } else {
          target.removeAttribute("tabindex");
        }
      }
    });
    for (const block of document.querySelectorAll("pre, .tb-scroll, table.docutils, .tb-figure")) {
      observer.observe(block);
    }
  }

  function followHeadings() {
    const links = new Map();
    for (const link of document.querySelectorAll(".tb-toc a")) {
      links.set(link.hash.slice(1), link);
    }
    const sections = [...document.querySelectorAll("section[id]")].filter(({ id }) => links.has(id));
    const mark = () => {
      const passed = sections.filter((section) => section.getBoundingClientRect().top < 120);
      const here = passed.length ? links.get(passed[passed.length - 1].id) : null;
      for (const link of links.values()) {
        if (link === here) {
          link.setAttribute("aria-current", "location");
        } else {
          link.removeAttribute("aria-current");
        }
      }
    };
    if (sections.length) {
      // with the frame, when the page has been laid out in any case
      addEventListener("scroll", () => requestAnimationFrame(mark), { passive: true });
      requestAnimationFrame(mark);
    }
  }

  function offerSearch() {
    // The script of the search and its index are fetched when the search is opened. Where they
    // cannot be, as on a disk, the page of the search says what to do.
    const link = document.querySelector(".tb-search-link");
    const open = async (event) => {
      event.preventDefault();
      try {
        const script = new URL(link.dataset.script, document.baseURI);
        (await import(script.href)).openSearch(link.href);
      } catch {
        location.href = link.href;
      }
    };
    link.addEventListener("click", (event) => {
      if (!(event.ctrlKey || event.metaKey || event.shiftKey)) {
        open(event);
      }
    });
    addEventListener("keydown", (event) => {
      const writing = event.target.closest("input, select, textarea, [contenteditable]");
      if (event.key === "/" && !(writing || event.ctrlKey || event.metaKey || event.altKey)) {
        open(event);
      }
    });
  }

  offerThemes();
  offerCopies();
  offerSearch();
  addEventListener("load", watchScrolling); // by then fonts have come, and widths stay
  followHeadings();
  openTarget();
  addEventListener("hashchange", openTarget);
})();
