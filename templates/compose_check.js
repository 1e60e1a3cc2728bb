/* A notice as its author fills it in: the text of its files, and what `validate` would say about them.
   Pure: no page, no clock. `rules` comes from constat/notices/browser_rules.py; times are seconds since 1970. */
const Notices = (rules, zone) => {
  const CLOCK = new Intl.DateTimeFormat("en-u-nu-latn-ca-iso8601", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
  });
  const whole = (pattern) => new RegExp(`^(?:${pattern})$`, "u");
  const find = (name) => new RegExp(rules[name], "u");
  const [CONTROL, BIDI, INVISIBLE, BREAK, MARKUP] = ["control", "bidi", "invisible", "break", "markup"].map(find);
  const [FENCE, HEADING, NOTICE] = ["fence", "heading", "notice"].map((name) => whole(rules[name]));
  const MARKERS = new RegExp(`^(?:${rules.markers})`, "u");
  const PLAIN = /^\p{L}[\p{L}\p{N} .,'’()–-]*$/u;
  const KNOWN_TAG = /^<\/?[a-z][a-z0-9]*\s*\/?>$/;

  /* Times: a clock of the page's zone is read back into every instant at which it shows that time. */
  const two = (number) => String(number).padStart(2, "0");
  const clockAt = (at) => {
    const parts = Object.fromEntries(CLOCK.formatToParts(at * 1000).map(({ type, value }) => [type, +value]));
    return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second) / 1000;
  };
  const offsetAt = (at) => clockAt(at) - at;
  const writeOffset = (seconds) => {
    const minutes = Math.abs(Math.round(seconds / 60));
    return `${seconds < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  };
  const writeClock = (at) => new Date(clockAt(at) * 1000).toISOString().slice(0, at % 60 ? 19 : 16);
  const writeTime = (at) => writeClock(at) + writeOffset(offsetAt(at));
  const readClock = (text) => {
    const clock = Date.parse(`${text}Z`) / 1000;
    const offsets = [clock - 86400, clock + 86400].filter(Number.isFinite).map(offsetAt);
    return [...new Set(offsets)].map((offset) => clock - offset).filter((at) => clockAt(at) === clock).sort((a, b) => a - b);
  };
  const isTime = (at) => Number.isFinite(at) && rules.years[0] <= new Date(at * 1000).getUTCFullYear() && new Date(at * 1000).getUTCFullYear() <= rules.years[1];

  /* The files. */
  const quote = (text) => (PLAIN.test(text) ? text : JSON.stringify(text));
  const makeSlug = (title) => {
    const words = title.toLowerCase().replace(/./gu, (letter) => rules.spelt[letter] ?? letter).normalize("NFKD").replace(/[^\0-\x7f]/g, "").toLowerCase().match(/[a-z0-9]+/g) || [];
    let slug = "";
    for (const word of words) {
      if (slug.length + word.length > rules.longestSlug) break;
      slug = slug ? `${slug}-${word}` : word;
    }
    return slug || "notice";
  };
  const startOf = (draft) => draft.starts ?? draft.at;
  const nameOf = (draft, taken) => {
    if (draft.notice) return draft.notice.stem;
    const first = `${writeClock(startOf(draft)).slice(0, 10)}-${makeSlug(draft.texts[0].title)}`.slice(0, rules.longestStem).replace(/-+$/, "");
    let name = first;
    for (let number = 2; taken.includes(name); number++) name = `${first}-${number}`;
    return name;
  };
  const writeUpdate = (draft, text, isFirstLanguage) => {
    const changes = [];
    if (isFirstLanguage && draft.notice && draft.impact && draft.impact !== draft.notice.impact) changes.push(`impact: ${draft.impact}`);
    if (isFirstLanguage && draft.next) changes.push(`next: ${writeTime(draft.next)}`);
    return [`## ${writeTime(draft.at)} ${draft.state}`, ...changes, ...(text.trim() ? ["", text.trim()] : [])].join("\n") + "\n";
  };
  const writeFront = (draft, title) => {
    const lines = [`title: ${quote(title.trim())}`, `kind: ${draft.kind}`, `services: [${draft.services.join(", ")}]`];
    if (draft.kind === "incident") lines.push(`impact: ${draft.impact}`);
    if (draft.starts != null && !(draft.kind === "incident" && draft.starts === draft.at)) lines.push(`starts: ${writeTime(draft.starts)}`);
    if (draft.ends != null) lines.push(`ends: ${writeTime(draft.ends)}`);
    return lines;
  };
  const writeFile = (draft, { title, text }, isFirstLanguage) => {
    if (draft.notice) return writeUpdate(draft, text, isFirstLanguage);
    const front = isFirstLanguage ? writeFront(draft, title) : [`title: ${quote(title.trim())}`];
    const body = draft.kind === "maintenance" ? `${text.trim()}\n` : `\n${writeUpdate(draft, text, isFirstLanguage)}`;
    return ["---", ...front, "---", body].join("\n");
  };
  const isWritten = ({ title, text }) => Boolean(title.trim() || text.trim());
  const fileLanguages = (draft) =>
    draft.texts.filter((text, index) =>
      index === 0 || (draft.notice ? draft.notice.languages.includes(text.language) && text.text.trim() : isWritten(text)),
    );
  const compose = (draft, taken) => {
    const stem = nameOf(draft, taken);
    return fileLanguages(draft).map((text) => {
      const isFirst = text === draft.texts[0];
      return { language: text.language, path: `incidents/${stem}${isFirst ? "" : `.${text.language}`}.md`, text: writeFile(draft, text, isFirst) };
    });
  };

  /* Where it goes: the page of the host for a new file, or the one that edits a file. */
  const encodePath = (path) => path.split("/").map(encodeURIComponent).join("/");
  const address = (repository, draft, path, branch, text) => {
    const values = { branch: encodePath(branch || repository.branch), path: encodePath(repository.folder + path), text: encodeURIComponent(text) };
    return (draft.notice ? repository.edit : repository.new).replace(/\{(branch|path|text)\}/g, (_, name) => values[name]);
  };

  /* What is wrong with it: {level, rule, language, detail}. */
  const error = (rule, detail = "") => ({ level: "error", rule, detail });
  const warning = (rule, detail = "") => ({ level: "warning", rule, detail });

  const checkTitle = (written) => {
    const title = written.trim();
    if (!title) return [error("title-empty")];
    if (BREAK.test(title)) return [error("title-lines")];
    if ([...title].length > rules.longestTitle) return [error("title-long", [...title].length)];
    if (CONTROL.test(title) || BIDI.test(title) || INVISIBLE.test(title) || title.includes("\t")) return [error("title-characters")];
    return MARKUP.test(title) ? [error("title-markup")] : [];
  };

  const findClosing = (lines, opening, fence) => lines.findIndex((line, number) => number > opening && line.trimEnd() === fence);
  const linesOutsideCode = (text) => {
    const lines = text.split("\n");
    const outside = [];
    for (let number = 0; number < lines.length; number++) {
      const fence = FENCE.exec(lines[number]);
      const closing = fence ? findClosing(lines, number, fence[1]) : -1;
      if (closing < 0) outside.push(lines[number]);
      else number = closing;
    }
    return outside;
  };
  const depthOf = (line) => {
    if (!/^[ \t>\-+*0-9]/.test(line)) return 0;
    const lead = MARKERS.exec(line)[0];
    const spread = lead.replaceAll("\t", "    ");
    return (lead.match(/>|[-+*]|\d+[.)]/g) || []).length + Math.trunc((spread.length - lead.trimStart().length) / 4);
  };
  const checkBounds = (lines) => {
    let [brackets, tags] = [0, 0];
    for (const line of lines) {
      brackets = line.trim() ? brackets + line.split("[").length - 1 : 0;
      tags += line.split("<").length - 1;
      if (depthOf(line) > rules.mostDeep) return [error("text-deep")];
      if (brackets > rules.mostBrackets) return [error("text-brackets")];
      if (tags > rules.mostTags) return [error("text-tags")];
    }
    return [];
  };

  const isSoundUrl = (target) => {
    try {
      const url = new URL(target);
      const isWritten = !/^https?:(?!\/\/)/i.test(target);
      return isWritten && rules.schemes.includes(url.protocol.slice(0, -1)) && !url.username && !url.password;
    } catch {
      return false;
    }
  };
  const isFile = (target) => {
    const path = target.replace(/^\.\//, "");
    return path.startsWith(rules.files) && !path.split("/").includes("..");
  };
  const leadsSomewhere = (target, stems) => {
    if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(target)) return isSoundUrl(target);
    const notice = NOTICE.exec(target);
    return notice ? stems.includes(notice[1]) : isFile(target);
  };
  /* Where a text leads, as [whether it is a picture, the target]: links, references, tags, and bare addresses. */
  const findTargets = (text) => [
    ...[...text.matchAll(/(?:(!)\[[^[\]]*)?\]\(\s*(?:<([^>\n]*)>|([^)\s]*))\s*([^)]*)\)/g)].map(([, picture, quoted, target, title]) => [picture, quoted ?? (/^["'(]|^$/.test(title) ? target : `${target} ${title}`)]),
    ...[...text.matchAll(/^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)>?[ \t]*(?:["'(].*)?$/gm)].map(([, target]) => [text.includes("!["), target]),
    ...[...text.matchAll(/<(img|a)\b[^>]*?\s(?:src|href)\s*=\s*["']?([^"'\s>]*)/gi)].map(([, tag, target]) => [tag.length > 1, target]),
    ...[...text.matchAll(/(?:^|[\s(])(https?:\/\/[^\s<>)"']+)/gi)].map(([, target]) => [false, target]),
  ];
  const checkLinks = (text, stems) =>
    findTargets(text)
      .filter(([isPicture, target]) => !(isPicture ? isFile(target) : leadsSomewhere(target, stems)))
      .map(([isPicture, target]) => error(isPicture ? "text-picture" : "text-link", target));
  const checkTags = (text) => {
    const found = [];
    for (const [, comment] of text.matchAll(/<!--\s*(\S* ?\S*)/g)) {
      const isMark = (mark) => comment.toLowerCase().startsWith(mark);
      const unwritten = isMark(rules.translate) ? "text-untranslated" : isMark(rules.unfilled) && "text-unfilled";
      found.push(unwritten ? error(unwritten) : warning("text-removed", "<!--"));
    }
    for (const [tag, name] of text.matchAll(/<\/?([a-zA-Z][a-zA-Z0-9-]*)(?=[\s/>])[^>]*>?/g)) {
      const isKept = rules.tags.includes(name) && (KNOWN_TAG.test(tag) || ["a", "img"].includes(name));
      if (!isKept) found.push(warning("text-removed", `<${name}>`));
    }
    for (const [, target] of text.matchAll(/<([a-z][a-z0-9+.-]+:[^\s<>]*)>/gi)) if (!isSoundUrl(target)) found.push(warning("text-removed", target));
    for (const [opening] of text.matchAll(/<(?:\?|!(?!--))[a-zA-Z[]*/g)) found.push(warning("text-removed", opening));
    return found;
  };
  const checkHeadings = (lines) => {
    if (lines.some((line) => HEADING.test(line))) return [error("text-heading")];
    const top = lines.some((line, number) => /^ {0,3}(?:[>*+-] {0,3})*##?[ \t]+\S/.test(line) || (/^ {0,3}(?:=+|-+) *$/.test(line) && (lines[number - 1] || "").trim()));
    return top ? [warning("text-top-heading")] : [];
  };
  const likeness = (one, other) => {
    const row = Array(other.length + 1).fill(0);
    for (const letter of one) {
      for (let last = 0, n = 1; n <= other.length; n++) {
        const above = row[n];
        row[n] = letter === other[n - 1] ? last + 1 : Math.max(above, row[n - 1]);
        last = above;
      }
    }
    return (2 * row[other.length]) / (one.length + other.length);
  };
  const checkLikeChange = (text) => {
    const word = /^([A-Za-z]{3,10}):[ \t]/.exec(text)?.[1].toLowerCase();
    return word && rules.changes.some((key) => likeness(word, key) >= 0.7) ? [warning("text-like-change", word)] : [];
  };
  const ENTITY = /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(lrm|rlm));/gi;
  const decode = (text) =>
    text.replace(ENTITY, (_, hex, decimal, name) => (name ? "\u200e" : String.fromCodePoint(Math.min(hex ? parseInt(hex, 16) : +decimal, 0x10ffff))));
  const checkText = (written, stems, isUpdate) => {
    const text = written.trim();
    if (new TextEncoder().encode(text).length > rules.mostBytes - 2048 || text.split("\n").length > rules.mostLines - 20) return [error("text-long")];
    if (CONTROL.test(text)) return [error("text-control")];
    const lines = linesOutsideCode(text);
    const excess = checkBounds(lines);
    if (excess.length) return excess;
    const plain = lines.join("\n").replace(/\\[!-;=-@[-`{-~]|(`+)(?!`)[^]*?[^`]\1(?!`)/g, "");
    const direction = BIDI.test(decode(text)) ? [warning("text-direction")] : [];
    return [...checkHeadings(lines), ...checkTags(plain), ...checkLinks(plain, stems), ...direction, ...(isUpdate ? checkLikeChange(text) : [])];
  };

  const checkServices = ({ services }, known) => [
    ...services.filter((name) => !known.includes(name)).map((name) => error("service-unknown", name)),
    ...(new Set(services).size < services.length ? [error("service-twice")] : []),
  ];
  const checkIncidentTimes = ({ starts, at }) => {
    if (starts == null || starts <= at) return [];
    return [error("starts-after-update")];
  };
  const checkWindow = ({ starts, ends }) => {
    const missing = [["starts", starts], ["ends", ends]].filter(([, at]) => at == null).map(([key]) => error(`${key}-missing`));
    return missing.length || ends > starts ? missing : [error("ends-before-starts")];
  };
  const checkTimes = (draft) => {
    const unreadable = ["starts", "ends", "next", "at"].filter((key) => draft[key] != null && !isTime(draft[key])).map(() => error("time"));
    if (unreadable.length) return unreadable;
    const order = draft.notice ? [] : draft.kind === "maintenance" ? checkWindow(draft) : checkIncidentTimes(draft);
    const told = draft.notice || draft.kind === "incident" ? draft.at : startOf(draft);
    return draft.next != null && draft.next <= told ? [...order, error("next-before")] : order;
  };
  const isBackwards = (before, after, kind) => {
    const order = rules.states[kind];
    const isReturn = rules.returns.some(([from, to]) => from === before && to === after);
    return after !== "rescheduled" && !isReturn && order.indexOf(after) < order.indexOf(before);
  };
  const checkState = ({ kind, state, at, notice }) => {
    if (kind === "maintenance" && !notice) return [];
    if (!rules.states[kind].includes(state)) return [error("state-unknown", state)];
    const before = notice?.updates.at(-1);
    if (!before) return [];
    if (notice.updates.some((update) => update.at === at)) return [error("update-at-same-time")];
    if (rules.closing.includes(before.state)) return state === "postmortem" ? [] : [error("update-after-end")];
    if (before.at > at) return [error("update-before-another")];
    return isBackwards(before.state, state, kind) ? [error("state-backwards", before.state)] : [];
  };
  const checkSilence = ({ notice, state, texts }) =>
    notice && notice.updates.length && !texts[0].text.trim() && !rules.over.includes(state) ? [error("update-empty")] : [];
  const checkImpact = ({ kind, impact, notice }) =>
    kind === "incident" && !(notice && !impact) && !rules.impacts.includes(impact) ? [error("impact-unknown", impact)] : [];
  const checkLanguages = (draft) => {
    const [, ...others] = draft.texts;
    if (draft.notice) {
      return others.filter((one) => draft.notice.languages.includes(one.language) && !one.text.trim()).map((one) => ({ ...warning("language-missing"), language: one.language }));
    }
    const written = others.filter(isWritten);
    const half = draft.kind === "incident" && draft.texts[0].text.trim() ? written.filter((one) => !one.text.trim()) : [];
    const isOver = rules.closing.includes(draft.state);
    const missing = isOver ? [] : others.filter((one) => !isWritten(one));
    return [...half, ...missing].map((one) => ({ ...warning("language-missing"), language: one.language }));
  };
  const checkTexts = (draft, stems) =>
    fileLanguages(draft).flatMap((one) =>
      [...(draft.notice ? [] : checkTitle(one.title)), ...checkText(one.text, stems, draft.kind === "incident" || draft.notice)].map((problem) => ({ ...problem, language: one.language })),
    );
  const check = (draft, known) => [
    ...(draft.notice ? [] : checkServices(draft, known.services)),
    ...checkImpact(draft),
    ...checkTimes(draft),
    ...checkState(draft),
    ...checkSilence(draft),
    ...checkTexts(draft, known.stems),
    ...checkLanguages(draft),
  ];

  return { check, compose, address, readClock, writeClock, writeTime, writeOffset, offsetAt, isWritten };
};
