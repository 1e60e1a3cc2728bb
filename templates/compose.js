/* The form of /compose/: fields, preview, and the way to the repository. It works without a connection, and keeps what is
   written in the fragment of the address alone. What a notice may say is decided in compose_check.js. */
(() => {
  const get = (id) => document.getElementById(id);
  const content = JSON.parse(get("content").textContent);
  const { languages, words, repository, rules } = content;
  const notices = Notices(rules, content.zone);
  const times = Times(notices);
  const form = get("form");
  const page = document.documentElement;
  const [first] = languages;
  const own = languages.find(({ code }) => code === page.lang);
  const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
  const now = () => Math.floor(Date.now() / 1000);

  const make = (name, attributes = {}, ...inside) => {
    const made = document.createElement(name);
    for (const attribute in attributes) made.setAttribute(attribute, attributes[attribute]);
    made.append(...inside);
    return made;
  };

  /* What is written about, which cannot be typed. `at` is the time of the update, and stands once it is given or a file was handed over. */
  let about = { kind: "incident", notice: null };
  let at = now();
  let isFixed = false;
  const handedOver = new Set();
  const filled = {};

  /* Fields. */
  const boxes = () => [...form.querySelectorAll("[name=service]")];
  const titleOf = ({ code }) => get(`title-${code}`);
  const textOf = ({ code }) => get(`text-${code}`);

  const readTime = (key) => {
    const [input, offset] = [get(key), get(`${key}-offset`)];
    if (!input.value) return input.validity.badInput ? NaN : null;
    const instants = notices.readClock(input.value);
    return instants[instants.length > 1 ? Math.max(offset.selectedIndex, 0) : 0] ?? NaN;
  };
  const offerOffsets = (key, chosen = null) => {
    const [input, select] = [get(key), get(`${key}-offset`)];
    const instants = input.value ? notices.readClock(input.value) : [];
    const offsets = instants.map((instant) => notices.writeOffset(notices.offsetAt(instant)));
    const index = chosen === null ? Math.max(select.selectedIndex, 0) : Math.max(instants.indexOf(chosen), 0);
    select.hidden = instants.length < 2;
    select.replaceChildren(...offsets.map((offset) => make("option", {}, offset)));
    select.selectedIndex = Math.min(index, offsets.length - 1);
  };
  const writeTime = (key, written) => {
    const instant = /^-?\d+$/.test(written) ? +written : Date.parse(written) / 1000;
    get(key).value = Number.isFinite(instant) ? notices.writeClock(instant) : "";
    offerOffsets(key, instant);
  };

  const readDraft = () => ({
    ...about,
    services: about.notice ? about.notice.services : boxes().filter((box) => box.checked).map((box) => box.value),
    impact: about.kind === "incident" ? get("impact").value : "",
    state: about.kind === "maintenance" && !about.notice ? "" : get("state").value,
    at,
    starts: about.notice ? null : readTime("starts"),
    ends: about.notice || about.kind === "incident" ? null : readTime("ends"),
    next: get("next").value && !(about.kind === "maintenance" && !about.notice) ? at + Number(get("next").value) : null,
    texts: languages.map((language) => ({ language: language.code, title: titleOf(language).value, text: textOf(language).value })),
  });

  const chooseTime = () => {
    const newest = Math.max(0, ...(about.notice?.updates ?? []).map((update) => update.at));
    const minute = now() - (now() % 60);
    return minute > newest ? minute : Math.max(now(), newest + 1);
  };

  /* Ready wordings: they fill in what nobody has typed. */
  const wordingsFor = () => content.wordings.filter((wording) => wording.for === (about.notice ? get("state").value : about.kind));
  const offerWordings = (chosen) => {
    const options = wordingsFor().map(({ name, titles, texts }) =>
      make("option", { value: name }, titles[own.code] || titles[first.code] || /[^#\s].*/.exec(texts[own.code] || texts[first.code])?.[0] || name),
    );
    get("wording").replaceChildren(make("option", { value: "" }, say("none")), ...options);
    get("wording").value = wordingsFor().some(({ name }) => name === chosen) ? chosen : "";
  };
  const nameServices = ({ services: names }, ids) => ids.map((id) => names[id] ?? id).join(", ");
  const wordsOf = (language, draft) => {
    const wording = content.wordings.find(({ name }) => name === get("wording").value);
    const isOver = !about.notice && draft.state === "resolved";
    const texts = (isOver && content.wordings.find(({ name }) => name === "resolved")) || wording;
    const fill = (text = "") => text.replaceAll("{services}", nameServices(language, draft.services));
    return wording ? [wording.titles[language.code] ?? "", fill(texts.texts[language.code])] : ["", ""];
  };
  const fillFields = () => {
    const draft = readDraft();
    for (const language of languages) {
      const fields = [titleOf(language), textOf(language)];
      wordsOf(language, draft).forEach((text, index) => {
        const field = fields[index];
        if (!field.value || field.value === filled[field.id]) field.value = text;
        filled[field.id] = text;
      });
    }
  };

  /* The fragment holds everything: a reload, another language or a message of the monitor begins from it. */
  const remember = () => {
    if (form.hidden) return;
    const draft = readDraft();
    const values = about.notice ? [["notice", about.notice.stem]] : [["kind", about.kind], ...draft.services.map((id) => ["service", id])];
    for (const key of ["wording", "state", "impact", "next"]) values.push([key, get(key).value]);
    for (const key of ["starts", "ends"]) if (Number.isFinite(draft[key])) values.push([key, draft[key]]);
    if (isFixed) values.push(["at", at]);
    values.push(["opened", [...handedOver].join(",")]);
    for (const { language, title, text } of draft.texts) values.push([`title.${language}`, title], [`text.${language}`, text]);
    history.replaceState(null, "", `#${new URLSearchParams(values.filter(([, value]) => value !== ""))}`);
    for (const link of document.querySelectorAll("nav a[hreflang]")) link.hash = location.hash;
  };
  let timer;
  const rememberSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(remember, 500);
  };

  const isClosing = () => rules.closing.includes(get("state").value);
  const guessState = (given) => {
    const last = about.notice?.updates.at(-1)?.state;
    if (given.has("state")) return given.get("state");
    if (given.has("until")) return "resolved";
    if (about.kind === "incident") return last ?? "investigating";
    return last === "in_progress" || last === "verifying" ? "completed" : "in_progress";
  };
  const guessWording = (given) => {
    if (given.has("wording")) return given.get("wording");
    if (about.notice) return about.kind === "maintenance" || isClosing() ? wordingsFor()[0]?.name : "";
    return given.has("since") ? "down" : "";
  };
  const guessImpact = (given) =>
    given.get("impact") ?? about.notice?.impact ?? (content.wordings.find(({ name }) => name === get("wording").value)?.impact || "minor");

  const show = (element, isShown) => {
    element.hidden = !isShown;
  };
  const arrange = () => {
    const here = [about.kind, about.notice ? "update" : "new"];
    const holds = (tokens) => tokens.split(" ").every((token) => here.includes(token));
    for (const part of form.querySelectorAll("[data-for]")) show(part, holds(part.dataset.for));
    for (const part of form.querySelectorAll("[data-hide]")) show(part, !holds(part.dataset.hide));
    for (const language of languages) {
      const isThere = !about.notice || language === first || about.notice.languages.includes(language.code);
      show(form.querySelector(`[data-language="${CSS.escape(language.code)}"]`), isThere);
    }
    if (about.notice && isClosing()) {
      get("next").value = "";
      for (const key of ["impact", "next"]) show(get(key).parentElement, false);
    }
    const title = about.notice?.titles[own.code] ?? about.notice?.titles[first.code];
    get("about").textContent = about.notice ? say("update", { title }) : say("new");
  };
  const offerStates = (chosen) => {
    const isOver = rules.closing.includes(about.notice?.updates.at(-1)?.state);
    const states = rules.states[about.kind].filter((state) => (state === "postmortem" ? isOver : !isOver));
    get("state").replaceChildren(...states.map((state) => make("option", { value: state }, own.labels[state])));
    get("state").value = states.includes(chosen) ? chosen : states[0];
  };
  const begin = (given) => {
    const notice = content.notices.find(({ stem }) => stem === given.get("notice")) ?? null;
    const asked = content.wordings.find(({ name }) => name === given.get("wording"))?.for;
    const kind = given.get("kind") ?? asked;
    about = { kind: notice?.kind ?? (kind === "maintenance" ? kind : "incident"), notice };
    isFixed = given.has("at") || given.has("until");
    handedOver.clear();
    for (const code of given.get("opened")?.split(",") ?? []) handedOver.add(code);
    at = given.has("at") ? Number(given.get("at")) : given.has("until") ? Date.parse(given.get("until")) / 1000 : chooseTime();
  };
  const apply = () => {
    const given = new URLSearchParams(location.hash.slice(1));
    if (!location.hash.includes("=")) return;
    begin(given);
    const services = given.getAll("service").flatMap((ids) => ids.split(","));
    for (const box of boxes()) box.checked = services.includes(box.value);
    offerStates(guessState(given));
    offerWordings("");
    offerWordings(guessWording(given));
    get("impact").value = guessImpact(given);
    get("next").value = given.get("next") ?? "";
    writeTime("starts", given.get("starts") ?? given.get("since") ?? "");
    writeTime("ends", given.get("ends") ?? "");
    for (const language of languages) {
      titleOf(language).value = given.get(`title.${language.code}`) ?? "";
      textOf(language).value = given.get(`text.${language.code}`) ?? "";
    }
    arrange();
    form.hidden = false;
    if ([...given.keys()].some((key) => key.startsWith("title.") || key.startsWith("text."))) {
      for (const language of languages) [filled[`title-${language.code}`], filled[`text-${language.code}`]] = wordsOf(language, readDraft());
    } else fillFields();
    refresh();
    remember();
    get("about").focus();
    get("about").scrollIntoView();
  };

  /* Preview: simple Markdown, built of elements, so that no text becomes markup. */
  const INLINE = /(`+)(.+?)\1|\*\*(.+?)\*\*|\*([^\s*].*?)\*|\[([^\]]+)\]\(([^)\s]+)[^)]*\)|(https?:\/\/[^\s<>)]+)|~~(.+?)~~/;
  const inline = (text) => {
    const made = [];
    let rest = text;
    for (let found = INLINE.exec(rest); found; found = INLINE.exec(rest)) {
      made.push(rest.slice(0, found.index), format(found));
      rest = rest.slice(found.index + found[0].length);
    }
    return [...made, rest];
  };
  const format = ([, , code, strong, emphasis, label, target, bare, struck]) => {
    const href = target ?? bare;
    const isSafe = /^(https?|mailto|tel):/i.test(href ?? "");
    if (code) return make("code", {}, code);
    if (strong) return make("strong", {}, ...inline(strong));
    if (emphasis) return make("em", {}, ...inline(emphasis));
    if (struck) return make("del", {}, ...inline(struck));
    return make("a", isSafe ? { href, target: "_blank", rel: "noopener" } : {}, label ?? bare);
  };
  const ITEM = /^( *)(?:[-*+]|(\d+)[.)]) +/;
  const list = (lines) => {
    const [, { length }, number] = ITEM.exec(lines[0]);
    const items = [];
    for (const line of lines) {
      const marker = ITEM.exec(line);
      if (marker && marker[1].length <= length) items.push([line.slice(marker[0].length)]);
      else items.at(-1).push(line);
    }
    const item = ([...own]) => {
      const below = own.findIndex((line, index) => index && ITEM.test(line));
      const nested = below > 0 ? [list(own.splice(below))] : [];
      return make("li", {}, ...inline(own.join(" ").replace(/^\[ \] /, "☐ ").replace(/^\[x\] /i, "☑ ")), ...nested);
    };
    return make(number ? "ol" : "ul", {}, ...items.map(item));
  };
  const block = (text) => {
    const lines = text.split("\n");
    const from = lines.findIndex((line) => ITEM.test(line));
    if (from > 0) return [lines.slice(0, from), lines.slice(from)].flatMap((part) => block(part.join("\n")));
    if (!from) return list(lines);
    if (lines.every((line) => line.startsWith(">"))) return make("blockquote", {}, ...render(text.replace(/^> ?/gm, "")));
    const heading = /^###+\s+(.*)$/.exec(text);
    return heading ? make("h4", {}, ...inline(heading[1])) : make("p", {}, ...inline(lines.join(" ")));
  };
  const render = (text) =>
    text.split(/^(```|~~~)[^\n]*\n([^]*?)\n\1 *$/m).flatMap((part, index) => {
      if (index % 3 === 1) return [];
      if (index % 3 === 2) return [make("pre", {}, part)];
      return part.split(/\n\s*\n/).map((one) => one.trim()).filter(Boolean).flatMap(block);
    });

  const describeTimes = ({ times: words, zone }, draft) => {
    const isPlanned = about.kind === "maintenance";
    if (about.notice) return times.when(words, "moment", draft.at, at);
    const [from, to] = isPlanned ? [draft.starts, draft.ends] : [draft.starts ?? at, rules.closing.includes(draft.state) ? at : null];
    if (!Number.isFinite(from) || Number.isNaN(to)) return "";
    if (!isPlanned && to === null) return times.beside(words, times.when(words, "since", from, at), zone);
    if (to === null || to < from) return times.whole(words, from);
    return times.beside(words, times.span(words, from, to, at, isPlanned), times.duration(words, to - from), zone);
  };
  const describeNext = ({ times: words }, draft) =>
    draft.next && !rules.closing.includes(draft.state) ? [make("p", { class: "late" }, times.fill(words.next, { at: times.when(words, "at", draft.next, at, true) }))] : [];
  const headline = (language, draft, title) => {
    const label = language.subjects[draft.state || "scheduled"];
    const services = language.counted[draft.services.length] ?? nameServices(language, draft.services);
    const values = { state: label, title, services };
    return (draft.services.length ? language.headline : language.bare).replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
  };
  const preview = (language, draft, { title, text }) => {
    const box = form.querySelector(`[data-language="${CSS.escape(language.code)}"]`);
    const shown = about.notice?.titles[language.code] ?? about.notice?.titles[first.code] ?? title;
    const state = { maintenance: "maint", none: "nodata", minor: "degraded" }[about.kind === "maintenance" ? about.kind : draft.impact] ?? "outage";
    const css = rules.closing.includes(draft.state) ? "up" : state;
    const facts = [describeTimes(language, draft), nameServices(language, draft.services) || language.everything].filter(Boolean).join(" · ");
    box.querySelector("article").replaceChildren(
      ...(shown.trim() ? [make("h3", {}, shown)] : []),
      make("p", { class: `state state--${css}` }, language.labels[draft.state || "scheduled"]),
      make("p", { class: "facts" }, facts),
      ...describeNext(language, draft),
      ...render(text),
    );
    box.querySelector(".subject").textContent = headline(language, draft, shown);
  };

  /* What is wrong. */
  const nameLanguage = (code) => form.querySelector(`[data-language="${CSS.escape(code)}"] legend`).textContent;
  const tell = ({ rule, detail, language }) => {
    const words = say(rule, { detail: String(detail ?? "").slice(0, 80) });
    return language ? say("of", { subject: nameLanguage(language), words }) : words;
  };
  const mark = (field, isWrong) => (isWrong ? field.setAttribute("aria-invalid", "true") : field.removeAttribute("aria-invalid"));
  const showProblems = (problems, draft) => {
    const said = problems.map((problem) => [problem.level, tell(problem)]);
    if (!about.notice && !draft.services.length) said.push(["warning", say("service")]);
    const key = JSON.stringify(said);
    const box = get("problems");
    if (box.dataset.said !== key) {
      const items = said.map(([level, text]) => make("li", { class: level }, text));
      box.replaceChildren(items.length ? make("ul", {}, ...items) : make("p", { class: "muted" }, say("sound")));
      box.dataset.said = key;
    }
    for (const language of languages) {
      const isAbout = (part) => problems.some((one) => one.level === "error" && one.language === language.code && one.rule.startsWith(part));
      mark(titleOf(language), isAbout("title"));
      mark(textOf(language), isAbout("text"));
    }
    for (const key of ["starts", "ends"]) mark(get(key), problems.some(({ rule }) => rule.startsWith(key) || (rule === "time" && Number.isNaN(draft[key]))));
  };

  /* The way to the repository. */
  const addressOf = (file, text) => notices.address(repository, about, file.path, get("branch").value.trim(), text);
  const isTooLong = (file) => !about.notice && addressOf(file, file.text).length > repository.longest;
  const mustPaste = (file) => about.notice !== null || isTooLong(file);

  /* A page that is not served over HTTPS has no clipboard: there is the download. */
  let canCopy = Boolean(navigator.clipboard);
  const copy = async (file) => {
    try {
      await navigator.clipboard.writeText(file.text);
    } catch {
      canCopy = false;
      refresh();
    }
    return canCopy;
  };
  const download = (file) => {
    const href = URL.createObjectURL(new Blob([file.text], { type: "text/markdown" }));
    make("a", { href, download: file.path.split("/").pop() }).click();
    setTimeout(() => URL.revokeObjectURL(href), 1000);
  };
  const handOver = (file) => {
    isFixed = true;
    handedOver.add(file.language);
    remember();
    setTimeout(refresh);
  };

  /* Each row has the same controls: what they are called tells of which language. */
  const name = (control, code, key) => {
    control.textContent = say(key);
    control.setAttribute("aria-label", say("of", { subject: say(key), words: nameLanguage(code) }));
  };
  const rows = languages.map(({ code }) => {
    const [open, copied, saved] = [make("a", { class: "button", target: "_blank", rel: "noopener" }), make("button", { type: "button" }), make("button", { type: "button" })];
    const row = { code, file: null, open, copied, note: make("p", { class: "muted" }), path: make("code"), done: make("span", { "aria-hidden": "true" }) };
    row.item = make("li", {}, make("b", {}, nameLanguage(code)), row.done, open, copied, saved, row.path, row.note);
    name(copied, code, "copy");
    name(saved, code, "download");
    open.onclick = () => openFile(row.file);
    copied.onclick = async () => {
      if (!(await copy(row.file))) return;
      handOver(row.file);
      name(copied, code, "copied");
    };
    saved.onclick = () => {
      handOver(row.file);
      download(row.file);
    };
    return row;
  });
  const adviseOn = (file) => (about.notice ? say(get("state").value === "rescheduled" ? "moved" : "append") : isTooLong(file) ? say("long") : "");
  const openFile = (file) => {
    if (!file) return;
    if (mustPaste(file) && canCopy) copy(file);
    handOver(file);
  };
  const direct = (link, file) => {
    if (file) link.href = addressOf(file, mustPaste(file) ? "" : file.text);
    else link.removeAttribute("href");
  };
  const showFile = (row, file) => {
    row.file = file ?? null;
    row.item.hidden = !file;
    if (!file) return;
    name(row.open, row.code, canCopy && mustPaste(file) ? "paste" : "open");
    direct(row.open, file);
    row.copied.hidden = !canCopy;
    row.path.textContent = file.path;
    row.done.textContent = handedOver.has(row.code) ? "✓" : "";
    row.note.textContent = adviseOn(file);
    row.note.hidden = !row.note.textContent;
  };
  let following = null;
  const showFiles = (files, errors) => {
    for (const row of rows) showFile(row, files.find(({ language }) => language === row.code));
    const left = files.find(({ language }) => !handedOver.has(language));
    following = left ?? files[0] ?? null;
    const label = say(following && !left ? "again" : canCopy && following && mustPaste(following) ? "paste" : "open");
    get("go").textContent = files.length > 1 ? say("of", { subject: label, words: nameLanguage(following.language) }) : label;
    direct(get("go"), following);
    get("advice").textContent = following ? adviseOn(following) : "";
    get("wrong").hidden = !errors.length;
    get("wrong").textContent = say("errors", { number: errors.length });
  };

  const refresh = () => {
    if (form.hidden) return;
    if (!isFixed) at = chooseTime();
    const draft = readDraft();
    const problems = notices.check(draft, content);
    const errors = problems.filter(({ level }) => level === "error");
    languages.forEach((language, index) => preview(language, draft, draft.texts[index]));
    for (const key of ["starts", "ends"]) {
      const instant = readTime(key);
      get(`${key}-words`).textContent = Number.isFinite(instant) ? say("zoned", { time: times.whole(own.times, instant), zone: own.zone }) : "";
    }
    showProblems(problems, draft);
    showFiles(errors.length ? [] : notices.compose(draft, content.stems), errors);
  };

  const changed = ({ target }) => {
    if (target.id === "starts" || target.id === "ends") offerOffsets(target.id);
    if (target.id === "state") offerWordings(get("wording").value || (about.notice && isClosing() ? wordingsFor()[0]?.name : ""));
    if (target.id === "wording" && !about.notice && target.value) get("impact").value = content.wordings.find(({ name }) => name === target.value).impact || get("impact").value;
    if (["state", "wording"].includes(target.id) || target.name === "service") fillFields();
    if (target.id === "state") arrange();
    refresh();
    rememberSoon();
  };

  /* How old the offers are, where that is too old to rely on. */
  const tellAge = () => {
    const { end, built, limit } = page.dataset;
    const minutes = Math.floor((now() - (end || built)) / 60);
    const { short, long } = get("stale").dataset;
    show(get("stale"), minutes * 60 > limit);
    get("stale").firstElementChild.textContent = minutes < 120 ? short.replace("{n}", minutes) : long.replace("{n}", Math.floor(minutes / 60));
  };

  get("scriptless").remove();
  get("files").append(...rows.map(({ item }) => item));
  get("branch").placeholder = repository.branch;
  get("go").onclick = () => openFile(following);
  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("keydown", ({ key, ctrlKey, metaKey }) => {
    if (key === "Enter" && (ctrlKey || metaKey)) (get("wrong").hidden ? get("go") : get("wrong")).click();
  });
  addEventListener("hashchange", apply);
  setInterval(() => {
    tellAge();
    refresh();
  }, 30000);
  tellAge();
  apply();
})();
