/* The banner of a status page, for the software that it watches: one script tag, see docs/widget.md.
   It fetches one small file, at most every five minutes and only while the page is visible; writes only text;
   sets its style without inline styles; stores one entry: when it asked, what the answer was, what was dismissed. */
(() => {
  "use strict";
  const EVERY = 300000;
  const languages = "LANGUAGES"; // written here when the page is built; the first is the default
  const script = document.currentScript;
  const { lang, services, into } = script.dataset;
  const root = new URL(".", script.src).href;
  const key = "constat " + root;
  const wanted = services && services.split(/[\s,]+/).filter(Boolean);
  const language = choose([lang, document.documentElement.lang, ...navigator.languages]);
  const list = make("ul", { role: "list", "aria-live": "polite" });
  const region = make("section", { tabindex: -1, lang: language }, list);
  let kept = { at: 0, language: "", said: null, gone: {} };
  let drawn = "";
  let timer;

  function choose(tags) {
    const same = (one, other) => one.toLowerCase() === other.toLowerCase();
    const short = (tag) => tag.split("-")[0];
    for (const tag of tags.filter(Boolean)) {
      const found = languages.find((code) => same(code, tag)) || languages.find((code) => same(short(code), short(tag)));
      if (found) return found;
    }
    return languages[0];
  }

  function make(name, attributes, ...inside) {
    const made = document.createElement(name);
    for (const attribute in attributes) made.setAttribute(attribute, attributes[attribute]);
    made.append(...inside);
    return made;
  }

  function read() {
    try {
      kept = { ...kept, ...JSON.parse(localStorage.getItem(key)) };
    } catch {
      // blocked or damaged: go on without it
    }
  }

  function keep() {
    try {
      localStorage.setItem(key, JSON.stringify(kept));
    } catch {
      // the same
    }
  }

  function isShown(notice) {
    return (
      kept.gone[notice.id] !== notice.phase &&
      !(notice.ends && notice.phase === "upcoming" && Date.parse(notice.ends) < Date.now()) &&
      !(wanted && notice.services.length && !notice.services.some((id) => wanted.includes(id)))
    );
  }

  function when(notice) {
    const format = new Intl.DateTimeFormat(language, {
      weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit", timeZoneName: "short",
    });
    const [from, to] = [notice.starts, notice.ends].map((time) => time && new Date(time));
    return to ? format.formatRange(from, to) : format.format(from);
  }

  function row(notice) {
    const { more, dismiss } = kept.said;
    const link = { href: notice.url, target: "_blank", rel: "noopener", "aria-label": more + ": " + notice.headline };
    const button = make("button", { type: "button", "aria-label": dismiss + ": " + notice.headline }, "\u00d7");
    button.addEventListener("click", () => {
      read();
      kept.gone[notice.id] = notice.phase;
      keep();
      draw();
      (list.querySelector("button") || region).focus();
    });
    const text = make("p", {}, make("strong", {}, notice.headline), " \u00b7 ", when(notice), " \u00b7 ", make("a", link, more));
    return make("li", { class: notice.kind + " " + notice.impact }, text, button);
  }

  function draw() {
    const notices = kept.said ? kept.said.notices.filter(isShown) : [];
    const now = JSON.stringify(notices);
    if (now === drawn) return; // a screen reader announces only what is new
    drawn = now;
    region.setAttribute("aria-label", kept.said.label);
    list.replaceChildren(...notices.map(row));
  }

  async function look() {
    clearTimeout(timer);
    if (document.visibilityState !== "visible") return;
    read();
    const due = kept.at + EVERY - Date.now();
    if (kept.language === language && due > 0 && due <= EVERY) {
      timer = setTimeout(look, due);
      draw();
      return;
    }
    timer = setTimeout(look, EVERY);
    kept = { ...kept, at: Date.now(), language };
    keep();
    try {
      const answer = await fetch(root + "widget/" + language + ".json", { credentials: "omit" });
      if (!answer.ok) return;
      const said = await answer.json();
      read();
      const gone = {};
      for (const { id } of said.notices) if (id in kept.gone) gone[id] = kept.gone[id];
      kept = { ...kept, said, gone };
      keep();
      draw();
    } catch {
      // no answer: keep the previous one, and ask again later
    }
  }

  function begin() {
    const box = make("div", {});
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    const shadow = box.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(region);
    ((into && document.querySelector(into)) || document.body).prepend(box);
    document.addEventListener("visibilitychange", look);
    setTimeout(look); // screen readers announce only what is added to a list that is already there
  }

  const STYLE = `
    ul { margin: 0; padding: 0; list-style: none; font: 1rem/1.5 system-ui, sans-serif }
    li { display: flex; gap: .75rem; align-items: start; padding: .625rem 1rem; color: #1b1a17; background: #e8eefc;
      border-inline-start: .375rem solid #2f5bd0 }
    .incident { background: #fbe9ea; border-color: #94131f }
    .minor { background: #fdf0cf; border-color: #c38804 }
    p { flex: 1; margin: 0 }
    a { color: #0b57a4 }
    button { min-width: 1.75rem; min-height: 1.75rem; font: inherit; color: inherit; background: none;
      border: 1px solid; border-radius: .25rem; cursor: pointer }
    section:focus { outline: none }
    a:focus-visible, button:focus-visible { outline: 3px solid #0b57a4; outline-offset: 2px }
    @media (prefers-color-scheme: dark) {
      li { color: #ecebe6; background: #17233f; border-color: #6b93ff }
      .incident { background: #3a1518; border-color: #ea3d45 }
      .minor { background: #33280c; border-color: #fdca39 }
      a { color: #8ab8ff }
      a:focus-visible, button:focus-visible { outline-color: #8ab8ff }
    }
    @media (forced-colors: active) { li { border: 2px solid } }
    @media print { :host { display: none } }`;

  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin);
})();
